// Runs on batch engines through both shells: equal digests whatever is turned, refusals at the door, contents of traces, what a run says of its engines.
import { describe, expect, it } from 'vitest';
import { UNCHECKED } from '../../sim/engine/presets/preset.ts';
import type { LoadedData, Trace } from '../../sim/scenario.ts';
import type { CallLine } from '../../sim/results.ts';
import { seededRandom } from '../../src/random.ts';
import type { Perturbation } from '../../sim/worlds/promise-shell.ts';
import { tinyTrace } from '../determinism/digests.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { randomBatchModel } from './random-batch-model.ts';
import { play } from './scripted-model.ts';

const PRESET = 'h100-llama-3.1-8b-tp1';

describe('both shells', () => {
  it('give equal digests on 150 random scenarios with batch engines, turned in every way', async () => {
    const differ: string[] = [];
    let failed = 0, preempted = 0, events = 0;
    for (let n = 0; n < 150; n++) {
      const model = randomBatchModel(n), seed = `batch/${n}`, wanted = await play(model, { seed }), draw = seededRandom(`dawdle/${n}`);
      failed += wanted.metrics['failed']!;
      preempted += wanted.metrics['preemptions']!;
      events += wanted.events;
      const perturb: Perturbation = { extraMicrotasks: () => Math.floor(draw() * 6), reversed: true, ties: 'shuffle' };
      for (const [name, way] of [['ties', { perturb: { ties: 'shuffle' as const } }], ['promise', { shell: 'promise' as const }], ['turned', { shell: 'promise' as const, perturb }], ['hops', { shell: 'promise' as const, perturb: { debug: true } }]] as const) {
        const got = await play(model, { seed, ...way }).catch((error: unknown) => ({ orderDigest: String(error), resultDigest: '', events: 0 }));
        if (got.orderDigest !== wanted.orderDigest || got.resultDigest !== wanted.resultDigest) differ.push(`${n} ${name}: ${wanted.orderDigest}/${wanted.resultDigest} (${wanted.events}) became ${got.orderDigest}/${got.resultDigest} (${got.events})`);
      }
    }
    expect(differ.slice(0, 5)).toEqual([]);
    expect([failed > 50, preempted > 20, events > 3000]).toEqual([true, true, true]);
  }, 60_000);
});

const loaded = (trace: Trace): LoadedData => ({ file: { path: 'own', sha256: '', bytes: 0, format: 'own', rowsRead: trace.rows, rowsDropped: 0, notes: [] }, trace });

async function replay(trace: Trace, given: Readonly<Record<string, string | number>> = {}): Promise<CallLine[]> {
  const lines: CallLine[] = [];
  await play(scenarioModel('trace-replay', { engine: PRESET, identity: 'none', ...given }, { trace: loaded(trace) }), { callLine: (line) => { lines.push(line); } });
  return lines.sort((a, b) => a.arrival - b.arrival);
}

describe('contents of a trace', () => {
  const rows = { format: 'own', rows: 3, arrivalUs: Float64Array.of(0, 1e6, 2e6), promptTokens: Int32Array.of(100, 100, 100), outputTokens: Int32Array.of(2, 2, 2), fields: {} };

  it('make prefix hits of what prompts share, to the block', async () => {
    // The second shares 64 tokens of the first, the third all 100: the block of its last token is computed anew.
    const lines = await replay({ ...rows, blocks: Int32Array.of(7, 8, 7, 9, 7, 8), blockStart: Int32Array.of(0, 2, 4, 6), blockTokens: 64 });
    expect(lines.map((line) => line.cached_tokens)).toEqual([0, 64, 96]);
  });

  it('of different lengths, with names, and of one call alone are told apart', async () => {
    const lines = await replay({ ...rows, blocks: Int32Array.of(-2, 3, -2, -1, -2, 3), blockStart: Int32Array.of(0, 2, 4, 6), segmentTokens: Int32Array.of(40, 60, 40, 60, 40, 60), contentNames: ['system'] });
    expect(lines.map((line) => line.cached_tokens)).toEqual([0, 32, 96]);
  });

  it('with numbers too high for segments are the same contents', async () => {
    const lines = await replay({ ...rows, blocks: Int32Array.of(2 ** 31 - 1, 5, 2 ** 31 - 1, 6, 2 ** 31 - 1, 5), blockStart: Int32Array.of(0, 2, 4, 6), blockTokens: 64 });
    expect(lines.map((line) => line.cached_tokens)).toEqual([0, 64, 96]);
  });

  it('are nothing where the trace does not tell them', async () => {
    expect((await replay(rows)).map((line) => line.cached_tokens)).toEqual([0, 0, 0]);
  });

  it('follow the calls of a chain', async () => {
    const chain = { ...rows, parents: Int32Array.of(0), parentStart: Int32Array.of(0, 0, 1, 1), afterUs: Float64Array.of(-1, 500_000, -1), blocks: Int32Array.of(1, 2, 1, 2, 1, 3), blockStart: Int32Array.of(0, 2, 4, 6), blockTokens: 64 };
    expect((await replay(chain)).map((line) => line.cached_tokens)).toEqual([0, 96, 64]);
  });
});

describe('a run on a preset', () => {
  it('says in its assumptions how many blocks there are, from where, and that no real run backs it', () => {
    const { assumptions = [] } = scenarioModel('open-load', { engine: 'a100-llama-3.1-8b-tp1', blocks: 5000 });
    expect(assumptions.filter((text) => text.includes('5000 blocks of 16 tokens, one of them null (given)'))).toHaveLength(1);
    expect(assumptions.some((text) => text.includes(UNCHECKED))).toBe(true);
    expect(scenarioModel('open-load', { engine: 'rtx4090-llama-3.1-8b-tp1' }).assumptions!.some((text) => text.startsWith(UNCHECKED))).toBe(false);
  });

  it('follows the rules of the engine version that the preset was measured on, unless others are named', () => {
    const rulesOf = (given: Readonly<Record<string, string>>): string => { const { engines } = scenarioModel('open-load', given); return engines.kind === 'batch' ? engines.spec.rules : ''; };
    expect([rulesOf({ engine: PRESET }), rulesOf({ engine: 'rtx4090-llama-3.1-8b-tp1' }), rulesOf({ engine: 'rtx4090-llama-3.1-8b-tp1', rules: 'vllm-0.32' })]).toEqual(['vllm-0.32', 'vllm-0.19', 'vllm-0.32']);
  });

  it('refuses a call that could never fit, counts it as failed, and says so', async () => {
    const { metrics, notes } = await play(scenarioModel('trace-replay', { engine: PRESET, blocks: 200 }, { trace: tinyTrace() }));
    expect([metrics['failed']! > 0, metrics['completed']! + metrics['failed']!]).toEqual([true, 300]);
    expect(notes[0]).toMatch(/^\d+ calls were refused by the engine, the first because \d+ tokens need \d+ blocks of 16, the engine has 199; they count as failed$/);
  });

  it('shares a prefix where open-load has one', async () => {
    const { metrics } = await play(scenarioModel('open-load', { engine: PRESET, requests: 200, rate: 20, sharedPrefix: 256 }));
    expect(metrics['hit_share']!).toBeCloseTo(0.5 * 199 / 200, 5);
  });

  it('leaves out a rule where asked, and nothing else', async () => {
    const digests = await Promise.all(['none', 'R7a', 'R7a+R8'].map(async (without) => (await play(scenarioModel('trace-replay', { engine: PRESET, blocks: 300, maxSeqs: 32, without }, { trace: tinyTrace() }))).resultDigest));
    expect(new Set(digests).size).toBe(3);
  });

  it.each([
    [{ engine: 'slots:8', blocks: 100 }, /^blocks=100 has no meaning with engine=slots:8/],
    [{ engine: PRESET, decodeRate: 10 }, /^decodeRate=10 has no meaning with engine=h100/],
    [{ engine: PRESET, place: 'engine', scheduling: 'priority' }, /^scheduling=priority has no meaning/], [{ engine: PRESET, place: 'engine', window: 4 }, /^window=4 has no meaning with place=engine/],
    [{ engine: PRESET, preemption: 'swap' }, /^preemption=swap has no meaning/], [{ engine: 'constant:stepMs=5', place: 'engine', preemption: 'swap' }, /nothing is known of its model/], [{ engine: PRESET, place: 'engine', swapGBps: 5 }, /^swapGBps=5 has no meaning/],
    [{ engine: 'h100-llama-3.1-8b' }, /^unknown engine "h100-llama-3.1-8b". Did you mean "h100-llama-3.1-8b-tp1"\?/],
    [{ engine: 'vllm:serve.sh' }, /^engine=vllm:serve.sh is read from a file, which the command line does/],
    [{ engine: PRESET, maxBatchedTokens: 100 }, /^maxBatchedTokens=100 is less than maxSeqs=256/],
    [{ engine: PRESET, sharedPrefix: 600 }, /^sharedPrefix=600 is longer than the prompts/],
  ])('refuses %j with what to do', (given, message) => {
    expect(() => scenarioModel('open-load', given)).toThrow(message);
  });
});
