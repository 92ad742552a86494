// The fair policies in their plainest form: maps, lists and loops. What the real ones are held against.
import { BLOCKED, type PlainCall, type Reference } from './fair-rig.ts';

const get = (map: Map<number, number>, agent: number): number => map.get(agent) ?? 0;
const costAtGrant = (call: PlainCall): number => (call.hasRun ? 0 : call.prompt);
const older = (a: PlainCall, b: PlainCall): number => a.arrivedUs - b.arrivedUs || a.order - b.order;
const may = (waiting: readonly PlainCall[]): PlainCall[] => waiting.filter(({ pin }) => pin !== BLOCKED);

/** Counters, and the lift with both of its branches. */
export class PlainVtc implements Reference {
  counters = new Map<number, number>();
  lastLeft = -1;
  readonly lifts: boolean;
  constructor(lifts: boolean) { this.lifts = lifts; }

  arrive({ agent }: PlainCall, waiting: readonly PlainCall[]): void {
    if (!this.lifts || waiting.some((call) => call.agent === agent)) return;
    if (waiting.length > 0) this.counters.set(agent, Math.max(get(this.counters, agent), Math.min(...waiting.map((call) => get(this.counters, call.agent)))));
    else if (this.lastLeft >= 0) this.counters.set(agent, Math.max(get(this.counters, agent), get(this.counters, this.lastLeft)));
  }

  pick(waiting: readonly PlainCall[]): PlainCall | undefined { return may(waiting).sort((a, b) => get(this.counters, a.agent) - get(this.counters, b.agent) || older(a, b))[0]; }
  grant(call: PlainCall, left: readonly PlainCall[]): void { this.charge(call.agent, costAtGrant(call)); this.gone(call, left); }
  gone({ agent }: PlainCall, left: readonly PlainCall[]): void { if (left.length === 0) this.lastLeft = agent; }
  charge(agent: number, tokens: number): void { this.counters.set(agent, get(this.counters, agent) + tokens); }
  copy(): PlainVtc { const other = new PlainVtc(this.lifts); other.counters = new Map(this.counters); other.lastLeft = this.lastLeft; return other; }
}

/** Turns round by round: what is left of each agent's quantum, and the round that it is in. */
export class PlainDrr implements Reference {
  left = new Map<number, number>();
  rounds = new Map<number, number>();
  ring: number[] = [];
  lastLeft = -1;
  readonly quantum: number;
  constructor(quantum: number) { this.quantum = quantum; }

  arrive({ agent }: PlainCall, waiting: readonly PlainCall[]): void {
    if (!this.left.has(agent)) this.left.set(agent, this.quantum);
    if (waiting.some((call) => call.agent === agent)) return;
    this.ring = [...this.ring.filter((other) => other !== agent), agent];
    const round = waiting.length > 0 ? Math.min(...waiting.map((call) => get(this.rounds, call.agent))) : this.lastLeft >= 0 ? get(this.rounds, this.lastLeft) : 0;
    if (get(this.rounds, agent) < round) { this.rounds.set(agent, round); this.left.set(agent, this.quantum); }
  }

  pick(waiting: readonly PlainCall[]): PlainCall | undefined {
    const open = may(waiting);
    if (open.length === 0) return undefined;
    for (let round = Math.min(...open.map(({ agent }) => get(this.rounds, agent))); ; round++) {
      for (const agent of this.ring) if (get(this.rounds, agent) === round) { const next = open.filter((call) => call.agent === agent).sort(older)[0]; if (next) return next; }
    }
  }

  grant(call: PlainCall, left: readonly PlainCall[]): void { this.charge(call.agent, costAtGrant(call)); this.gone(call, left); }
  gone({ agent }: PlainCall, left: readonly PlainCall[]): void { if (left.length === 0) this.lastLeft = agent; }

  charge(agent: number, tokens: number): void {
    this.left.set(agent, this.left.get(agent)! - tokens);
    while (this.left.get(agent)! <= 0) { this.left.set(agent, this.left.get(agent)! + this.quantum); this.rounds.set(agent, get(this.rounds, agent) + 1); }
    while (this.left.get(agent)! > this.quantum) { this.left.set(agent, this.left.get(agent)! - this.quantum); this.rounds.set(agent, get(this.rounds, agent) - 1); }
  }

  copy(): PlainDrr { const other = new PlainDrr(this.quantum); other.left = new Map(this.left); other.rounds = new Map(this.rounds); other.ring = [...this.ring]; other.lastLeft = this.lastLeft; return other; }
}

/** Start and end of each agent's next call in virtual time, which is the end of the call granted last. */
export class PlainWfq implements Reference {
  starts = new Map<number, number>();
  virtual = 0;
  readonly weights: readonly number[];
  constructor(weights: readonly number[]) { this.weights = weights; }

  #share(agent: number, tokens: number): number { return tokens / this.weights[agent % this.weights.length]!; }
  #end(call: PlainCall): number { return get(this.starts, call.agent) + this.#share(call.agent, costAtGrant(call)); }
  arrive({ agent }: PlainCall, waiting: readonly PlainCall[]): void { if (!waiting.some((call) => call.agent === agent)) this.starts.set(agent, Math.max(get(this.starts, agent), this.virtual)); }
  /** The oldest call of each agent that may go, by its end. */
  pick(waiting: readonly PlainCall[]): PlainCall | undefined {
    const open = may(waiting).sort(older), heads = open.filter((call) => open.find(({ agent, pin }) => agent === call.agent && pin === call.pin) === call);
    return heads.sort((a, b) => this.#end(a) - this.#end(b) || older(a, b))[0];
  }
  grant(call: PlainCall): void { const end = this.#end(call); this.virtual = Math.max(this.virtual, end); this.starts.set(call.agent, end); }
  charge(agent: number, tokens: number): void { this.starts.set(agent, get(this.starts, agent) + this.#share(agent, tokens)); }
  copy(): PlainWfq { const other = new PlainWfq(this.weights); other.starts = new Map(this.starts); other.virtual = this.virtual; return other; }
}

/** Two scores differ by no more than rounding, so that nobody can say which is higher. */
export class TooClose extends Error {}

/** Service halves with every half-life, written as a power of a half. */
export class PlainLas implements Reference {
  service = new Map<number, { got: number; atUs: number }>();
  readonly halfLifeUs: number;
  constructor(halfLifeUs: number) { this.halfLifeUs = halfLifeUs; }

  of(agent: number, nowUs: number): number { const row = this.service.get(agent); return row === undefined ? 0 : this.halfLifeUs === 0 ? row.got : row.got * 0.5 ** ((nowUs - row.atUs) / this.halfLifeUs); }
  arrive(): void { /* Nothing is kept of arrivals. */ }

  pick(waiting: readonly PlainCall[], nowUs: number): PlainCall | undefined {
    const agents = [...new Set(waiting.map(({ agent }) => agent))], waits = (agent: number): number => nowUs - Math.min(...waiting.filter((call) => call.agent === agent).map(({ arrivedUs }) => arrivedUs));
    const share = (values: readonly number[], value: number): number => { const low = Math.min(...values), high = Math.max(...values); return high > low ? (value - low) / (high - low) : 0; };
    const score = (agent: number): number => 0.8 * (1 - share(agents.map((one) => this.of(one, nowUs)), this.of(agent, nowUs))) + 0.2 * share(agents.map(waits), waits(agent));
    const scores = agents.map(score).sort((a, b) => a - b);
    if (scores.some((one, i) => i > 0 && one !== scores[i - 1] && one - scores[i - 1]! < 1e-9)) throw new TooClose();
    return may(waiting).sort((a, b) => score(b.agent) - score(a.agent) || older(a, b))[0];
  }

  grant(call: PlainCall, _left: readonly PlainCall[], nowUs: number): void { this.charge(call.agent, costAtGrant(call), nowUs); }
  charge(agent: number, tokens: number, nowUs: number): void { this.service.set(agent, { got: Math.max(0, this.of(agent, nowUs) + tokens), atUs: nowUs }); }
  copy(): PlainLas { const other = new PlainLas(this.halfLifeUs); other.service = new Map([...this.service].map(([agent, row]) => [agent, { ...row }])); return other; }
}
