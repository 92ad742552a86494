// Clients that go, at any instant and in any state of their calls: nothing hangs, nothing is left behind, nobody else notices but by what is free.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchConfig, type BatchConfig } from '../../../sim/engine/batch/config.ts';
import { plainOnly } from '../../../sim/engine/batch/plain-only.ts';
import { playCalls, type RigCall, type RigOptions, type Served } from './rig.ts';

const STEP_US = 1000;
/** More steps than any of these cases takes: a run that needs more goes round in circles. */
const STEPS_MOST = 50_000;

interface Case { readonly calls: readonly RigCall[]; readonly options: RigOptions }

/** Instants on a grid of half steps and between, so that aborts fall before, at and after what else happens. */
const instant = (most: number): fc.Arbitrary<number> => fc.oneof(fc.integer({ min: 0, max: 2 * most }).map((n) => (n * STEP_US) / 2), fc.integer({ min: 0, max: most * STEP_US }));
const content = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 14 })), { minLength: 1, maxLength: 3 }).map((pieces) => pieces.map(([segment, n], i) => [10 * i + segment, n] as const));

const someCase: fc.Arbitrary<Case> = fc.record({
  config: fc.record({
    scheduling: fc.constantFrom('fcfs' as const, 'fcfs' as const, 'priority' as const), asynchronous: fc.boolean(), blockSize: fc.constantFrom(1, 2, 4, 4, 8), usable: fc.integer({ min: 1, max: 14 }), maxSeqs: fc.integer({ min: 1, max: 6 }),
    more: fc.integer({ min: 0, max: 24 }), prefixCaching: fc.boolean(), longPrefill: fc.constantFrom(0, 0, 0, 5), watermark: fc.constantFrom(0, 0, 0.2), reserveFull: fc.boolean(),
  }),
  overhead: fc.constantFrom(undefined, { beforeUs: 0, afterUs: 0, perOutputTokenUs: 3000 }, { beforeUs: 1500, afterUs: 700, perOutputTokenUs: 900 }, { beforeUs: 1000, afterUs: 0, perOutputTokenUs: 0 }, { beforeUs: 0, afterUs: 2000, perOutputTokenUs: 0.4 }),
  calls: fc.array(fc.record({ atUs: instant(25), content, out: fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 1, max: 30 })), priority: fc.integer({ min: 0, max: 2 }), after: fc.option(instant(40), { freq: 2 }), gateUs: fc.constantFrom(0, 0, 137) }), { minLength: 1, maxLength: 16, size: 'max' }),
}).map(({ config: { usable, more, ...limits }, overhead, calls }) => {
  // Without reservation, requests of equal rank may preempt each other for ever; that is an error of its own, and is tested elsewhere.
  const config: Partial<BatchConfig> = { ...limits, blocks: usable + 1, maxBatchedTokens: limits.maxSeqs + more, maxModelLen: 200, reserveFull: limits.reserveFull || limits.scheduling === 'priority' };
  return {
    calls: calls.map(({ content: prompt, after, ...one }) => ({ ...one, prompt, ...(after === null ? {} : { abortUs: one.atUs + one.gateUs + after }) })),
    options: { config, cost: () => STEP_US, ...(overhead ? { overhead } : {}) },
  };
});

/** Plays a case and holds it against what must be true at its end. */
function conserved({ calls, options }: Case, form: 'auto' | 'plain'): Served[] {
  let steps = 0;
  const budget = options.config!.maxBatchedTokens!;
  const { served, engine } = playCalls(calls, { ...options, form, onStep: ({ load, running, waiting, freeBlocks, usableBlocks }) => {
    if (++steps > STEPS_MOST) throw new Error('the engine goes round in circles');
    const isSound = running >= 0 && waiting >= 0 && freeBlocks >= 0 && freeBlocks <= usableBlocks && load.tokens > 0 && load.tokens <= budget && load.sequences <= options.config!.maxSeqs!;
    if (!isSound) throw new Error(JSON.stringify({ running, waiting, freeBlocks, usableBlocks, tokens: load.tokens, sequences: load.sequences }));
  } });
  const { scheduler } = engine, { freeBlocks, usableBlocks, unfinished, runningCount, waitingCount } = scheduler;
  expect({ freeBlocks, unfinished, runningCount, waitingCount, ...engine.signals() }).toMatchObject({ freeBlocks: usableBlocks, unfinished: 0, runningCount: 0, waitingCount: 0, running: 0, waiting: 0, kvUse: 0 });
  served.forEach((one, i) => {
    const ends = Number(one.endUs >= 0) + Number(one.failed !== undefined) + Number(one.abortedIn !== undefined), { atUs, gateUs = 0 } = calls[i];
    expect(ends, `call ${i} ended ${ends} times: ${JSON.stringify(one)}`).toBe(1);
    expect(one.events.filter((event) => /^(finished|failed)/.test(event)).length).toBe(one.abortedIn === undefined ? 1 : 0);
    if (one.failed !== undefined) { expect(one.failed).toMatch(/^http-400: /); expect(one.scheduledUs).toBe(-1); }
    if (one.endUs < 0) return;
    const parts = Object.values(one.parts!);
    expect([parts.reduce((sum, us) => sum + us, 0), parts.every((us) => us >= 0)]).toEqual([one.endUs - atUs, true]);
    expect([one.scheduledUs >= atUs + gateUs, one.firstUs > one.scheduledUs, one.endUs >= one.firstUs]).toEqual([true, true, true]);
  });
  return served;
}

const STATES = ['entering', 'engineWait', 'prefill', 'first token on its way', 'decode', 'preempted', 'recomputed', 'end on its way'];

describe('whatever clients do', () => {
  test('every call ends once, every block comes back, no counter is off, in all states of a call, both forms alike', { timeout: 60_000 }, () => {
    const seen = new Map<string, number>(), of = { synchronous: 0, asynchronous: 0, bulk: 0, plain: 0, refused: 0 };
    fc.assert(fc.property(fc.noBias(someCase), (one) => {
      const served = conserved(one, 'auto'), config = batchConfig(one.options.config!), mode = config.asynchronous ? 'asynchronous' : 'synchronous', isBulk = plainOnly(config) === undefined;
      of[mode]++;
      of[isBulk ? 'bulk' : 'plain']++;
      if (isBulk) expect(conserved(one, 'plain')).toEqual(served);
      for (const { abortedIn, failed } of served) {
        if (failed !== undefined) of.refused++;
        if (abortedIn !== undefined) seen.set(`${mode} ${abortedIn}`, (seen.get(`${mode} ${abortedIn}`) ?? 0) + 1);
      }
    }), { numRuns: 1000, seed: 5 });
    const rare = ['synchronous', 'asynchronous'].flatMap((mode) => STATES.map((state) => `${mode} ${state}`)).filter((name) => (seen.get(name) ?? 0) < 5);
    expect(rare).toEqual([]);
    expect(Object.entries(of).filter(([, n]) => n < 60)).toEqual([]);
  });

  test('a crowd that all give up at one instant leaves an engine as new, and whoever comes then is served at once', () => {
    for (const asynchronous of [false, true]) for (const scheduling of ['fcfs', 'priority'] as const) for (const abortUs of [900, 1000, 5500, 12_000]) {
      const calls: RigCall[] = Array.from({ length: 60 }, (_, i) => ({ atUs: (i % 3) * 400, prompt: [[1, 6], [2 + i, 6]], out: 50, priority: i % 3, abortUs }));
      calls.push({ atUs: 20_000, prompt: 6, out: 2 });
      const served = conserved({ calls, options: { config: { blockSize: 4, blocks: 30, maxSeqs: 8, maxBatchedTokens: 30, maxModelLen: 200, asynchronous, scheduling }, cost: () => STEP_US } }, 'auto');
      expect(served.at(-1)).toMatchObject({ scheduledUs: 20_000, endUs: 22_000 });
      expect(served.slice(0, -1).every((one) => one.abortedIn !== undefined)).toBe(true);
    }
  });
});
