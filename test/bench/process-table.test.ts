// The benchmark of the process table checks what it times: small, with a clock of its own.
import { expect, test } from 'vitest';
import { processTable } from '../../bench/micro/process-table.ts';

test('every row of the process table is checked and has a figure; memory has none where it cannot be weighed', async () => {
  let ms = 0;
  const options = { live: [10, 100], programs: 5000, rowMs: 3, nowMs: () => ms++ };
  const rows = await processTable({ ...options, heap: () => 0 });
  expect(rows.map(({ task, unit }) => `${task}: ${unit}`)).toEqual([
    ...[10, 10, 100, 100].map((n) => `process table, ${n} live programs: updates/s`), 'process table, 5000 programs come and go: bytes/program',
  ]);
  expect(rows.slice(0, 4).every(({ perSecond }) => perSecond! > 0)).toBe(true);
  expect(rows[4]!.perSecond).toBe(0);
  expect((await processTable({ ...options, live: [], heap: undefined })).map(({ perSecond }) => perSecond)).toEqual([null]);
});
