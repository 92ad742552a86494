// Words of the command line about add-ons, narrow comparisons and questions.
import { expect, it } from 'vitest';
import { SCENARIOS } from '../../scenarios/index.ts';
import { addonsNamed } from '../../sim/experiment/addons.ts';
import type { CompareRow } from '../../sim/experiment/compare.ts';
import { compareTable } from '../../src/cli/compare-table.ts';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';

it('says that none stands alone, and suggests no name that was given', () => {
  expect(() => addonsNamed('none+kv-ttl', 'run')).toThrow(/names none beside others\. Leave none out/);
});

it('offers both meanings of a list of add-ons in a run: together, or one after the other', async () => {
  const io = fakeIo({});
  expect(await main(['run', 'policy-zoo', 'addons=kv-ttl,program-pause'], io)).toBe(2);
  expect(io.err()).toMatch(/addons=kv-ttl\+program-pause/);
  expect(io.err()).toMatch(/sweep policy-zoo addons=kv-ttl,program-pause/);
});

it('keeps the difference on 80 columns, however long the names of cells are', () => {
  const row = (cell: string): CompareRow => ({ metric: 'program_time.mean', unit: 's', cell, a: 118, b: 120, mean: 2, low: 1, high: 3, familyLow: 1, familyHigh: 3, relative: 0.017, n: 3, method: 'paired-t', verdict: 'worse', broken: [] });
  const cells = ['programs=chat policy=fcfs engine=slots:32', 'programs=chat policy=vtc engine=slots:32'];
  const { lines } = compareTable({ rows: cells.map(row) }, fakeIo({ columns: 80 }), ['A', 'B', 'B − A']);
  expect(lines[0]).toMatch(/^cell +metric +B − A/);
  expect(lines[1]).toMatch(/^#1 .*worse/);
  expect(lines.slice(-2)).toEqual(cells.map((cell, i) => `#${i + 1}  ${cell}`));
});

it('asks of a fleet without the policy that a sweep compares', () => {
  const { question, params } = SCENARIOS['agent-fleet']!;
  const values = Object.fromEntries(Object.entries(params).map(([name, spec]) => [name, spec.default]));
  expect(typeof question === 'function' ? question(values) : question).not.toContain('under');
});

it('judges the returning client by the distance from its due, before any wait that it enjoys', () => {
  const { headline, metrics } = SCENARIOS['vtc-idle-return']!;
  expect(metrics?.find(({ name }) => name === 'share_off_half')?.better).toBe('lower');
  expect(headline.indexOf('share_off_half')).toBeLessThan(headline.findIndex((name) => name.startsWith('wait')));
});
