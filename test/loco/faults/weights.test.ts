// Fault 13: weights below 1 are refused by the published scheduler. Here every weight from 0 is work.
import { describe, expect, test } from 'vitest';
import { LocoScheduler } from '../../../src/loco/scheduler.ts';
import { ManualClock } from '../../conform/manual-clock.ts';

describe('fault 13: weights below 1', () => {
  test.each([0, 1e-9, 0.5, 0.999])('a task of weight %d is accepted', (weight) => {
    const scheduler = new LocoScheduler({ clock: new ManualClock() });
    expect(scheduler.submit('a', { weight }).weight).toBe(weight);
  });

  test.each([-1, -1e-9, NaN, Infinity, -Infinity])('a task of weight %d is refused and leaves no trace', (weight) => {
    const scheduler = new LocoScheduler({ clock: new ManualClock() });
    expect(() => scheduler.submit('a', { weight })).toThrow(expect.objectContaining({ code: 'ERR_OPTION_RANGE' }));
    expect(scheduler.agents).toEqual([]);
  });

  test('a task that weighs nothing is served all the same', async () => {
    const clock = new ManualClock(), scheduler = new LocoScheduler({ clock });
    scheduler.submit('free', { weight: 0, id: 'gift' });
    const served = scheduler.acquire('free', (lease) => lease.task?.id);
    await clock.settled();
    expect(await served).toBe('gift');
  });
});
