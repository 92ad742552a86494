// The whole-model benchmark compares like with like: all three runs have the same mean wait.
import { expect, test } from 'vitest';
import { mm8 } from '../../bench/model/mm8.ts';

test('both shells and the bare loop agree before they are timed', async () => {
  const rows = await mm8({ calls: 2000, promiseCalls: 1000, rounds: 1 });
  expect(rows.map(({ unit }) => unit)).toEqual(['events/CPU s', 'events/CPU s', 'events/CPU s']);
  for (const { perSecond } of rows) expect(perSecond).toBeGreaterThan(0);
});
