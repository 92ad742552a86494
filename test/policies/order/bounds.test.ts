// Laws of one server, path by path: work that is left does not depend on the order, and least remaining first leaves the fewest calls.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../../src/policies/registry.ts';
import { RUNS } from './rig.ts';
import { jobs, MS, programsOf, serve } from './server.ts';

const runs = { numRuns: Math.ceil(RUNS / 20) };
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { atlas: { base: 2 }, mlfq: { base: 1, starvation: 0.01 }, gittins: { sizes: 'empirical:1/2/9', mean: 4 }, priority: { ageing: 0 } };
const others = Object.keys(POLICIES).filter((name) => name !== 'srpt');

/** Calls in the system just after an instant. */
const present = (arrivals: readonly number[], ends: ReadonlyMap<number, number>, atUs: number): number => arrivals.filter((cameUs, p) => cameUs <= atUs && ends.get(p)! > atUs).length;

describe('on one server that may stop its calls', () => {
  it('work that is left is the same under every policy, at every event', async () => {
    await fc.assert(fc.asyncProperty(jobs, async (list) => {
      const programs = programsOf(list), reference = await serve(programs, 'fcfs');
      for (const name of Object.keys(POLICIES)) {
        const served = await serve(programs, name, OPTIONS[name] ?? {});
        expect(served.ends.size).toBe(list.length);
        for (const atUs of [...programs.map(({ arrivalUs }) => arrivalUs), ...served.ends.values()]) expect([name, served.doneUs(atUs)]).toEqual([name, reference.doneUs(atUs)]);
      }
    }), runs);
  }, 120_000);

  it('srpt leaves no more calls in the system than any other policy, at every event of the same path', async () => {
    await fc.assert(fc.asyncProperty(jobs, async (list) => {
      const programs = programsOf(list), arrivals = programs.map(({ arrivalUs }) => arrivalUs), best = (await serve(programs, 'srpt')).ends;
      for (const name of others) {
        const { ends } = await serve(programs, name, OPTIONS[name] ?? {});
        for (const atUs of [...arrivals, ...best.values(), ...ends.values()]) expect(present(arrivals, best, atUs), `${name} at ${atUs / MS} ms`).toBeLessThanOrEqual(present(arrivals, ends, atUs));
      }
    }), runs);
  }, 120_000);

  it('no swap of two neighbours in the order of sjf or srpt makes the sum of completions less, where all come at once', async () => {
    await fc.assert(fc.asyncProperty(jobs, async (list) => {
      const programs = programsOf(list.map(({ sizeMs }) => ({ gapMs: 0, sizeMs })));
      for (const name of ['sjf', 'srpt']) {
        const { ends } = await serve(programs, name), order = [...ends].sort(([, a], [, b]) => a - b).map(([p]) => list[p]!.sizeMs);
        for (let i = 1; i < order.length; i++) expect(order[i]).toBeGreaterThanOrEqual(order[i - 1]!);
      }
    }), runs);
  });
});
