// The bench of the event queue runs, checks the order first, and gives rows that can be printed.
import { expect, it } from 'vitest';
import { eventQueueTasks } from '../../bench/micro/event-queue.ts';

it('gives a row for every queue and load, with a rate and a unit', async () => {
  const rows = await eventQueueTasks({ pending: [50], roundMs: 1, rounds: 1 });
  expect(rows).toHaveLength(12);
  for (const row of rows) {
    expect(row.perSecond).toBeGreaterThan(0);
    expect(row.unit).toBe('holds/s');
  }
  expect(rows.map((row) => row.note)).toContain('no tie order');
});
