// Windows of batch means: their number has bounds on both sides, whatever the arrivals.
import { expect, test } from 'vitest';
import { CallTable } from '../../src/dispatch/calls.ts';
import { CallLog } from '../../sim/measure/call-log.ts';

function windowsOf(...arrivalsUs: number[]): { counts: readonly number[]; means: readonly (number | null)[] } {
  const calls = new CallTable(), log = new CallLog({ calls, replication: 0, agents: [], classes: [], keepWindows: true });
  for (const [i, arrivedUs] of arrivalsUs.entries()) {
    const call = calls.allocate(i, 0, 0);
    calls.arrivedUs[call] = arrivedUs;
    calls.grantedUs[call] = calls.scheduledUs[call] = arrivedUs + 2e6;
    log.ended(call, 'completed', arrivedUs + 3e6);
  }
  const last = arrivalsUs[arrivalsUs.length - 1];
  return { counts: log.windowCalls(last)!, means: log.windows(last)!['wait.mean'] };
}

test('an hour has windows of five minutes', () => {
  const { counts, means } = windowsOf(0, 1e6, 299e6, 301e6, 3600e6);
  expect(counts).toHaveLength(13);
  expect([counts[0], counts[1], counts[12]]).toEqual([3, 1, 1]);
  expect([means[0], means[2]]).toEqual([2, null]);
});

test('a minute has ten windows and the last instant', () => { expect(windowsOf(0, 30e6, 60e6).counts).toHaveLength(11); });

test('a single row years after the others does not fill the memory with empty windows', () => {
  const { counts } = windowsOf(0, 1e6, 2_147_483_648e6);
  expect(counts.length).toBeLessThanOrEqual(10_001);
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(3);
});
