// What policies are told of caches: what the engine will find, whatever its form; and asking leaves no trace.
import { describe, expect, it } from 'vitest';
import { OwnSegments, type PromptSource } from '../../sim/engine/batch/prompts.ts';
import { specOf, type EngineLimits } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import type { Model } from '../../sim/scenario.ts';
import type { CallView } from '../../src/dispatch/calls.ts';
import { fcfs } from '../../src/policies/fcfs.ts';
import { definePolicy, type PolicyContext, type PolicyDefinition } from '../../src/policies/policy.ts';
import { seededRandom } from '../../src/random.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { modelOf, play } from './scripted-model.ts';

/** One of four beginnings, then a middle that some share, then the call's own. */
class SomeShared implements PromptSource {
  readonly #own = new OwnSegments();
  readonly #calls: CallView;
  constructor(calls: CallView) { this.#calls = calls; }
  content(call: number): readonly (readonly [number, number])[] {
    const n = this.#calls.key[call], left = this.#calls.promptTokens[call] - 37;
    return [[n % 4, 37], ...(left > 21 ? [[10 + n % 7, 21] as const, [this.#own.take(), left - 21] as const] : [[this.#own.take(), left] as const])];
  }
  answer(): number { return this.#own.take(); }
}

interface Given { readonly policy: PolicyDefinition; readonly window: number; readonly count?: number; readonly limits?: EngineLimits; readonly asynchronous?: boolean }

function sharedModel(n: number, { policy, window, count = 1, limits = {}, asynchronous = false }: Given): Model {
  const draw = seededRandom(`shared/${n}`), upTo = (most: number): number => Math.floor(draw() * (most + 1));
  const programs = Array.from({ length: 60 }, () => ({ arrivalUs: upTo(200) * 500, calls: Array.from({ length: 1 + upTo(1) }, () => ({ serviceUs: NaN, promptTokens: 38 + upTo(60), outputTokens: 1 + upTo(20) })) })).sort((a, b) => a.arrivalUs - b.arrivalUs);
  const spec = specOf(presetNamed('h100-llama-3.1-8b-tp1'), { blocks: 64, maxSeqs: 4, maxBatchedTokens: 32, ...limits });
  const model = modelOf({ programs, policy, window, balancer: 'round-robin', prompts: (calls) => new SomeShared(calls) });
  return { ...model, engines: { kind: 'batch', count, spec: { ...spec, config: { ...spec.config, blockSize: 4, asynchronous }, cost: { model: 'constant', stepUs: 500 }, overhead: { beforeUs: 0, afterUs: 0, perOutputTokenUs: 0 } } } };
}

/** First come, first served, looking at every cache whenever it is asked or told anything. */
function looking(seen: (context: PolicyContext, call: number, engine: number, tokens: number) => void): PolicyDefinition {
  return definePolicy({ ...fcfs, name: 'looking', create: (context) => {
    const inner = fcfs.create(context), waiting = new Set<number>(), { arrive, first, grant, cancel } = { arrive: inner.arrive.bind(inner), first: inner.first.bind(inner), grant: inner.grant.bind(inner), cancel: inner.cancel.bind(inner) };
    const look = (): void => { for (const call of waiting) for (const engine of [-1, 0]) seen(context, call, engine, context.knowledge.cachedTokens(call, engine)); };
    inner.arrive = (call, nowUs) => { waiting.add(call); arrive(call, nowUs); look(); };
    inner.first = (admits, nowUs) => { look(); return first(admits, nowUs); };
    inner.grant = (call, nowUs) => { seen(context, call, context.calls.engine[call], context.knowledge.cachedTokens(call, context.calls.engine[call])); waiting.delete(call); grant(call, nowUs); };
    inner.cancel = (call, wasRunning, nowUs) => { waiting.delete(call); cancel(call, wasRunning, nowUs); };
    return inner;
  } });
}

const FORMS: readonly (readonly [string, Omit<Given, 'policy' | 'window'>])[] = [
  ['in bulk', {}], ['asynchronous in bulk', { asynchronous: true }], ['plain, by priority', { limits: { scheduling: 'priority' } }], ['plain, older rules', { limits: { rules: 'vllm-0.19' } }],
];

describe('cachedTokens', () => {
  it.each(FORMS)('is what an idle engine finds when it admits the call at once: %s', async (_name, form) => {
    let compared = 0, found = 0;
    for (let n = 0; n < 4; n++) {
      const told = new Map<string, number>(), policy = looking((context, call, engine, tokens) => { if (engine >= 0) told.set(`${context.calls.program[call]}.${context.calls.ordinal[call]}`, tokens); });
      const wanted = new Map<string, number>(), finish: PolicyDefinition = { ...policy, create: (context) => { const inner = policy.create(context), end = inner.finish.bind(inner); inner.finish = (call, well, nowUs) => { wanted.set(`${context.calls.program[call]}.${context.calls.ordinal[call]}`, context.calls.cachedTokens[call]); end(call, well, nowUs); }; return inner; } };
      await play(sharedModel(n, { ...form, policy: finish, window: 1 }));
      for (const [name, tokens] of wanted) { expect([name, told.get(name)]).toEqual([name, tokens]); compared++; if (tokens > 0) found++; }
    }
    expect([compared > 200, found > 100]).toEqual([true, true]);
  });

  it.each(FORMS)('leaves no trace, however often it is asked: %s', async (_name, form) => {
    for (let n = 0; n < 3; n++) {
      let most = 0;
      const given = { ...form, window: 3, count: 2, limits: { blocks: 40, ...form.limits } }, asked = await play(sharedModel(n, { ...given, policy: looking((_c, _call, _e, tokens) => { most = Math.max(most, tokens); }) })), plain = await play(sharedModel(n, { ...given, policy: fcfs }));
      expect([asked.orderDigest, asked.resultDigest]).toEqual([plain.orderDigest, plain.resultDigest]);
      expect(most).toBeGreaterThan(0);
    }
  });

  it('of any engine is the most that one of them holds, and it is true now', async () => {
    const ages = new Set<number>();
    let beyond = 0;
    await play(sharedModel(1, { window: 2, count: 3, policy: looking((context, call, engine, tokens) => {
      ages.add(context.knowledge.cachedAgeUs(engine));
      if (engine >= 0) return;
      const each = [0, 1, 2].map((one) => context.knowledge.cachedTokens(call, one));
      expect(tokens).toBe(Math.max(...each));
      if (tokens > each[0]) beyond++;
    }) }));
    expect([[...ages], beyond > 0]).toEqual([[0], true]);
  });

  it('is nothing on slots, which have no cache', async () => {
    const told = new Set<number>();
    await play(modelOf({ programs: [0, 1, 2].map((p) => ({ arrivalUs: p, calls: [{ serviceUs: 5, promptTokens: 40, outputTokens: 3 }] })), policy: looking((_c, _call, _e, tokens) => told.add(tokens)) }));
    expect([...told]).toEqual([0]);
  });
});

describe('lpm on sessions that share prefixes', () => {
  const given = { requests: 300, engine: 'constant:stepMs=5', blocks: 200, groups: 12, usersPerGroup: 6, systemPrompt: 512, question: 60, output: 40, rate: 40, window: 3 } as const;

  it('gives equal results through both shells, and finds more than first come, first served', async () => {
    const lpm = scenarioModel('prefix-sessions', { ...given, policy: 'lpm' }), [event, promise, fifo] = [await play(lpm), await play(lpm, { shell: 'promise' }), await play(scenarioModel('prefix-sessions', given))];
    expect([promise.orderDigest, promise.resultDigest]).toEqual([event.orderDigest, event.resultDigest]);
    expect(event.metrics['hit_share']).toBeGreaterThan(1.2 * (fifo.metrics['hit_share'] as number));
  });
});
