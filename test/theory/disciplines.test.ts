// Preemptive priorities and processor sharing: engines that ask a policy, or serve all at once.
import { describe, expect, it } from 'vitest';
import type { CallSlot, CallView } from '../../src/dispatch/calls.ts';
import { definePolicy, type Admits, type Policy } from '../../src/policies/policy.ts';
import { deterministic, exponential, type Distribution } from '../../sim/random/distributions.ts';
import type { Streams } from '../../sim/random/streams.ts';
import type { Model } from '../../sim/scenario.ts';
import type { ProgramDraft, Workload } from '../../sim/workload/workload.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { modelOf, play } from '../worlds/scripted-model.ts';
import { agrees, erlangWait, replicate, valuesOf } from './rig.ts';

/** The lower the class, the sooner; first come, first served within a class; a better class takes the place of a worse one. */
class StaticPriority implements Policy {
  readonly #calls: CallView;
  #present: CallSlot[] = [];
  readonly #running = new Set<CallSlot>();
  constructor(calls: CallView) { this.#calls = calls; }

  get waiting(): number { return this.#present.length - this.#running.size; }
  arrive(call: CallSlot): void { let i = this.#present.length; while (i > 0 && this.#calls.callClass[this.#present[i - 1]!]! > this.#calls.callClass[call]!) i--; this.#present.splice(i, 0, call); }
  grant(call: CallSlot): void { this.#running.add(call); }
  preempt(call: CallSlot): void { this.#running.delete(call); }
  finish(call: CallSlot): void { this.#running.delete(call); this.#present.splice(this.#present.indexOf(call), 1); }
  cancel(call: CallSlot): void { this.finish(call); }
  first(_admits: Admits): CallSlot { return this.#present.find((call) => !this.#running.has(call)) ?? -1; }
  walk(visit: (call: CallSlot) => boolean): void { for (const call of this.#present) if (!visit(call)) return; }
}
const staticPriority = definePolicy({ name: 'static-priority', title: 'the lower the class, the sooner', source: 'Cobham, 1954', params: {}, knowledge: 'none', create: ({ calls }) => new StaticPriority(calls) });

interface Class { readonly rate: number; readonly service: Distribution }

/** Poisson arrivals of several classes, merged. */
class PoissonClasses implements Workload {
  readonly #classes: readonly Class[];
  readonly #gaps; readonly #services;
  readonly #nextS: number[];
  #left: number;
  #made = 0;

  constructor(streams: Streams, classes: readonly Class[], calls: number) {
    this.#classes = classes;
    this.#gaps = classes.map((_, k) => streams.stream(`gaps/${k}`));
    this.#services = classes.map((_, k) => streams.stream(`service/${k}`));
    this.#nextS = classes.map(({ rate }, k) => exponential(1 / rate).sample(this.#gaps[k]!));
    this.#left = calls;
  }

  next(draft: ProgramDraft): boolean {
    if (this.#left-- === 0) return false;
    const k = this.#nextS.indexOf(Math.min(...this.#nextS)), { rate, service } = this.#classes[k]!;
    draft.program = this.#made++;
    draft.arrivalUs = Math.round(this.#nextS[k]! * 1e6);
    draft.callClass = k;
    draft.agent = 0;
    draft.length = 1;
    draft.serviceUs[0] = Math.max(1, Math.round(service.sample(this.#services[k]!) * 1e6));
    this.#nextS[k]! += exponential(1 / rate).sample(this.#gaps[k]!);
    return true;
  }
}

function priorities(classes: readonly Class[], calls: number, discipline: 'preempt-resume' | 'nonpreemptive'): Model {
  return {
    ...modelOf({ programs: [], policy: staticPriority, engines: { discipline }, place: discipline === 'nonpreemptive' ? 'gate' : 'engine', window: discipline === 'nonpreemptive' ? 1 : Infinity, classes: classes.map((_, k) => `c${k}`), agents: 1 }),
    workload: (streams) => new PoissonClasses(streams, classes, calls),
  };
}

const LAWS: readonly (readonly [string, readonly Class[], readonly number[]])[] = [
  ['exponential', [{ rate: 0.2, service: exponential(1) }, { rate: 0.25, service: exponential(0.8) }, { rate: 0.2, service: exponential(1.5) }], [2, 2 * 0.64, 2 * 2.25]],
  ['deterministic', [{ rate: 0.3, service: deterministic(0.5) }, { rate: 0.25, service: deterministic(2) }], [0.25, 4]],
];

describe('static priorities, one server', () => {
  it.each(LAWS)('preempt-resume, %s: T_k = E[S_k]/(1 − σ_{k−1}) + R_k/((1 − σ_{k−1})(1 − σ_k))', async (name, classes, squares) => {
    const records = await replicate(priorities(classes, 15_000, 'preempt-resume'), `resume ${name}`);
    let before = 0, sigma = 0, residual = 0;
    classes.forEach(({ rate, service }, k) => {
      before = sigma;
      sigma += rate * service.mean;
      residual += (rate * squares[k]!) / 2;
      agrees(valuesOf(records, `response.mean[class=c${k}]`), service.mean / (1 - before) + residual / ((1 - before) * (1 - sigma)));
    });
    expect(valuesOf(records, 'preemptions').every((n) => n > 500)).toBe(true);
    expect(valuesOf(records, 'preemptions[class=c0]').every((n) => n === 0)).toBe(true);
  }, 30_000);

  it.each(LAWS)('without preemption, %s: W_k = R/((1 − σ_{k−1})(1 − σ_k))', async (name, classes, squares) => {
    const records = await replicate(priorities(classes, 15_000, 'nonpreemptive'), `stay ${name}`);
    const residual = classes.reduce((sum, { rate }, k) => sum + (rate * squares[k]!) / 2, 0);
    let before = 0, sigma = 0;
    classes.forEach(({ rate, service }, k) => {
      before = sigma;
      sigma += rate * service.mean;
      agrees(valuesOf(records, `wait.mean[class=c${k}]`), residual / ((1 - before) * (1 - sigma)));
    });
  }, 30_000);

  it('the best class does not notice the others where it may take their places: to the microsecond', async () => {
    const classes = LAWS[0]![1], ends: number[][] = [];
    for (const [model, calls] of [[classes.slice(0, 1), 1000], [classes, 5000]] as const) {
      const best: (readonly [number, number])[] = [];
      await play(priorities(model, calls, 'preempt-resume'), { seed: 'best', callLine: (line) => { if (line.class === 'c0') best.push([line.arrival, line.finished!]); } });
      ends.push(best.sort(([a], [b]) => a - b).slice(0, 900).flat());
    }
    expect(ends[0]!.length).toBe(1800);
    expect(ends[1]).toEqual(ends[0]);
  });
});

describe('processor sharing', () => {
  it.each(['exponential', 'deterministic', 'hyperexponential:cv2=10'])('of %s calls responds in 1/(1 − ρ), whatever the law, and slows a call of any size by as much', async (service) => {
    const records = await replicate(scenarioModel('queueing', { discipline: 'ps', load: 0.6, service, calls: 10_000 }), `ps ${service}`);
    agrees(valuesOf(records, 'response.mean'), 1 / 0.4);
    agrees(valuesOf(records, 'slowdown.mean'), 1 / 0.4);
  }, 30_000);

  it('with two places at most one place a call: M/M/2 in mean response', async () => {
    const records = await replicate(scenarioModel('queueing', { discipline: 'ps', servers: 2, load: 0.7, calls: 10_000 }), 'ps 2');
    // Exponential calls do not care how a work-conserving pool treats them.
    agrees(valuesOf(records, 'response.mean'), 1 + erlangWait(2, 0.7));
  }, 30_000);
});

describe('exponential calls', () => {
  it('are served alike in the mean by every policy that does not know their size, also where it may preempt', async () => {
    for (const policy of ['round-robin', 'atlas', 'loco']) {
      const records = await replicate(scenarioModel('queueing', { policy, discipline: 'preempt-resume', load: 0.5, calls: 3000, agents: 4 }), `alike ${policy}`);
      agrees(valuesOf(records, 'response.mean'), 1 / 0.5);
    }
  }, 60_000);
});
