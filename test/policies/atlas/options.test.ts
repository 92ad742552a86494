// What ATLAS is made from: lists and doubling, units, the words of before, and what is refused before anything runs.
import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../../src/dispatch/create.ts';
import type { SchedlabError } from '../../../src/errors.ts';
import { resolveOptions } from '../../../src/options.ts';
import { atlasOptions } from '../../../src/policies/atlas-policy.ts';
import { atlas } from '../../../src/policies/atlas.ts';
import { setUp } from '../../../sim/index.ts';
import { queueing } from '../../../scenarios/queueing.ts';

const optionsOf = (given: Readonly<Record<string, unknown>>) => atlasOptions(resolveOptions(atlas.params, given, 'atlas'));
const levelsOf = (given: Readonly<Record<string, unknown>>) => { const { levels: { bounds, quanta } } = optionsOf(given); return [[...bounds], [...quanta]]; };

describe('options of atlas', () => {
  it('double from a base, in the unit of the meter', () => {
    expect(levelsOf({ levels: 4 })).toEqual([[0, 512, 1024, 2048], [512, 1024, 2048, Infinity]]);
    expect(levelsOf({ levels: 3, meter: 'wall' })).toEqual([[0, 1, 2], [1, 2, Infinity]]);
    expect(levelsOf({ levels: 3, meter: 'kv' })).toEqual([[0, 8192, 16384], [512, 1024, Infinity]]);
    expect(levelsOf({ levels: 3, meter: 'weighted', base: 10, quantum: 3 })).toEqual([[0, 10, 20], [3, 6, Infinity]]);
    expect(levelsOf({ levels: 1 })).toEqual([[0], [Infinity]]);
  });

  it('are lists, of bounds, quanta or both; a list says how many levels there are', () => {
    expect(levelsOf({ bounds: '0/2/3', quanta: '2/1/inf' })).toEqual([[0, 2, 3], [2, 1, Infinity]]);
    expect(levelsOf({ bounds: '0/2/3', quanta: '2/1' })).toEqual([[0, 2, 3], [2, 1, Infinity]]);
    expect(levelsOf({ bounds: '0/2/3', base: 4 })).toEqual([[0, 2, 3], [4, 8, Infinity]]);
    expect(levelsOf({ quanta: '7/inf', base: 5 })).toEqual([[0, 5], [7, Infinity]]);
  });

  it('understand the words of before', () => {
    expect(optionsOf({ meter: 'tokens' })).toEqual(optionsOf({ meter: 'decode' }));
    expect(optionsOf({ meter: 'seconds', base: 2 })).toEqual(optionsOf({ meter: 'wall', base: 2 }));
  });

  it.each<readonly [Readonly<Record<string, unknown>>, string, RegExp]>([
    [{ bounds: '2/3' }, 'ERR_OPTION_RANGE', /begins at 2.*Write 0\/2\/3/],
    [{ bounds: '0/3/2' }, 'ERR_OPTION_RANGE', /does not rise: 2 after 3/],
    [{ bounds: '0/2/x' }, 'ERR_OPTION_RANGE', /with slashes between them, as in 0\/2\/3/],
    [{ quanta: '0/inf' }, 'ERR_OPTION_RANGE', /numbers above 0/],
    [{ quanta: 'inf/2' }, 'ERR_OPTION_RANGE', /no call leaves level 0/],
    [{ quanta: '1/2', bounds: '0/1/2/3' }, 'ERR_OPTION_CONFLICT', /2 numbers for 4 levels/],
    [{ levels: 3, bounds: '0/2' }, 'ERR_OPTION_CONFLICT', /Leave levels away/],
    [{ base: 0.25 }, 'ERR_OPTION_RANGE', /quantum of 0\.25 tokens, and engines tell whole ones.*Give 1 or more, by base or quantum/],
    [{ quanta: '0.5/2/inf' }, 'ERR_OPTION_RANGE', /quantum of 0\.5 tokens.*by quanta/],
    [{ meter: 'kv', quantum: 0.5 }, 'ERR_OPTION_RANGE', /quantum of 0\.5 tokens.*by quantum/],
    [{ meter: 'wall', quanta: '1e-7/inf' }, 'ERR_OPTION_RANGE', /quantum of 1e-7 s, and time is counted in microseconds/],
    [{ bounds: Array.from({ length: 65 }, (_, i) => i).join('/') }, 'ERR_OPTION_RANGE', /64 numbers at most/],
  ])('refuse %j in code, in a dispatcher and in a scenario, before anything runs', (given, code, text) => {
    for (const make of [() => optionsOf(given), () => createDispatcher({ policy: atlas, policyOptions: given }), () => setUp(queueing, { policy: 'atlas', ...given as Record<string, string> })]) {
      let error: SchedlabError | undefined;
      try { make(); } catch (thrown) { error = thrown as SchedlabError; }
      expect([error?.code, error?.message]).toEqual([code, expect.stringMatching(text)]);
    }
  });
});

describe('a call of a dispatcher', () => {
  it('names its parents by ordinals below its own', async () => {
    const dispatcher = createDispatcher({ windows: [2], policy: atlas, policyOptions: { mode: 'parents' } });
    await expect(dispatcher.acquire({ program: 1, ordinal: 2, parents: [2] })).rejects.toMatchObject({ code: 'ERR_OPTION_RANGE' });
    await expect(dispatcher.acquire({ program: 1, ordinal: 2, parents: [-1] })).rejects.toMatchObject({ code: 'ERR_OPTION_RANGE' });
    let parents: readonly number[] | undefined;
    const lease = await dispatcher.acquire({ program: 1, ordinal: 2, parents: [0, 1], onSubmit: (call) => { parents = dispatcher.core.calls.parentsOf(call); } });
    expect(parents).toEqual([0, 1]);
    lease.release();
  });
});
