// Add-ons in whole runs: equal through both shells, nothing lost, nothing left behind, nobody held up for ever.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.ts';
import { BatchEngine } from '../../sim/engine/batch/batch-engine.ts';
import { EventShell } from '../../sim/worlds/event-shell.ts';
import { PromiseShell } from '../../sim/worlds/promise-shell.ts';
import { Stage } from '../../sim/worlds/stage.ts';
import { play } from '../worlds/scripted-model.ts';
import { addon, toolModel } from './tool-model.ts';

const MODELS = Number(process.env['SCHEDLAB_PARITY'] ?? 60);

describe('add-ons', () => {
  it(`give equal digests through both shells, turned in every way, in ${MODELS} random models`, async () => {
    const differ: string[] = [];
    for (let n = 0; n < MODELS; n++) {
      const model = toolModel(n), seed = `addons/${n}`, wanted = await play(model, { seed }), draw = seededRandom(seed);
      const ways = [
        { shell: 'promise', perturb: {} }, { shell: 'event', perturb: { ties: 'shuffle' } },
        { shell: 'promise', perturb: { extraMicrotasks: () => Math.floor(draw() * 6), reversed: true, ties: 'shuffle' } },
      ] as const;
      for (const { shell, perturb } of ways) {
        const got = await play(model, { seed, shell, perturb }).catch((error: unknown) => ({ orderDigest: String(error), resultDigest: '' }));
        if (got.orderDigest !== wanted.orderDigest || got.resultDigest !== wanted.resultDigest) differ.push(`model ${n} through the ${shell} shell: ${got.orderDigest}`);
      }
    }
    expect(differ).toEqual([]);
  }, 60_000);

  it('change what happens, and without them nothing is different', async () => {
    let changed = 0;
    for (let n = 0; n < 20; n++) {
      const bare = await play(toolModel(n, []), { seed: 'x' }), kept = await play(toolModel(n, [addon('kv-ttl', { ttl: 0 })]), { seed: 'x' }), own = await play(toolModel(n), { seed: 'x' });
      // Nothing is ever pinned: the engine decides as without.
      expect(kept.orderDigest).toBe(bare.orderDigest);
      if (own.orderDigest !== bare.orderDigest) changed++;
    }
    expect(changed).toBeGreaterThan(5);
  });

  it('tell what they did: pins that were kept, expired or gave way are never more than pins', async () => {
    let pins = 0, pauses = 0;
    for (let n = 0; n < 20; n++) {
      const { metrics } = await play({ ...toolModel(n), endUs: Infinity }, { seed: `addons/${n}` }), of = (name: string): number => metrics[name] ?? 0;
      expect(of('ttl.kept') + of('ttl.expired') + of('ttl.gave_way')).toBeLessThanOrEqual(of('ttl.pins'));
      expect(of('pause.resumed')).toBeGreaterThanOrEqual(of('pause.paused'));
      pins += of('ttl.pins');
      pauses += of('pause.resumed');
    }
    expect([pins > 0, pauses > 0]).toEqual([true, true]);
    expect((await play(toolModel(0, []), { seed: 'x' })).metrics).not.toHaveProperty('ttl.pins');
  });

  it.each(['event', 'promise'] as const)('end every call once and leave engines empty, through the %s shell', async (shell) => {
    for (let n = 0; n < 40; n++) {
      const present = new Map<number, number>(), stage: Stage = new Stage({ ...toolModel(n), endUs: Infinity }, { seed: `addons/${n}`, listener: { ended: (call) => { const key = stage.calls.key[call]!; present.set(key, (present.get(key) ?? 0) + 1); } } });
      if (shell === 'event') new EventShell(stage).run(); else await new PromiseShell(stage).run();
      expect([...present.values()].every((times) => times === 1)).toBe(true);
      expect(present.size).toBe(stage.recorder.classes.reduce((sum, { arrived }) => sum + arrived, 0));
      for (const engine of stage.engines) {
        const { scheduler, retainer } = engine as BatchEngine;
        expect({ free: scheduler.freeBlocks, unfinished: scheduler.unfinished, pinned: retainer?.blocks ?? 0 }).toEqual({ free: scheduler.usableBlocks, unfinished: 0, pinned: 0 });
      }
      expect(stage.wasIdle).toBe(false);
    }
  }, 60_000);
});
