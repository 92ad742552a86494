// The state machine of ATLAS: the process table says what a call inherits, levels hold the calls, a heap knows who has waited too long.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { Deadlines } from '../dispatch/deadlines.ts';
import { SchedlabError } from '../errors.ts';
import type { ParamValues } from '../options.ts';
import { ProcessTable } from '../programs/process-table.ts';
import { US_PER_S, type ServiceUnit } from '../programs/service-meter.ts';
import { LevelQueues } from './level-queues.ts';
import { levelOf, levelsOf, type Levels } from './levels.ts';
import type { Admits, Answered, Policy } from './policy.ts';
import { Starvation } from './starvation.ts';

export interface AtlasOptions {
  readonly mode: 'scalar' | 'parents' | 'sum';
  readonly levels: Levels;
  readonly unit: ServiceUnit;
  readonly outputWeight: number;
  /** 0: nobody is promoted. */
  readonly beta: number;
  /** Infinity: no program is forgotten before its end. */
  readonly idleLimitUs: number;
}

const BASES: Readonly<Record<ServiceUnit, number>> = { decode: 512, weighted: 2048, wall: 1, kv: 8192 };
const QUANTUM_TOKENS = 512;

/** Reads resolved options. Throws what `levelsOf` throws, and ERR_OPTION_RANGE for a quantum below what is counted: a token, or a microsecond. */
export function atlasOptions(options: ParamValues): AtlasOptions {
  const meter = options['meter'] as string, unit = (meter === 'tokens' ? 'decode' : meter === 'seconds' ? 'wall' : meter) as ServiceUnit;
  const base = options['base'] === 'auto' ? BASES[unit] : (options['base'] as number), isTokens = unit === 'weighted' || unit === 'kv';
  const quantum = options['quantum'] === 'auto' ? (isTokens ? QUANTUM_TOKENS : base) : (options['quantum'] as number);
  const levels = levelsOf(options, { bound: base, quantum }, 'atlas'), least = unit === 'wall' ? 1 / US_PER_S : 1, short = levels.quanta.find((size) => size < least);
  if (short !== undefined) throw new SchedlabError('ERR_OPTION_RANGE', `atlas has a quantum of ${short} ${unit === 'wall' ? 's, and time is counted in microseconds' : 'tokens, and engines tell whole ones'}: it would be over before it is told of, and asked for again and again. Give ${least} or more, by ${options['quanta'] === 'doubling' ? (options['quantum'] === 'auto' ? 'base or quantum' : 'quantum') : 'quanta'}.`, { key: 'quantum', value: short });
  return {
    mode: options['mode'] as AtlasOptions['mode'], levels, unit, outputWeight: options['outputWeight'] as number,
    beta: options['beta'] as number, idleLimitUs: options['idleLimit'] === 'none' ? Infinity : (options['idleLimit'] as number) * US_PER_S,
  };
}

/**
 * A call enters the level whose range holds what it inherits; first come, first served inside a level, where a running call keeps its place; a call that
 * has produced its level's quantum goes to the tail of the next (only engines that report progress can tell; time needs no report). A waiting call
 * with (W_p + W_c) ÷ (T_p + T_c) ≥ beta, in times whatever the meter, goes to the tail of the first level, and its own W_c and T_c count anew. When a call
 * ends, in mode scalar: program = max(program, inherited + own). O(levels) a question, O(log calls) an event.
 */
export class AtlasPolicy implements Policy {
  readonly #calls: CallView;
  readonly #options: AtlasOptions;
  readonly #table: ProcessTable;
  readonly #queues: LevelQueues;
  readonly #starvation: Starvation | undefined;
  /** Where quanta are time: when each running call has used its own. */
  readonly #expiries: Deadlines | undefined;
  /** What was used of the quantum of the level, in tokens or seconds; by slot. */
  #used = new Float64Array(64);
  /** Until when time is counted in it, in µs; by slot. */
  #usedUntilUs = new Float64Array(64);
  /** Level of the last answer. */
  #answeredIn = 0;

  constructor(calls: CallView, options: AtlasOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#table = new ProcessTable({ meter: options, keepsCalls: options.mode === 'parents' });
    this.#queues = new LevelQueues(calls, options.levels.bounds.length);
    this.#starvation = options.beta > 0 ? new Starvation(this.#table, options.beta) : undefined;
    this.#expiries = options.unit === 'wall' ? new Deadlines() : undefined;
  }

  get waiting(): number { return this.#queues.waiting; }

  arrive(call: CallSlot, nowUs: number): void {
    this.#settle(nowUs);
    const { program, ordinal, promptTokens } = this.#calls, table = this.#table;
    if (call >= this.#used.length) this.#grow(call);
    if (this.#options.idleLimitUs !== Infinity) table.reap(nowUs, this.#options.idleLimitUs);
    table.arrive(call, program[call], ordinal[call], promptTokens[call], nowUs);
    table.inherits(call, this.#inheritedBy(call));
    const level = levelOf(this.#options.levels.bounds, table.inherited[call]);
    this.#used[call] = 0;
    this.#queues.enter(call, level);
    this.#starvation?.arrive(call);
    if (level > 0) this.#starvation?.enter(call, this.#queues.rankOf(call), nowUs);
  }

  grant(call: CallSlot, nowUs: number): void {
    this.#starvation?.leave(call);
    this.#table.start(call, this.#calls.engine[call], nowUs);
    this.#queues.grant(call);
    this.#expire(call, nowUs);
  }

  progress(call: CallSlot, tokens: number, nowUs: number): void {
    this.#table.progress(call, tokens, nowUs);
    if (this.#expiries === undefined) this.#use(call, tokens);
  }

  /** Stands where it stood in its level. Calls of one instant may be told in any order: nobody is promoted here. */
  preempt(call: CallSlot, nowUs: number): void {
    this.#pause(call, nowUs);
    this.#table.stop(call, nowUs);
    this.#queues.preempt(call);
    if (this.#queues.level[call] > 0) this.#starvation?.enter(call, this.#queues.rankOf(call), nowUs);
  }

  finish(call: CallSlot, _well: boolean, nowUs: number): void { this.#end(call, true, nowUs); }
  cancel(call: CallSlot, wasRunning: boolean, nowUs: number): void { this.#end(call, wasRunning, nowUs); }

  programEnd(program: number, nowUs: number): void {
    this.#settle(nowUs);
    this.#starvation?.forget(this.#table.rows.find(program));
    this.#table.close(program);
  }

  first(admits: Admits, nowUs: number): CallSlot {
    this.#settle(nowUs);
    const call = this.#queues.first(admits);
    if (call >= 0) this.#answeredIn = this.#queues.level[call];
    return call;
  }

  /** By level, then in the order in which calls entered it. */
  walk(visit: (call: CallSlot) => boolean, nowUs: number): void { this.#settle(nowUs); this.#queues.walk(visit); }

  /** Whole tokens: engines tell no parts of one. */
  budget(call: CallSlot): number { return this.#expiries === undefined ? Math.ceil(this.#options.levels.quanta[this.#queues.level[call]] - this.#used[call]) : Infinity; }

  nextChangeUs(nowUs: number): number { return Math.max(nowUs + 1, Math.min(this.#starvation?.nextUs ?? Infinity, this.#expiries?.nextUs ?? Infinity)); }

  tag(call: CallSlot): number { return this.#queues.level[call]; }

  explain(call: CallSlot, nowUs: number): Readonly<Record<string, number>> {
    const level = this.#queues.level[call], terms = { score: 0 - level, level, service: this.#table.inherited[call] };
    return this.#starvation === undefined || level === 0 ? terms : { ...terms, waitRatio: this.#starvation.ratio(call, nowUs) };
  }

  answered(): Answered {
    const tied = this.#queues.waitingIn(this.#answeredIn);
    return { tied, reason: this.waiting === 1 ? 'the only call that waits' : tied === 1 ? 'alone in the lowest level' : `first to come of ${tied} in the lowest level` };
  }

  /** What a program is known by: for tests and inspection. */
  get table(): ProcessTable { return this.#table; }
  levelOf(call: CallSlot): number { return this.#queues.level[call]; }

  #inheritedBy(call: CallSlot): number {
    const table = this.#table, row = table.row[call];
    switch (this.#options.mode) {
      case 'scalar': return table.rows.critical[row];
      case 'sum': return table.rows.service[row];
      case 'parents': { const parents = this.#calls.parentsOf(call); return parents === undefined ? table.fromBefore(call) : table.fromParents(call, parents); }
    }
  }

  /** What time alone has changed until now: quanta of time that are used up, calls that have waited too long. */
  #settle(nowUs: number): void {
    const expiries = this.#expiries, starvation = this.#starvation;
    if (expiries !== undefined) while (expiries.nextUs <= nowUs) {
      const atUs = expiries.nextUs, call = expiries.pop();
      this.#used[call] = 0;
      this.#queues.demote(call, this.#queues.level[call] + 1);
      this.#expire(call, atUs);
    }
    if (starvation !== undefined) while (starvation.nextUs <= nowUs) {
      const call = starvation.pop();
      this.#used[call] = 0;
      this.#queues.leaveWaiting(call);
      this.#queues.enter(call, 0);
    }
  }

  /** So many tokens more of the quantum; what is beyond it counts in the next level. */
  #use(call: CallSlot, tokens: number): void {
    const { quanta } = this.#options.levels, { level } = this.#queues;
    this.#used[call] += tokens;
    let to = level[call];
    while (this.#used[call] >= quanta[to]) this.#used[call] -= quanta[to++];
    if (to > level[call]) this.#queues.demote(call, to);
  }

  /** Sets the instant at which a running call has used up its quantum of time. */
  #expire(call: CallSlot, fromUs: number): void {
    if (this.#expiries === undefined) return;
    this.#usedUntilUs[call] = fromUs;
    const atUs = fromUs + (this.#options.levels.quanta[this.#queues.level[call]] - this.#used[call]) * US_PER_S;
    if (atUs !== Infinity) this.#expiries.push(call, atUs, this.#queues.rankOf(call));
  }

  /** A running call stops: what it used of a quantum of time is kept. */
  #pause(call: CallSlot, nowUs: number): void {
    if (this.#expiries === undefined) return;
    this.#expiries.remove(call);
    this.#used[call] += (nowUs - this.#usedUntilUs[call]) / US_PER_S;
  }

  #end(call: CallSlot, wasRunning: boolean, nowUs: number): void {
    this.#settle(nowUs);
    const { cachedTokens, outputTokens } = this.#calls;
    this.#starvation?.leave(call);
    this.#expiries?.remove(call);
    if (wasRunning) this.#queues.leaveRunning(call);
    else this.#queues.leaveWaiting(call);
    this.#table.end(call, cachedTokens[call], outputTokens[call], nowUs);
    this.#starvation?.changed(this.#table.row[call], nowUs);
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#used.length * 2, call + 1);
    const used = new Float64Array(n); used.set(this.#used); this.#used = used;
    const until = new Float64Array(n); until.set(this.#usedUntilUs); this.#usedUntilUs = until;
  }
}
