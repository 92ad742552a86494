// Least attained service with a half-life: agents that got little lately go first, with some weight on how long they have waited.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { AgentQueues } from './agent-queues.ts';
import { CallList } from './call-list.ts';
import { definePolicy, type Admits, type Answered, type Policy, type PolicyContext } from './policy.ts';
import { meterParams, ServiceMeter } from './service-meter.ts';

const US_PER_S = 1_000_000;

/** 2^−x, exact for whole x: one half-life halves to the last bit. */
function halved(x: number): number {
  const whole = Math.floor(x);
  if (whole > 1074) return 0;
  let share = Math.exp((whole - x) * Math.LN2);
  for (let i = 0; i < whole; i++) share /= 2;
  return share;
}

/** Least and most of what agents that wait have. */
interface Range { readonly low: number; readonly high: number }
interface Ranges { readonly service: Range; readonly wait: Range }
const ANY = (): boolean => true;
/** Where a value stands between the least and the most, 0 … 1; 0 where all are equal. */
const within = (value: number, { low, high }: Range): number => (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0);

/** What a walk supposes to have been granted: service on top of what agents have, and their next calls by class. */
interface Supposed { readonly service: Map<number, number>; readonly next: Map<number, CallSlot[]> }
const NOTHING: Supposed = { service: new Map(), next: new Map() };

/**
 * Score of an agent: service weight · (1 − its service) + wait weight · the wait of its oldest call, both taken between the least and the most of the
 * agents that wait; the highest goes next with its oldest call, equal scores: the longest wait. Service is what vtc charges, and halves every half-life;
 * half-life 0: it never fades. An agent that has been idle for longer than `forget` is new when it comes back. Nothing that runs is taken back, so that
 * an order that changes with time alone changes nobody's place.
 * O(agents that wait × classes) a question, as the scores of all change with time; O(1) an event.
 * Source: program-aware fairness of llm-d's router (weights, half-life and time to forget are its own).
 */
class LasDecay implements Policy {
  readonly needsAllProgress = true;
  readonly #calls: CallView;
  readonly #queues: AgentQueues;
  readonly #meter: ServiceMeter;
  readonly #running = new CallList();
  readonly #serviceWeight: number;
  readonly #waitWeight: number;
  readonly #halfLifeUs: number;
  readonly #forgetUs: number;
  /** By agent: service at an instant, calls that run, and when it became idle. */
  readonly #service: number[] = [];
  readonly #atUs: number[] = [];
  readonly #runs: number[] = [];
  readonly #idleUs: number[] = [];
  /** By agent, of the present question: its oldest call and its service. */
  readonly #oldestOf: number[] = [];
  readonly #gotOf: number[] = [];
  /** Agents that wait, in no order that matters. */
  readonly #waits = new Set<number>();
  #tied = 1;

  constructor({ calls, knowledge, options }: PolicyContext) {
    const number = (name: string): number => options[name] as number;
    this.#calls = calls;
    this.#queues = new AgentQueues(calls);
    this.#meter = new ServiceMeter({ calls, knowledge, options });
    this.#serviceWeight = number('serviceWeight');
    this.#waitWeight = number('waitWeight');
    this.#halfLifeUs = number('halfLife') * US_PER_S;
    this.#forgetUs = number('forget') * US_PER_S;
  }

  get waiting(): number { return this.#queues.waiting; }

  arrive(call: CallSlot, nowUs: number): void {
    const agent = this.#calls.agent[call];
    this.#meter.arrive(call);
    while (this.#service.length <= agent) { this.#service.push(0); this.#atUs.push(0); this.#runs.push(0); this.#idleUs.push(nowUs); this.#oldestOf.push(-1); this.#gotOf.push(0); }
    if (this.#queues.size(agent) === 0 && this.#runs[agent] === 0 && nowUs - this.#idleUs[agent] > this.#forgetUs) this.#service[agent] = 0;
    this.#insert(call);
  }

  grant(call: CallSlot, nowUs: number): void {
    const agent = this.#calls.agent[call], cost = this.#meter.atGrant(call);
    this.#meter.grant(call, cost, nowUs);
    this.#charge(agent, cost, nowUs);
    this.#remove(call);
    this.#running.append(call);
    this.#runs[agent]++;
  }

  progress(call: CallSlot, tokens: number, nowUs: number): void { this.#charge(this.#calls.agent[call], this.#meter.progress(call, tokens), nowUs); }
  preempt(call: CallSlot, nowUs: number): void { this.#stop(call, nowUs); this.#meter.preempt(call, nowUs); this.#insert(call); }
  finish(call: CallSlot, well: boolean, nowUs: number): void { this.#charge(this.#calls.agent[call], this.#meter.finish(call, well, nowUs), nowUs); this.#stop(call, nowUs); }

  cancel(call: CallSlot, wasRunning: boolean, nowUs: number): void {
    if (wasRunning) { this.#stop(call, nowUs); return; }
    this.#remove(call);
    this.#idleUs[this.#calls.agent[call]] = nowUs;
  }

  first(admits: Admits, nowUs: number): CallSlot {
    const { call, tied } = this.#best(NOTHING, (k) => admits.open[k] === 1, nowUs);
    this.#tied = tied;
    return call;
  }

  walk(visit: (call: CallSlot) => boolean, nowUs: number): void {
    for (let call = this.#running.head; call >= 0; call = this.#running.after(call)) if (!visit(call)) return;
    // As calls would be granted one after another: each costs its agent, and uncovers its next.
    const supposed: Supposed = { service: new Map(), next: new Map() }, classes = this.#queues.classes;
    for (let left = this.waiting; left > 0; left--) {
      const { call } = this.#best(supposed, () => true, nowUs), agent = this.#calls.agent[call];
      if (!visit(call)) return;
      const next = supposed.next.get(agent) ?? Array.from({ length: classes }, (_, k) => this.#queues.head(agent, k));
      next[this.#calls.pin[call] + 1] = this.#queues.after(call);
      supposed.next.set(agent, next);
      supposed.service.set(agent, (supposed.service.get(agent) ?? 0) + this.#meter.atGrant(call));
    }
  }

  explain(call: CallSlot, nowUs: number): Readonly<Record<string, number>> {
    const agent = this.#calls.agent[call];
    return { score: this.#scoreOf(agent, NOTHING, this.#ranges(NOTHING, nowUs), nowUs), service: this.#serviceAt(agent, nowUs), waitedUs: nowUs - this.#calls.arrivedUs[call] };
  }

  answered(): Answered {
    const { agents } = this.#queues;
    return { tied: this.#tied, reason: agents === 1 ? 'the only agent that waits' : this.#tied === 1 ? `highest score of ${agents} agents that wait: little service lately, or a long wait` : `waits longest of ${this.#tied} agents with the highest score` };
  }

  #best(supposed: Supposed, isOpen: (callClass: number) => boolean, nowUs: number): { readonly call: CallSlot; readonly tied: number } {
    const ranges = this.#ranges(supposed, nowUs);
    let best = -1, highest = 0, tied = 1;
    for (const agent of this.#waits) {
      // What the ranges were taken from stands beside the agent.
      const oldest = this.#oldestOf[agent], score = oldest < 0 ? -1 : this.#worth(this.#gotOf[agent], nowUs - this.#calls.arrivedUs[oldest], ranges);
      if (oldest < 0 || (best >= 0 && score < highest)) continue;
      const call = this.#oldest(agent, supposed, isOpen);
      if (call < 0) continue;
      const isHigher = best < 0 || score > highest;
      tied = isHigher ? 1 : tied + 1;
      if (isHigher || this.#queues.isOlder(call, best)) { best = call; highest = score; }
    }
    return { call: best, tied };
  }

  #ranges(supposed: Supposed, nowUs: number): Ranges {
    const service = { low: Infinity, high: -Infinity }, wait = { low: Infinity, high: -Infinity };
    for (const agent of this.#waits) {
      const call = this.#oldestOf[agent] = this.#oldest(agent, supposed, ANY);
      if (call < 0) continue;
      const got = this.#gotOf[agent] = this.#serviceAt(agent, nowUs) + (supposed.service.get(agent) ?? 0), waited = nowUs - this.#calls.arrivedUs[call];
      service.low = Math.min(service.low, got); service.high = Math.max(service.high, got);
      wait.low = Math.min(wait.low, waited); wait.high = Math.max(wait.high, waited);
    }
    return { service, wait };
  }

  #scoreOf(agent: number, supposed: Supposed, ranges: Ranges, nowUs: number): number {
    const got = this.#serviceAt(agent, nowUs) + (supposed.service.get(agent) ?? 0), oldest = this.#oldest(agent, supposed, ANY), waited = oldest < 0 ? 0 : nowUs - this.#calls.arrivedUs[oldest];
    return this.#worth(got, waited, ranges);
  }

  #worth(got: number, waited: number, { service, wait }: Ranges): number {
    return this.#serviceWeight * (1 - within(got, service)) + this.#waitWeight * within(waited, wait);
  }

  /** The agent's oldest call of the classes meant, or −1. */
  #oldest(agent: number, { next }: Supposed, isMeant: (callClass: number) => boolean): CallSlot {
    const moved = next.size === 0 ? undefined : next.get(agent), { classes } = this.#queues;
    let oldest = -1;
    for (let k = 0; k < classes; k++) {
      const call = moved === undefined ? this.#queues.head(agent, k) : moved[k];
      if (call >= 0 && isMeant(k) && (oldest < 0 || this.#queues.isOlder(call, oldest))) oldest = call;
    }
    return oldest;
  }

  #serviceAt(agent: number, nowUs: number): number {
    const service = this.#service[agent];
    return service === 0 || this.#halfLifeUs === 0 ? service : service * halved((nowUs - this.#atUs[agent]) / this.#halfLifeUs);
  }

  #charge(agent: number, cost: number, nowUs: number): void {
    if (cost === 0) return;
    // Put right for what a cache held, service that has faded could end below nothing.
    this.#service[agent] = Math.max(0, this.#serviceAt(agent, nowUs) + cost);
    this.#atUs[agent] = nowUs;
  }

  #insert(call: CallSlot): void { this.#queues.insert(call); this.#waits.add(this.#calls.agent[call]); }
  #remove(call: CallSlot): void { const agent = this.#calls.agent[call]; this.#queues.remove(call); if (this.#queues.size(agent) === 0) this.#waits.delete(agent); }
  #stop(call: CallSlot, nowUs: number): void { const agent = this.#calls.agent[call]; this.#running.remove(call); this.#runs[agent]--; this.#idleUs[agent] = nowUs; }
}

export const lasDecay = definePolicy({
  name: 'las-decay',
  title: 'agents that got least service lately, and waited long, go first',
  source: 'program-aware fairness of llm-d\'s router',
  params: {
    serviceWeight: { kind: 'number', default: 0.8, min: 0, max: 1e6, help: 'weight of having got little service' },
    waitWeight: { kind: 'number', default: 0.2, min: 0, max: 1e6, help: 'weight of the wait of the oldest call' },
    halfLife: { kind: 'number', default: 60, min: 0, max: 1e9, unit: 's', help: 'service counts half after this long; 0: for ever' },
    forget: { kind: 'number', default: 3600, min: 0, max: 1e9, unit: 's', help: 'an agent idle for longer is new when it comes back' },
    ...meterParams,
  },
  knowledge: 'none',
  decision: 'O(agents)',
  needsAgents: true,
  create: (context) => new LasDecay(context),
});
