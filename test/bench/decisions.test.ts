// The benchmark of decisions checks what it times, for every policy there is: small, with a clock of its own.
import { expect, test } from 'vitest';
import { decisionCosts } from '../../bench/micro/decisions.ts';
import { POLICIES } from '../../src/policies/registry.ts';

test('every policy is checked and timed at every length, and says what class its decisions are of', async () => {
  let ms = 0;
  const rows = await decisionCosts({ waiting: [3, 60], rowMs: 6, nowMs: () => ms++ });
  expect(rows.map(({ task }) => task)).toEqual(Object.keys(POLICIES).flatMap((name) => [`${name}, 3 waiting`, `${name}, 60 waiting`]));
  expect(rows.filter(({ perSecond, note }) => !(perSecond! > 0) || !note.startsWith('O('))).toEqual([]);
});
