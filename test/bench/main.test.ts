// The runner of the benchmarks: names, figures and the table. Timings are no matter of tests.
import { expect, test } from 'vitest';
import { chosen } from '../../bench/main.ts';
import { BENCHES } from '../../bench/registry.ts';
import { figure, table } from '../../bench/table.ts';

test('a word chooses the benchmarks that contain it, no word all of them', () => {
  expect(chosen(['queue'])).toEqual(['event-queue']);
  expect(chosen([])).toEqual(Object.keys(BENCHES));
  expect(chosen(['nothing like it'])).toEqual([]);
});

test('figures have three digits and are grouped by thousands; what was not timed has none', () => {
  expect([0.73216, 12.34, 999, 12_345_678, null].map(figure)).toEqual(['0.732', '12.3', '999', '12\u202f300\u202f000', '–']);
});

test('the table aligns its figures', () => {
  const rows = [{ task: 'one', perSecond: 1.5, unit: 's', note: 'slow' }, { task: 'another', perSecond: 1500, unit: 'grants/s', note: '' }];
  expect(table(rows).split('\n')).toEqual(['task     figure   unit      note', 'one          1.5  s         slow', 'another  1\u202f500    grants/s']);
});
