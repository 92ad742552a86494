// The batch in a policy's order, step by step: who gives way, what it costs, what is kept for whom, and that nothing is lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTable } from '../../../src/dispatch/calls.ts';
import { fcfs } from '../../../src/policies/fcfs.ts';
import { definePolicy, type Policy, type PolicyDefinition } from '../../../src/policies/policy.ts';
import { batchConfig, type BatchConfig } from '../../../sim/engine/batch/config.ts';
import { ContentTable } from '../../../sim/engine/batch/content.ts';
import type { OrderedRequest } from '../../../sim/engine/batch/ordered-parts.ts';
import { OrderedScheduler } from '../../../sim/engine/batch/ordered-scheduler.ts';
import { FIRST_OWN } from '../../../sim/engine/batch/content.ts';
import { StepLoop } from '../../../sim/engine/batch/step-loop.ts';
import { REQUEST_RUNNING } from '../../../sim/engine/batch/request.ts';
import type { CallLine } from '../../../sim/results.ts';
import { specOf } from '../../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../../sim/engine/presets/registry.ts';
import { modelOf, play, type ScriptedProgram } from '../../worlds/scripted-model.ts';

/** Shows calls in the order of a list that a test writes, and holds what it is told against the contract. */
class Scripted implements Policy {
  order: number[] = [];
  readonly state = new Map<number, 'waiting' | 'running'>();
  readonly told = new Map<number, number>();
  changeUs = Infinity;
  get waiting(): number { return [...this.state.values()].filter((one) => one === 'waiting').length; }
  arrive(call: number): void { this.#to(call, undefined, 'waiting'); this.order.push(call); }
  grant(call: number): void { this.#to(call, 'waiting', 'running'); }
  preempt(call: number): void { this.#to(call, 'running', 'waiting'); }
  progress(call: number, tokens: number): void { if (this.state.get(call) !== 'running' || !(tokens > 0)) throw new Error(`call ${call} is told of ${tokens} tokens`); this.told.set(call, (this.told.get(call) ?? 0) + tokens); }
  finish(call: number): void { this.#gone(call, 'running'); }
  cancel(call: number, wasRunning: boolean): void { this.#gone(call, wasRunning ? 'running' : 'waiting'); }
  first(): number { return -1; }
  walk(visit: (call: number) => boolean): void { for (const call of this.order) if (!visit(call)) return; }
  nextChangeUs(): number { return this.changeUs; }
  budget?(): number;
  #to(call: number, from: string | undefined, to: 'waiting' | 'running'): void { if (this.state.get(call) !== from) throw new Error(`call ${call} was ${this.state.get(call)}, not ${from}`); this.state.set(call, to); }
  #gone(call: number, from: string): void { if (this.state.get(call) !== from) throw new Error(`call ${call} was ${this.state.get(call)}, not ${from}`); this.state.delete(call); this.order = this.order.filter((other) => other !== call); }
}

function rig(given: Partial<BatchConfig>, swapUsPerToken?: number) {
  const config = batchConfig({ blockSize: 4, maxSeqs: 4, maxBatchedTokens: 8, blocks: 13, ...given }), calls = new CallTable(), policy = new Scripted(), clock = { nowUs: 0 };
  const scheduler = new OrderedScheduler(config, new ContentTable(4), { policy, calls, clock, number: 0, swapUsPerToken });
  let own = FIRST_OWN;
  const add = (prompt: number, out: number): OrderedRequest => { const call = calls.allocate(own, 0, 0); return scheduler.add({ id: own, tag: call, content: [[own++, prompt]], outputTokens: out, outputSegment: own++ }); };
  const step = () => { const plan = scheduler.schedule(); scheduler.process(plan); clock.nowUs += 1000; return plan; };
  return { config, calls, policy, clock, scheduler, add, step };
}

describe('a batch in a policy’s order', () => {
  it('keeps blocks that were freed for a prompt for the rest of it: whoever stands behind gives way rather than take them', () => {
    const { scheduler, policy, add, step } = rig({}), low = [add(4, 20), add(4, 20), add(4, 20)];
    while (low.some((one) => one.blocks.length < 3)) step();
    const high = add(20, 2);
    policy.order = [high, ...low].map(({ tag }) => tag);
    const plan = step();
    expect([plan.preempted, high.blocks.length, high.reserved, scheduler.freeBlocks]).toEqual([[low[2]], 2, 3, 4]);
    const preempted: OrderedRequest[] = [];
    while (high.computed < 20) preempted.push(...step().preempted);
    expect([preempted, high.preemptions, high.reserved]).toEqual([[low[1]], 0, 0]);
  });

  it('preempts nobody in vain: where all that stand behind are not enough, they go on', () => {
    const { policy, add, step } = rig({}), [first, behind] = [add(24, 20), add(4, 20)];
    for (let i = 0; i < 8; i++) step();
    const large = add(28, 2);
    policy.order = [first, large, behind].map(({ tag }) => tag);
    for (let i = 0; i < 3; i++) expect(step().preempted).toEqual([]);
    expect([behind.state, large.state]).toEqual([REQUEST_RUNNING, 0]);
  });

  it('asks only where something was told or the time has come', () => {
    const { policy, add, step } = rig({ blocks: 64 });
    let asked = 0;
    const walk = policy.walk.bind(policy);
    policy.walk = (visit) => { asked++; walk(visit); };
    add(4, 30);
    for (let i = 0; i < 10; i++) step();
    expect(asked).toBe(1);
    policy.changeUs = 14_000;
    add(4, 2);
    for (let i = 0; i < 5; i++) step();
    // The arrival, the end of the second call, and the instant that the policy named.
    expect(asked).toBe(4);
  });

  it('tells of progress when the budget is reached, not before, and of the rest at the end', () => {
    const { policy, add, step } = rig({ blocks: 64 });
    policy.budget = () => 5;
    const { tag } = add(4, 12), heard: number[] = [];
    for (let i = 0; i < 12; i++) { step(); heard.push(policy.told.get(tag) ?? 0); }
    expect(heard).toEqual([0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 12]);
  });

  it('conserves tokens, seats and blocks whatever the order does, with swap and without, synchronous and asynchronous', () => {
    let preempted = 0;
    fc.assert(fc.property(fc.record({
      list: fc.array(fc.record({ at: fc.nat(30), prompt: fc.integer({ min: 1, max: 24 }), out: fc.integer({ min: 1, max: 16 }), abort: fc.option(fc.nat(40), { freq: 4, nil: undefined }) }), { minLength: 1, maxLength: 10 }),
      shuffles: fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }), blocks: fc.integer({ min: 11, max: 24 }), maxSeqs: fc.integer({ min: 1, max: 5 }), swaps: fc.boolean(), asynchronous: fc.boolean(), prefixCaching: fc.boolean(), reserveFull: fc.boolean(), longPrefill: fc.constantFrom(0, 0, 3),
    }), ({ list, shuffles, swaps, ...given }) => {
      const { scheduler, policy, config, add, clock } = rig({ ...given, maxBatchedTokens: 8 }, swaps ? 3 : undefined), loop = new StepLoop(scheduler as never), made: (OrderedRequest | undefined)[] = [], aborted = new Set<OrderedRequest>();
      let steps = 0, sampled = 0;
      for (; steps < 3000; steps++) {
        list.forEach(({ at, prompt, out, abort }, i) => {
          if (at === steps) made[i] = add(prompt, out);
          if (abort !== undefined && at + abort === steps && scheduler.abort(made[i]!)) aborted.add(made[i]!);
        });
        if (shuffles[steps % 8] % 3 === 0) { const by = shuffles[steps % 8]; policy.order = [...policy.order].sort((a, b) => ((a * by) % 7) - ((b * by) % 7) || a - b); policy.changeUs = clock.nowUs + 1; }
        clock.nowUs += 1000;
        const plan = loop.plan() as ReturnType<OrderedScheduler['schedule']> | undefined, held = new Set(scheduler.running.flatMap(({ blocks }) => blocks));
        const isWithin = plan === undefined || (plan.totalTokens <= config.maxBatchedTokens && plan.requests.length === new Set(plan.requests).size);
        if (!isWithin || scheduler.running.length > config.activeSeqs || scheduler.freeBlocks + held.size !== scheduler.usableBlocks) throw new Error(`step ${steps} breaks a limit or loses a block`);
        const awaited = loop.awaited(plan as never) as never as ReturnType<OrderedScheduler['schedule']> | undefined;
        if (awaited !== undefined) { loop.taken(); for (let i = 0; i < awaited.requests.length; i++) if (awaited.samples[i]) sampled++; scheduler.process(awaited); }
        if (steps > 80 && scheduler.unfinished === 0 && awaited === undefined) break;
      }
      expect(scheduler.unfinished).toBe(0);
      for (const request of made) if (!aborted.has(request!)) expect([request!.outputs, policy.told.get(request!.tag)]).toEqual([request!.mostOutput, request!.mostOutput]);
      expect(sampled).toBeGreaterThanOrEqual(made.reduce((sum, one) => sum + one!.outputs, 0));
      expect([scheduler.freeBlocks, scheduler.kv.pool.references(), policy.state.size]).toEqual([scheduler.usableBlocks, 0, 0]);
      preempted += scheduler.preemptions;
    }), { numRuns: 100, seed: 5 });
    expect(preempted).toBeGreaterThan(100);
  });
});

const LONG: ScriptedProgram = { arrivalUs: 0, calls: [{ serviceUs: NaN, promptTokens: 4, outputTokens: 50 }] }, SHORT: ScriptedProgram = { arrivalUs: 10_500, calls: [{ serviceUs: NaN, promptTokens: 4, outputTokens: 3 }] };

/** One seat, steps of a millisecond; when each program ended, in µs. */
async function ends(programs: readonly ScriptedProgram[], policy: string | PolicyDefinition, given: { readonly swapUsPerToken?: number; readonly config?: Partial<BatchConfig> } = {}): Promise<[number[], number]> {
  const spec = specOf(presetNamed('h100-llama-3.1-8b-tp1'), { maxSeqs: 1, maxBatchedTokens: 64, blocks: 64 }), lines: CallLine[] = [], { config, ...rest } = given;
  const model = modelOf({ programs, policy, place: 'engine', dispatch: 'immediate', window: Infinity, knowledge: 'oracle' });
  const record = await play({ ...model, engines: { kind: 'batch', count: 1, spec: { ...spec, config: batchConfig({ ...spec.config, blockSize: 4, ...config }), cost: { model: 'constant', stepUs: 1000 }, overhead: { beforeUs: 0, afterUs: 0, perOutputTokenUs: 0 } }, ...rest } }, { callLine: (line) => { lines.push(line); } });
  return [lines.sort((a, b) => Number(a.program) - Number(b.program)).map(({ finished }) => Math.round(finished! * 1e6)), record.metrics['preemptions'] as number];
}

describe('a short call under srpt inside an engine', () => {
  it('takes the seat of a long one at the next step, which goes on from where it was', async () => {
    // Eleven tokens, then three of the short call; what is cached is computed in the step that gives the next token.
    expect(await ends([LONG, SHORT], 'srpt')).toEqual([[53_000, 14_000], 1]);
  });

  it('makes the long one compute its tokens anew where nothing is cached, in steps of the token budget', async () => {
    // 15 tokens in steps of 8: one step more than with a cache.
    expect(await ends([LONG, SHORT], 'srpt', { config: { prefixCaching: false, maxBatchedTokens: 8 } })).toEqual([[54_000, 14_000], 1]);
  });

  it('with swap waits for the copy out, and the long one for the copy back: of 14 tokens, or of the 2 that no cached block holds', async () => {
    expect(await ends([LONG, SHORT], 'srpt', { swapUsPerToken: 10, config: { prefixCaching: false, maxBatchedTokens: 8 } })).toEqual([[53_280, 14_140], 1]);
    expect(await ends([LONG, SHORT], 'srpt', { swapUsPerToken: 10 })).toEqual([[53_160, 14_140], 1]);
  });
});

it('an order that turns at every step keeps nobody from its tokens: who lost its seat before it had one keeps the next', async () => {
  const turning = definePolicy({ ...fcfs, name: 'turning', create: (context) => {
    const inner = fcfs.create(context), all: number[] = [], arrive = inner.arrive.bind(inner), finish = inner.finish.bind(inner);
    return Object.assign(inner, {
      arrive: (call: number, nowUs: number) => { all.push(call); arrive(call, nowUs); }, finish: (call: number, well: boolean, nowUs: number) => { all.splice(all.indexOf(call), 1); finish(call, well, nowUs); },
      walk: (visit: (call: number) => boolean, nowUs: number) => { const turned = Math.floor(nowUs / 1000) % 2 === 0 ? [...all] : [...all].reverse(); for (const call of turned) if (!visit(call)) return; },
      nextChangeUs: (nowUs = 0) => nowUs + 1,
    });
  } });
  const [finished] = await ends([0, 0].map((arrivalUs) => ({ arrivalUs, calls: [{ serviceUs: NaN, promptTokens: 24, outputTokens: 5 }] })), turning, { config: { prefixCaching: false, maxBatchedTokens: 8 } });
  expect(finished.every((us) => us < 100_000)).toBe(true);
});
