// Small users of the contracts, to show that they carry what comes later: batches, quanta, preemption inside engines, stale views, engine ports.
import { describe, expect, it } from 'vitest';
import { BALANCERS } from '../../src/balancers/registry.ts';
import { CallTable, type CallSlot, type CallView } from '../../src/dispatch/calls.ts';
import { OP_ABORT, OP_GRANT } from '../../src/dispatch/commands.ts';
import { DispatchCore } from '../../src/dispatch/core.ts';
import { createDispatcher, SILENT } from '../../src/dispatch/create.ts';
import { ScriptedEngine, type ScriptStep } from '../../src/engines/scripted.ts';
import type { SchedlabError } from '../../src/errors.ts';
import { DROP_FAILED } from '../../src/observe/lifecycle.ts';
import { atlas } from '../../src/policies/atlas.ts';
import { fcfs } from '../../src/policies/fcfs.ts';
import { definePolicy, KNOWS_NOTHING, type Policy } from '../../src/policies/policy.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { resolveOptions } from '../../src/options.ts';
import { seededRandom } from '../../src/random.ts';
import { Kernel } from '../../sim/kernel/kernel.ts';
import type { TieMode } from '../../sim/kernel/event-queue.ts';
import { runAsync } from '../../sim/kernel/quiesce.ts';
import { VirtualClock } from '../../sim/kernel/virtual-clock.ts';
import { Recorder } from '../../sim/measure/recorder.ts';
import { BatchEngine } from './batch-engine.ts';
import { modelOf, play } from './scripted-model.ts';

interface Request { readonly atUs: number; readonly prompt: number; readonly output: number; readonly program?: number; readonly agent?: number; readonly cancelAtUs?: number }
interface BatchRun { readonly recorder: Recorder; readonly engines: readonly BatchEngine[]; readonly core: DispatchCore; readonly finished: Map<number, number>; readonly preempted: number[]; readonly told: Map<number, number> }

/** Batch engines behind an open gate: the policy acts inside them. A small shell of its own, as any later world will be. */
function runBatches(requests: readonly Request[], { policy: name = 'atlas', options = {}, engines: count = 1, tokensPerStep = 8, maxSeqs = 2, ties = 'fifo' as TieMode }): BatchRun {
  const kernel = new Kernel({ ties, seed: 'batch' }), calls = new CallTable(), definition = POLICIES[name]!, outputs: number[] = [], cancels: { call: CallSlot; handle: number }[] = [];
  const recorder = new Recorder({ calls, classes: 1, places: Infinity, withOldest: false });
  const core = new DispatchCore({
    calls, dispatch: 'immediate', windows: new Array<number>(count).fill(Infinity), maxWaiters: Infinity, lifecycle: recorder,
    createPolicy: () => fcfs.create({ calls, random: () => 0, knowledge: KNOWS_NOTHING, options: {} }), balancer: BALANCERS['round-robin']!.create({ calls, random: () => 0, options: {} }),
  });
  const finished = new Map<number, number>(), told = new Map<number, number>(), preempted: number[] = [], engines: BatchEngine[] = [];
  let hasNews = false;
  const submitKind = kernel.handler((r) => {
    const { prompt, output, program = r, agent = 0, cancelAtUs } = requests[r]!, call = calls.allocate(program, r, agent);
    calls.promptTokens[call] = prompt;
    outputs[call] = output;
    core.submit(call, kernel.nowUs);
    if (cancelAtUs !== undefined) kernel.schedule(cancelAtUs, cancelKind, cancels.push({ call, handle: calls.handle(call) }) - 1);
    kernel.dirty = true;
  });
  const cancelKind = kernel.handler((i) => { const { call, handle } = cancels[i]!; if (calls.resolve(handle) === call) { core.cancel(call); kernel.dirty = true; } });
  const stepKind = kernel.handler((e) => { engines[e]!.onStep(kernel.nowUs); hasNews = true; kernel.dirty = true; });
  const events = {
    scheduled: (e: number, call: CallSlot, at: number) => { recorder.schedule(call, e, at); }, preempted: (e: number, call: CallSlot, at: number) => { preempted.push(calls.ordinal[call]!); recorder.preempt(call, e, at); },
    tokens: (e: number, call: CallSlot, total: number, at: number) => { if (total === 1) recorder.firstToken(call, e, at); }, failed: () => {},
    finished: (_e: number, call: CallSlot, at: number, output: number, cached: number) => { finished.set(calls.ordinal[call]!, at); core.complete(call, output, cached); kernel.dirty = true; },
  };
  for (let e = 0; e < count; e++) {
    const policy = definition.create({ calls, random: seededRandom(`batch/${e}`), knowledge: KNOWS_NOTHING, options: resolveOptions(definition.params, options, name) }), progress = policy.progress?.bind(policy);
    if (progress) policy.progress = (call, tokens, at) => { told.set(calls.ordinal[call]!, (told.get(calls.ordinal[call]!) ?? 0) + tokens); progress(call, tokens, at); };
    engines.push(new BatchEngine({ number: e, kernel, kind: stepKind, calls, events, policy, stepUs: 10, tokensPerStep, maxSeqs, outputTokens: (call) => outputs[call]! }));
  }
  // The dispatcher first; engines after it, once a round, in engine order.
  kernel.onDry = (nowUs) => {
    if (core.dirty) {
      core.flush(nowUs);
      const { op, call, engine, count: n } = core.commands;
      for (let i = 0; i < n; i++) { if (op[i] === OP_GRANT) engines[engine[i]!]!.submit(call[i]!, nowUs); else if (op[i] === OP_ABORT) engines[engine[i]!]!.abort(call[i]!, nowUs); }
      hasNews = true;
      kernel.dirty = true;
    } else if (hasNews) { hasNews = false; for (const engine of engines) engine.decide(nowUs); }
  };
  requests.forEach(({ atUs }, r) => { kernel.schedule(atUs, submitKind, r); });
  kernel.run();
  expect(recorder.close(recorder.present.lastUs)).toMatchObject({ conservation: 1 });
  expect([core.waiting, core.running]).toEqual([0, 0]);
  return { recorder, engines, core, finished, preempted, told };
}

describe('a batch engine', () => {
  it('reads prompts in chunks within the token budget of a step, and writes a token a step beside them', () => {
    const { engines, finished } = runBatches([{ atUs: 0, prompt: 20, output: 2 }, { atUs: 0, prompt: 3, output: 4 }], { policy: 'fcfs' });
    // 8 + 8 + 4 of the first; the second begins in what the third step has left.
    expect(engines[0]!.steps.map(({ calls, tokens }) => [calls.length, tokens])).toEqual([[1, 8], [1, 8], [2, 7], [2, 2], [1, 1], [1, 1]]);
    expect([...finished]).toEqual([[0, 40], [1, 60]]);
  });

  it('tells a call\'s tokens to the policy in all, no more and no less, however often it was preempted', () => {
    const requests = Array.from({ length: 12 }, (_, r) => ({ atUs: (r % 5) * 30, prompt: 1 + (r * 7) % 13, output: 1 + (r * 5) % 17 }));
    const { told, preempted, finished } = runBatches(requests, { options: { levels: 4, base: 2 }, maxSeqs: 2 });
    expect([...told].sort(([a], [b]) => a - b).map(([, tokens]) => tokens)).toEqual(requests.map(({ output }) => output));
    expect(preempted.length).toBeGreaterThan(5);
    expect(finished.size).toBe(12);
  });

  it('with quanta serves the short one that comes late before the long one that was there', () => {
    const requests = [{ atUs: 0, prompt: 0, output: 50 }, { atUs: 100, prompt: 0, output: 3 }];
    const served = (policy: string): string => [...runBatches(requests, { policy, options: policy === 'atlas' ? { levels: 8, base: 4 } : {}, maxSeqs: 1 }).finished.keys()].join();
    expect(served('fcfs')).toBe('0,1');
    expect(served('atlas')).toBe('1,0');
  });

  it('by attained service of programs: the second call of a program that had much goes behind the first of one that had none', () => {
    const requests = [{ atUs: 0, prompt: 0, output: 10, program: 1 }, { atUs: 200, prompt: 0, output: 3, program: 1 }, { atUs: 200, prompt: 0, output: 3, program: 2 }];
    expect([...runBatches(requests, { options: { levels: 8, base: 4 }, maxSeqs: 1 }).finished.keys()]).toEqual([0, 2, 1]);
  });

  it('never takes more calls or tokens than it may, nor idles while a call waits', () => {
    for (const policy of Object.keys(POLICIES)) {
      const requests = Array.from({ length: 30 }, (_, r) => ({ atUs: (r * 17) % 200, prompt: (r * 11) % 23, output: 1 + (r * 3) % 9, agent: r % 4 }));
      const { engines, finished } = runBatches(requests, { policy, maxSeqs: 3, engines: 2 });
      expect(finished.size).toBe(30);
      for (const { steps } of engines) {
        for (const { calls, tokens } of steps) expect([calls.length <= 3, tokens <= 8, calls.length > 0, new Set(calls).size]).toEqual([true, true, true, calls.length]);
        // Steps follow one another without a gap while there is work.
        expect(steps.every(({ atUs }, i) => i === 0 || atUs >= steps[i - 1]!.atUs + 10)).toBe(true);
      }
    }
  });

  it('drops a withdrawn call from its batch and goes on', () => {
    const { finished, recorder } = runBatches([{ atUs: 0, prompt: 0, output: 100, cancelAtUs: 35 }, { atUs: 0, prompt: 0, output: 2 }, { atUs: 0, prompt: 0, output: 2, cancelAtUs: 5 }], { maxSeqs: 1, policy: 'fcfs' });
    expect([...finished]).toEqual([[1, 60]]);
    expect(recorder.classes[0]!.cancelled).toBe(2);
  });

  it.each(['atlas', 'fcfs', 'round-robin', 'oldest-first', 'loco'])('under %s gives the same digest however ties fall', (policy) => {
    const requests = Array.from({ length: 40 }, (_, r) => ({ atUs: Math.floor(r / 4) * 20, prompt: (r * 5) % 9, output: 1 + (r * 7) % 6, agent: r % 3 }));
    const digests = (['fifo', 'lifo', 'shuffle'] as const).map((ties) => runBatches(requests, { policy, ties, engines: 2, maxSeqs: 2 }).recorder.order.hex());
    expect(new Set(digests).size).toBe(1);
  });
});

/** A call may produce so many tokens, then the next one has its turn: round robin by quantum, the smallest policy with budgets. */
class Turns implements Policy {
  readonly #quantum: number;
  readonly #queue: CallSlot[] = [];
  readonly #running = new Set<CallSlot>();
  readonly #used = new Map<CallSlot, number>();
  /** Budgets that were overrun, for assertions. */
  late = 0;
  constructor(quantum: number) { this.#quantum = quantum; }
  get waiting(): number { return this.#queue.length - this.#running.size; }
  arrive(call: CallSlot): void { this.#queue.push(call); this.#used.set(call, 0); }
  grant(call: CallSlot): void { this.#running.add(call); }
  preempt(call: CallSlot): void { this.#running.delete(call); }
  progress(call: CallSlot, tokens: number): void {
    const used = this.#used.get(call)! + tokens;
    if (used > this.#quantum) this.late++;
    this.#used.set(call, used % this.#quantum);
    if (used < this.#quantum) return;
    this.#queue.splice(this.#queue.indexOf(call), 1);
    this.#queue.push(call);
  }
  finish(call: CallSlot): void { this.#running.delete(call); this.#queue.splice(this.#queue.indexOf(call), 1); }
  cancel(call: CallSlot): void { this.finish(call); }
  first(): CallSlot { return this.#queue.find((call) => !this.#running.has(call)) ?? -1; }
  walk(visit: (call: CallSlot) => boolean): void { for (const call of [...this.#queue]) if (!visit(call)) return; }
  budget(call: CallSlot): number { return this.#quantum - this.#used.get(call)!; }
}

describe('token quanta on the preempting engine', () => {
  const MS = 1000;
  const run = async (quantum: number, services: readonly number[], slots = 1): Promise<{ ends: Record<string, number>; preemptions: number; late: number }> => {
    const made: Turns[] = [], ends: Record<string, number> = {};
    const turns = definePolicy({ name: 'turns', title: 'so many tokens each', source: 'the classic', params: {}, knowledge: 'none', create: () => { const policy = new Turns(quantum); made.push(policy); return policy; } });
    const record = await play(modelOf({ policy: turns, engines: { discipline: 'preempt-resume', slots }, place: 'engine', window: Infinity, programs: services.map((ms) => ({ arrivalUs: 0, calls: [{ serviceUs: ms * MS }] })) }), { callLine: (line) => { ends[line.program] = line.finished! * 1000; } });
    return { ends, preemptions: record.metrics['preemptions']!, late: made.reduce((n, p) => n + p.late, 0) };
  };

  it('turns come after exactly the quantum, a token being a millisecond', async () => {
    // a a b b a a b b a b: two each, the rest at the end.
    expect(await run(2, [5, 5])).toEqual({ ends: { 0: 9, 1: 10 }, preemptions: 4, late: 0 });
    expect(await run(100, [5, 5])).toEqual({ ends: { 0: 5, 1: 10 }, preemptions: 0, late: 0 });
  });

  it('several places turn as well, and no budget is overrun', async () => {
    const { ends, late } = await run(1, [6, 6, 6], 2);
    expect(late).toBe(0);
    expect(Math.max(...Object.values(ends))).toBeLessThanOrEqual(10);
    expect(Math.min(...Object.values(ends))).toBeGreaterThanOrEqual(8);
  });
});

describe('a policy whose order changes by time alone', () => {
  it('is asked again when it said it would change', async () => {
    /** Until 7 ms the first to come goes first; from then on the last. */
    class Flip implements Policy {
      readonly #calls: CallView; readonly #present: CallSlot[] = []; #running = new Set<CallSlot>();
      constructor(calls: CallView) { this.#calls = calls; }
      get waiting(): number { return this.#present.length - this.#running.size; }
      arrive(call: CallSlot): void { this.#present.push(call); }
      grant(call: CallSlot): void { this.#running.add(call); }
      preempt(call: CallSlot): void { this.#running.delete(call); }
      finish(call: CallSlot): void { this.#running.delete(call); this.#present.splice(this.#present.indexOf(call), 1); }
      cancel(call: CallSlot): void { this.finish(call); }
      first(): CallSlot { return this.#present[0] ?? -1; }
      walk(visit: (call: CallSlot) => boolean, nowUs: number): void { const sign = nowUs >= 7000 ? -1 : 1; for (const call of [...this.#present].sort((a, b) => sign * (this.#calls.program[a]! - this.#calls.program[b]!))) if (!visit(call)) return; }
      nextChangeUs(nowUs: number): number { return nowUs < 7000 ? 6999.5 : Infinity; }
    }
    const flip = definePolicy({ name: 'flip', title: 'flips once', source: 'ours', params: {}, knowledge: 'none', create: ({ calls }) => new Flip(calls) });
    const ends: Record<string, number> = {};
    await play(modelOf({ policy: flip, engines: { discipline: 'preempt-resume' }, place: 'engine', window: Infinity, programs: [10, 10].map((ms) => ({ arrivalUs: 0, calls: [{ serviceUs: ms * 1000 }] })) }), { callLine: (line) => { ends[line.program] = line.finished! * 1000; } });
    expect(ends).toEqual({ 0: 20, 1: 17 });
  });
});

describe('a stale view', () => {
  it('herds the calls of an interval onto the engine that looked best when it began, and says how old it is', () => {
    const route = (viewRefreshUs: number): { engines: number[]; ages: number[] } => {
      const calls = new CallTable(), ages: number[] = [], engines: number[] = [];
      const core = new DispatchCore({
        calls, dispatch: 'immediate', windows: [9, 9, 9], maxWaiters: Infinity, lifecycle: SILENT, viewRefreshUs, createPolicy: () => fcfs.create({ calls, random: () => 0, knowledge: KNOWS_NOTHING, options: {} }),
        balancer: { pick: (_call, candidates, count, view) => { ages.push(view.ageUs(0)); let best = 0; for (let i = 1; i < count; i++) if (view.inFlight(candidates[i]!) < view.inFlight(candidates[best]!)) best = i; return candidates[best]!; } },
      });
      for (let i = 0; i < 12; i++) { const call = calls.allocate(i, 0, 0); core.submit(call, i * 10); core.flush(i * 10); engines.push(calls.engine[call]!); }
      return { engines, ages };
    };
    expect(route(0)).toEqual({ engines: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], ages: new Array<number>(12).fill(0) });
    expect(route(40)).toEqual({ engines: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], ages: [0, 10, 20, 30, 0, 10, 20, 30, 0, 10, 20, 30] });
  });
});

describe('an engine port behind the dispatcher', () => {
  it('is driven by leases: what it reports ends them, what is withdrawn is aborted on it', async () => {
    const kernel = new Kernel(), clock = new VirtualClock(kernel), drops: number[] = [];
    const dispatcher = createDispatcher({ clock, windows: [2], lifecycle: { ...SILENT, drop: (_call, reason) => { drops.push(reason); } } }), { calls } = dispatcher.core;
    const scripts: Record<number, readonly ScriptStep[]> = {
      0: [{ afterUs: 10, does: 'schedule' }, { afterUs: 15, does: 'tokens', total: 1 }, { afterUs: 30, does: 'finish', outputTokens: 4, cachedTokens: 2 }],
      1: [{ afterUs: 5, does: 'fail', reason: 'out of memory' }],
      2: [{ afterUs: 1, does: 'tokens', total: 1 }],
      3: [{ afterUs: 2, does: 'finish', outputTokens: 1 }],
    };
    const waiting = new Map<CallSlot, { resolve: (usage: { outputTokens: number; cachedTokens: number }) => void; reject: (error: Error) => void }>();
    const engine = new ScriptedEngine({
      engine: 0, clock, calls, script: (call) => scripts[calls.program[call]!]!,
      events: {
        scheduled: () => {}, preempted: () => {}, tokens: () => {},
        finished: (_e, call, _at, outputTokens, cachedTokens) => { waiting.get(call)!.resolve({ outputTokens, cachedTokens }); }, failed: (_e, call, _at, reason) => { waiting.get(call)!.reject(new Error(reason)); },
      },
    });
    const serve = (program: number, signal?: AbortSignal): Promise<string> => dispatcher.run({ program, ...(signal ? { signal } : {}) }, async (lease) => {
      const usage = await new Promise<{ outputTokens: number; cachedTokens: number }>((resolve, reject) => {
        waiting.set(lease.call, { resolve, reject });
        lease.onAbort = () => { engine.abort(lease.call); reject(new Error('aborted')); };
        engine.submit(lease.call, clock.now());
      });
      lease.release(usage);
      return `${program} at ${clock.now()} with ${usage.outputTokens}`;
    }).catch((error: Error) => `${program} at ${clock.now()}: ${error.message}`);
    const controller = new AbortController();
    clock.setTimer(20, () => { controller.abort(); });
    let fates: string[] = [];
    await runAsync(kernel, clock, { start: async () => { fates = await Promise.all([serve(0), serve(1), serve(2, controller.signal), serve(3)]); } });
    expect(fates).toEqual(['0 at 30 with 4', '1 at 5: out of memory', '2 at 20: aborted', '3 at 22 with 1']);
    expect([dispatcher.running, dispatcher.waiting, engine.signals().running, drops.includes(DROP_FAILED)]).toEqual([0, 0, 0, true]);
  });

  it('whose refusal by the dispatcher never reaches it', async () => {
    const kernel = new Kernel(), clock = new VirtualClock(kernel), dispatcher = createDispatcher({ clock, maxWaiters: 0 });
    let reached = 0;
    await runAsync(kernel, clock, {
      start: async () => {
        const serve = (): Promise<string> => dispatcher.run({}, async () => { reached++; await clock.sleep(5); return 'served'; }).catch((error: SchedlabError) => error.code);
        expect(await Promise.all([serve(), serve()])).toEqual(['served', 'ERR_BACKPRESSURE']);
      },
    });
    expect(reached).toBe(1);
  });
});

describe('the policy contract', () => {
  it.each(Object.keys(POLICIES))('%s keeps every call it was told of: a walk shows all, the waiting count is right, asking twice changes nothing', (name) => {
    const calls = new CallTable(), definition = POLICIES[name]!, draw = seededRandom(`contract/${name}`);
    const policy = definition.create({ calls, random: seededRandom('ties'), knowledge: KNOWS_NOTHING, options: resolveOptions(definition.params, {}, name) }), open = { open: new Uint8Array([1, 1, 1]), version: 0 };
    const waiting = new Set<CallSlot>(), running = new Set<CallSlot>(), any = (set: Set<CallSlot>): CallSlot => [...set][Math.floor(draw() * set.size)]!;
    for (let t = 0, made = 0; t < 3000; t++) {
      const r = draw();
      if (r < 0.4) {
        const call = calls.allocate(made % 7, made++, Math.floor(draw() * 4));
        calls.pin[call] = Math.floor(draw() * 3) - 1; calls.weight[call] = Math.floor(draw() * 3); calls.arrivedUs[call] = t; calls.state[call] = 2;
        policy.arrive(call, t); waiting.add(call);
      } else if (r < 0.65 && waiting.size > 0) { const call = policy.first(open, t); expect(waiting.has(call)).toBe(true); expect(policy.first(open, t)).toBe(call); calls.state[call] = 3; calls.grantedUs[call] = t; policy.grant(call, t); waiting.delete(call); running.add(call); }
      else if (r < 0.75 && running.size > 0 && policy.preempt) { const call = any(running); calls.state[call] = 2; policy.preempt(call, t); running.delete(call); waiting.add(call); }
      else if (r < 0.9 && running.size > 0) { const call = any(running); policy.finish(call, draw() < 0.9, t); running.delete(call); calls.release(call); }
      else if (waiting.size > 0) { const call = any(waiting); policy.cancel(call, false, t); waiting.delete(call); calls.release(call); }
      if (t % 50 !== 0) continue;
      const before = waiting.size > 0 ? policy.first(open, t) : -1, seen: CallSlot[] = [];
      policy.walk((call) => { seen.push(call); return true; }, t);
      expect([...seen].sort((a, b) => a - b)).toEqual([...waiting, ...running].sort((a, b) => a - b));
      expect(policy.waiting).toBe(waiting.size);
      expect(policy.first(open, t)).toBe(before);
      let visited = 0;
      policy.walk(() => ++visited < 3, t);
      expect(visited).toBe(Math.min(3, seen.length));
    }
    expect(waiting.size + running.size).toBeGreaterThan(20);
  });

  it('atlas says how much a running call may still produce, and moves it when it has', () => {
    const calls = new CallTable(), policy = atlas.create({ calls, random: () => 0, knowledge: KNOWS_NOTHING, options: resolveOptions(atlas.params, { levels: 3, base: 4, meter: 'tokens' }, 'atlas') }), call = calls.allocate(0, 0, 0);
    policy.arrive(call, 0); policy.grant(call, 0);
    const budgets = [policy.budget!(call)];
    for (const tokens of [1, 3, 7, 1, 100]) { policy.progress!(call, tokens, 0); budgets.push(policy.budget!(call)); }
    expect(budgets).toEqual([4, 3, 8, 1, Infinity, Infinity]);
  });
});
