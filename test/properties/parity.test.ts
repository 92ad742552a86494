// The test that makes "production code" true: the same scenario gives the same digests through both shells, whatever nobody promised is turned.
import { afterEach, describe, expect, it } from 'vitest';
import { Inputs } from '../../src/dispatch/inputs.ts';
import { seededRandom } from '../../src/random.ts';
import type { Model } from '../../sim/scenario.ts';
import { VirtualClock } from '../../sim/kernel/virtual-clock.ts';
import type { Perturbation } from '../../sim/worlds/promise-shell.ts';
import { play } from '../worlds/scripted-model.ts';
import { randomScenario } from './random-scenario.ts';

/** More by SCHEDLAB_PARITY=2000; the first one by SCHEDLAB_PARITY_FROM. */
const SCENARIOS = Number(process.env['SCHEDLAB_PARITY'] ?? 300), FROM = Number(process.env['SCHEDLAB_PARITY_FROM'] ?? 0);

/** 0 to 5 extra turns of the promise queue, at places that the seed tells. */
const extra = (seed: string): NonNullable<Perturbation['extraMicrotasks']> => { const draw = seededRandom(seed); return () => Math.floor(draw() * 6); };

interface Way { readonly name: string; readonly shell: 'event' | 'promise'; readonly perturb?: Perturbation }
const waysOf = (n: number): readonly Way[] => {
  const own: readonly Way[] = [
    { name: 'extra microtasks', shell: 'promise', perturb: { extraMicrotasks: extra(`b${n}`) } },
    { name: 'programs created in reverse', shell: 'promise', perturb: { reversed: true } },
    { name: 'a hop after every event', shell: 'promise', perturb: { debug: true, extraMicrotasks: extra(`c${n}`) } },
    { name: 'last tie first', shell: 'event', perturb: { ties: 'lifo' } },
  ];
  return [
    { name: 'event shell, ties shuffled', shell: 'event', perturb: { ties: 'shuffle' } },
    { name: 'promise shell', shell: 'promise' },
    { name: 'promise shell, everything turned', shell: 'promise', perturb: { extraMicrotasks: extra(`a${n}`), reversed: true, ties: 'shuffle' } },
    own[n % own.length]!,
  ];
};

const tell = (model: Model): string => JSON.stringify({ ...model, policy: model.policy.name, balancer: model.balancer.name, agents: model.agents.length }, (_, v: unknown) => (v === Infinity ? 'Infinity' : v));

describe('parity', () => {
  it(`${SCENARIOS} random scenarios give equal digests through the event shell and through the promise shell, turned in every way`, async () => {
    const differ: string[] = [];
    let events = 0;
    for (let n = FROM; n < FROM + SCENARIOS; n++) {
      const model = randomScenario(n), seed = `parity/${n}`, wanted = await play(model, { seed });
      events += wanted.events;
      for (const { name, shell, perturb } of waysOf(n)) {
        const got = await play(model, { seed, shell, ...(perturb ? { perturb } : {}) }).catch((error: unknown) => ({ orderDigest: String(error), resultDigest: '', events: 0 }));
        if (got.orderDigest !== wanted.orderDigest || got.resultDigest !== wanted.resultDigest) differ.push(`scenario ${n}, ${name}: ${wanted.orderDigest}/${wanted.resultDigest} (${wanted.events}) became ${got.orderDigest}/${got.resultDigest} (${got.events})\n${tell(model)}`);
      }
    }
    expect(differ.slice(0, 5)).toEqual([]);
    expect(events).toBeGreaterThan(20 * SCENARIOS);
  }, 300_000);
});

/** What a mutant breaks is put back after its test. */
const sort = Inputs.prototype.sort, settle = VirtualClock.prototype.settle;

/** Inputs of a round in another order than the canonical one. */
function sortBy(order: (a: { rank: number; call: number; at: number }, b: { rank: number; call: number; at: number }) => number): void {
  Inputs.prototype.sort = function (this: Inputs): void {
    const inputs = Array.from({ length: this.count }, (_, at) => ({ rank: this.rank[at]!, call: this.call[at]!, at })).sort(order);
    inputs.forEach(({ rank, call }, i) => { this.rank[i] = rank; this.call[i] = call; });
  };
}

/** How many of the gated scenarios differ between two ways through the promise shell. */
async function differing(scenarios: number, a: Perturbation, b: (n: number) => Perturbation): Promise<number> {
  let differ = 0;
  for (let n = 0, played = 0; played < scenarios; n++) {
    const model = randomScenario(n);
    if (model.engines.kind !== 'slots' || model.place !== 'gate' || model.window > model.engines.slots || model.engines.discipline !== 'nonpreemptive') continue;
    played++;
    const one = await play(model, { shell: 'promise', perturb: a }).catch(() => undefined), other = await play(model, { shell: 'promise', perturb: b(n) }).catch(() => undefined);
    if (one === undefined || one.orderDigest !== other?.orderDigest || one.resultDigest !== other.resultDigest) differ++;
  }
  return differ;
}

describe('the parity test has teeth', () => {
  afterEach(() => { Inputs.prototype.sort = sort; VirtualClock.prototype.settle = settle; });
  const turned = (n: number): Perturbation => ({ extraMicrotasks: extra(`a${n}`), reversed: true });

  it('finds nothing where nothing is broken', async () => { expect(await differing(40, {}, turned)).toBe(0); });

  it('finds a core that decides a microtask after the event instead of at the end of the instant', async () => {
    VirtualClock.prototype.settle = (fn) => { queueMicrotask(fn); };
    expect(await differing(40, {}, turned)).toBeGreaterThan(4);
  });

  it('finds inputs sorted by rank alone, in the order in which they came', async () => {
    sortBy((a, b) => a.rank - b.rank || a.at - b.at);
    expect(await differing(40, {}, turned)).toBeGreaterThan(10);
  });

  it('finds inputs sorted by slot', async () => {
    sortBy((a, b) => a.rank - b.rank || a.call - b.call);
    expect(await differing(40, {}, turned)).toBeGreaterThan(10);
  });

  it('finds inputs that are not sorted at all', async () => {
    sortBy((a, b) => a.at - b.at);
    expect(await differing(40, {}, turned)).toBeGreaterThan(10);
  });

  it('finds almost none of these without turning anything: which is why it turns', async () => {
    sortBy((a, b) => a.rank - b.rank || a.at - b.at);
    expect(await differing(20, {}, () => ({}))).toBe(0);
  });
});
