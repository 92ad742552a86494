// The course of the queue: who waits is counted wherever the queue is, at the gate or inside an engine.
import { describe, expect, it } from 'vitest';
import type { QueueSeries } from '../../sim/results.ts';
import { modelOf, play, type ScriptedModel } from '../worlds/scripted-model.ts';

const programs = [0, 0, 1, 2, 2, 6, 9].map((s) => ({ arrivalUs: s * 1e6, calls: [{ serviceUs: 2e6 }] }));
const series = async (model: Partial<ScriptedModel>, shell: 'event' | 'promise' = 'event'): Promise<QueueSeries> => (await play(modelOf({ programs, ...model }), { series: true, shell })).detail.series!;

describe('the course of the queue', () => {
  it('counts who waits at the gate, and the oldest of them', async () => {
    expect(await series({})).toMatchObject({ atS: [0, 0, 1, 2, 2, 6, 9], waiting: [1, 2, 2, 3, 4, 3, 2], oldestWaitS: [0, 0, 1, 2, 2, 4, 3] });
  });
  for (const [where, model] of [['inside engines that queue', { window: Infinity }], ['under a policy inside an engine', { place: 'engine', window: Infinity, engines: { discipline: 'preempt-resume' } }]] as const) {
    it(`is the same ${where}, through both shells`, async () => {
      const wanted = await series({});
      for (const shell of ['event', 'promise'] as const) expect(await series(model, shell)).toEqual(wanted);
    });
  }
  it('is empty where places are shared, because nobody waits', async () => {
    const { waiting } = await series({ window: Infinity, engines: { discipline: 'ps' } });
    expect(Math.max(...waiting)).toBeLessThanOrEqual(2);
  });
});
