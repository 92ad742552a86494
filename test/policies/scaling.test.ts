// Time has no unit of its own: where all times of the calls are longer by one factor, and parameters in time too, every end is later by that factor.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../src/policies/registry.ts';
import { RUNS } from './order/rig.ts';
import { jobs, MS, serve, type Job } from './order/server.ts';

/** Parameters in time, as they are at factor 1: in seconds, or in tokens, of which this server makes one a millisecond. */
const IN_TIME: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'mlfq': { starvation: 0.01, base: 1 }, 'priority': { ageing: 0.004 }, 'las-decay': { halfLife: 0.02, forget: 0.05 }, 'atlas': { idleLimit: 0.03, base: 2 }, 'gittins': { mean: 4 },
};
const OTHERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { atlas: { beta: 2 }, gittins: { sizes: 'empirical:1/2/9' } };
const FACTOR = 4;

function programs(list: readonly Job[], factor: number) {
  let atMs = 0;
  return list.map(({ gapMs, sizeMs }) => ({ arrivalUs: (atMs += gapMs) * MS * factor, calls: [{ serviceUs: sizeMs * MS * factor, outputTokens: sizeMs, promptTokens: 10 }] }));
}

describe('with all times four times as long', () => {
  it.each(Object.keys(POLICIES))('%s ends every call four times as late', async (name) => {
    await fc.assert(fc.asyncProperty(jobs, async (list) => {
      const given = (factor: number) => ({ ...OTHERS[name], ...Object.fromEntries(Object.entries(IN_TIME[name] ?? {}).map(([key, value]) => [key, value * factor])) });
      const plain = await serve(programs(list, 1), name, given(1)), slow = await serve(programs(list, FACTOR), name, given(FACTOR));
      expect([...slow.ends]).toEqual([...plain.ends].map(([program, end]) => [program, end * FACTOR]));
    }), { numRuns: Math.ceil(RUNS / 50) });
  });
});
