// Agents that give up, time-outs, refusals and full memory in whole runs on batch engines: afterwards each engine is as new, and each call has ended once.
import { describe, expect, it } from 'vitest';
import { BatchEngine } from '../../sim/engine/batch/batch-engine.ts';
import type { Model } from '../../sim/scenario.ts';
import { EventShell } from '../../sim/worlds/event-shell.ts';
import { PromiseShell } from '../../sim/worlds/promise-shell.ts';
import { Stage } from '../../sim/worlds/stage.ts';
import { randomBatchModel } from './random-batch-model.ts';

/** Ends by outcome; what is left in engines is an error. */
async function playAndCount(model: Model, seed: string, shell: 'event' | 'promise', outcomes: Map<string, number>): Promise<void> {
  const present = new Map<number, number>();
  let ended = 0;
  const stage = new Stage(model, {
    seed, listener: { ended: (call, outcome) => {
      // A slot is given on, its generation with it: no call may end twice.
      const key = stage.calls.key[call], { splits } = stage;
      if (outcome === 'completed') {
        const parts = Object.values(splits!.of(call));
        if (parts.some((us) => !(us >= 0))) throw new Error(`parts of call ${call}: ${parts.join(' ')}`);
      }
      present.set(key, (present.get(key) ?? 0) + 1);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      ended++;
    } },
  });
  if (shell === 'event') new EventShell(stage).run(); else await new PromiseShell(stage).run();
  expect([...present.values()].every((n) => n === 1)).toBe(true);
  expect(ended).toBe(stage.recorder.classes.reduce((sum, { arrived }) => sum + arrived, 0));
  for (const engine of stage.engines) {
    if (!(engine instanceof BatchEngine)) throw new Error('no batch engine');
    const { freeBlocks, usableBlocks, unfinished } = engine.scheduler;
    expect({ freeBlocks, unfinished, ...engine.signals() }, `${seed} ${shell}`).toMatchObject({ freeBlocks: usableBlocks, unfinished: 0, running: 0, waiting: 0, kvUse: 0 });
  }
}

describe('200 random scenarios', () => {
  it.each(['event', 'promise'] as const)('leave every engine empty and end every call once, through the %s shell', async (shell) => {
    const outcomes = new Map<string, number>();
    for (let n = 0; n < 200; n++) await playAndCount({ ...randomBatchModel(n), endUs: Infinity }, `batch/${n}`, shell, outcomes);
    // All ways to end are there, and often; a time-out is a rejection while the call waits, a failure once it was granted.
    expect([...outcomes.keys()].sort()).toEqual(['cancelled', 'completed', 'failed', 'rejected']);
    expect([...outcomes.values()].every((count) => count >= 40)).toBe(true);
  }, 60_000);
});
