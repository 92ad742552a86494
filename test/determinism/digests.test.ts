// The same seed gives the same run: twice, through both shells, on every Node, and as it was when the golden table was written.
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../scenarios/index.ts';
import { seededRandom } from '../../src/random.ts';
import type { Perturbation } from '../../sim/worlds/promise-shell.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { play } from '../worlds/scripted-model.ts';
import { binary, bundle, digestsUnder, GOLDEN, MAJORS } from './bundle.mjs';
import { CASES, digestsOf, type DigestRow, tinyTrace } from './digests.ts';

const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as readonly DigestRow[];
const changed = 'digests moved: if that was meant, run `node test/golden/update.mjs` and say why in the change';

describe('the same seed', () => {
  it('gives the digests of the golden table, case by case', async () => {
    const rows = await digestsOf();
    expect(rows.filter((row, i) => JSON.stringify(row) !== JSON.stringify(golden[i])).map((row) => `${row.name}, seed ${row.seed}`), changed).toEqual([]);
    expect(rows.length, changed).toBe(golden.length);
  }, 60_000);

  it('gives another order for another seed, wherever anything is drawn', () => {
    for (const { name } of CASES) {
      const [a, b] = golden.filter((row) => row.name === name);
      if (name.startsWith('trace-replay') || name.startsWith('queueing') || name.startsWith('loco-fairness')) expect(a!.events).toBeGreaterThan(100);
      if (name.startsWith('queueing') || name === 'agents-as-code') expect(a!.order).not.toBe(b!.order);
    }
  });

  it('gives the same record twice, every number and every picture', async () => {
    for (const name of ['loco-fairness', 'queueing', 'trace-replay', 'agents-as-code']) {
      const model = scenarioModel(name, name === 'queueing' ? { calls: 2000, servers: 3, balancer: 'power-of-d' } : name === 'agents-as-code' ? { agents: 6 } : {}, { trace: tinyTrace() });
      const options = { seed: 'twice', series: true, shell: model.scripts ? 'promise' : 'event' } as const;
      expect(await play(model, options)).toEqual(await play(model, options));
    }
  });

  it('does not depend on what ran before in the process', async () => {
    const model = scenarioModel('loco-mdash'), first = await play(model, { seed: 'a' });
    await play(model, { seed: 'b' });
    await Promise.all([play(model, { seed: 'c', shell: 'promise' }), play(model, { seed: 'd' })]);
    expect(await play(model, { seed: 'a' })).toEqual(first);
  });
});

describe('both shells', () => {
  const draw = seededRandom('turn'), turned: Perturbation = { extraMicrotasks: () => Math.floor(draw() * 6), reversed: true, ties: 'shuffle' };

  it.each(CASES.filter(({ shell }) => shell === 'event').map((c) => [c.name, c] as const))('give the same digests: %s', async (_name, { scenario, given }) => {
    const small = scenario === 'queueing' ? { ...given, calls: 400 } : scenario === 'loco-fairness' ? { ...given, ticks: 60 } : given;
    const model = scenarioModel(scenario, small, { trace: tinyTrace() });
    const event = await play(model, { seed: 'shells' }), promise = await play(model, { seed: 'shells', shell: 'promise' }), perturbed = await play(model, { seed: 'shells', shell: 'promise', perturb: turned });
    for (const other of [promise, perturbed]) expect([other.orderDigest, other.resultDigest, other.events, other.metrics]).toEqual([event.orderDigest, event.resultDigest, event.events, event.metrics]);
  });

  it('play every scenario that ships', () => {
    expect([...new Set(CASES.map(({ scenario }) => scenario))].sort()).toEqual(Object.keys(SCENARIOS).sort());
  });

  it('agents written as functions give the same run however their promises are turned', async () => {
    const model = scenarioModel('agents-as-code', { agents: 6, tasks: 2 }), wanted = await play(model, { seed: 'agents', shell: 'promise' });
    for (const perturb of [turned, { debug: true }, { ties: 'lifo' }] satisfies Perturbation[]) {
      const got = await play(model, { seed: 'agents', shell: 'promise', perturb });
      expect([got.orderDigest, got.resultDigest]).toEqual([wanted.orderDigest, wanted.resultDigest]);
    }
  });
});

describe('other Nodes', () => {
  let file = '';
  beforeAll(async () => { if (MAJORS.some(binary)) file = await bundle(); });
  afterAll(() => { if (file) rmSync(file); });
  for (const major of MAJORS) {
    const node = binary(major), title = `Node ${major} gives the digests of the golden table`;
    it.skipIf(!node)(node ? title : `${title} (skipped: no binary; \`node test/determinism/nodes.mjs\` fetches it)`, () => {
      const rows = digestsUnder(node!, file);
      expect(rows.filter((row, i) => JSON.stringify(row) !== JSON.stringify(golden[i])).map((row) => row.name)).toEqual([]);
    }, 60_000);
  }
});
