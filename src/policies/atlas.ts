// ATLAS, scalar form: programs that have had least service first, in levels. Service of a program is its longest chain of calls so far.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamValues } from '../options.ts';
import { CallList } from './call-list.ts';
import { ClassQueues } from './class-queues.ts';
import { definePolicy, type Admits, type Answered, type Policy } from './policy.ts';

const US_PER_S = 1_000_000;

/**
 * A call enters the level whose range holds the service that its program had when the call arrived; first come, first served
 * inside a level; a call that uses up its level's quantum goes to the tail of the next (only engines that report progress can
 * tell). When a call ends: program = max(program, inherited + own). Levels double: level 0 holds [0, base), level i ≥ 1 holds
 * [base·2^(i−1), base·2^i), the last is open; quantum of level i: base·2^i. O(levels) a question, O(1) an event.
 * Bounds and quanta are ours: the paper publishes none (Autellix, arXiv 2502.13965, §4.2 and Algorithm 1).
 */
class Atlas implements Policy {
  readonly #calls: CallView;
  readonly #levels: ClassQueues[];
  readonly #running = new CallList();
  readonly #base: number;
  readonly #inTime: boolean;
  /** Service by program, in tokens or seconds. */
  readonly #service = new Map<number, number>();
  /** By slot: service inherited at arrival, level, what was used of its quantum, service since the grant. */
  #inherited = new Float64Array(64);
  #level = new Uint8Array(64);
  #used = new Float64Array(64);
  #own = new Float64Array(64);
  /** Level of the last answer. */
  #answeredIn = 0;
  /** Calls that lost their places at this instant and still wait, each level's in the order of their arrival. */
  readonly #lost: CallSlot[] = [];
  #lostUs = -1;
  waiting = 0;

  constructor(calls: CallView, options: ParamValues) {
    this.#calls = calls;
    this.#levels = Array.from({ length: options['levels'] as number }, () => new ClassQueues(calls));
    this.#inTime = options['meter'] === 'seconds';
    this.#base = options['base'] === 'auto' ? (this.#inTime ? 1 : 512) : (options['base'] as number);
  }

  arrive(call: CallSlot): void {
    this.#ensure(call);
    const service = this.#service.get(this.#calls.program[call]) ?? 0;
    this.#inherited[call] = service;
    this.#level[call] = this.#levelOf(service);
    this.#used[call] = 0;
    this.#own[call] = 0;
    this.#levels[this.#level[call]].append(call);
    this.waiting++;
  }

  grant(call: CallSlot): void { this.#forgetLost(call); this.#levels[this.#level[call]].remove(call); this.#running.append(call); this.waiting--; }

  progress(call: CallSlot, tokens: number): void {
    this.#own[call] += tokens;
    this.#used[call] += tokens;
    const last = this.#levels.length - 1;
    while (this.#level[call] < last && this.#used[call] >= this.#quantum(this.#level[call])) {
      this.#used[call] -= this.#quantum(this.#level[call]);
      this.#level[call]++;
    }
  }

  /** Goes to the tail of its level. Those of one instant stand there in the order of their arrival, however it is told. */
  preempt(call: CallSlot, nowUs: number): void {
    const level = this.#level[call], queue = this.#levels[level];
    this.#running.remove(call);
    this.#forgetLost(call);
    if (nowUs !== this.#lostUs) { this.#lostUs = nowUs; this.#lost.length = 0; }
    const at = this.#lost.findIndex((other) => this.#level[other] === level && this.#isLater(other, call));
    queue.append(call);
    if (at < 0) { this.#lost.push(call); this.waiting++; return; }
    for (const other of this.#lost.slice(at)) if (this.#level[other] === level) { queue.remove(other); queue.append(other); }
    this.#lost.splice(at, 0, call);
    this.waiting++;
  }

  finish(call: CallSlot, _well: boolean, nowUs: number): void {
    this.#running.remove(call);
    const calls = this.#calls, own = this.#inTime ? (nowUs - calls.grantedUs[call]) / US_PER_S : Math.max(calls.outputTokens[call], this.#own[call]);
    const program = calls.program[call], total = this.#inherited[call] + own;
    if (total > (this.#service.get(program) ?? 0)) this.#service.set(program, total);
  }

  cancel(call: CallSlot, wasRunning: boolean): void {
    this.#forgetLost(call);
    if (wasRunning) this.#running.remove(call);
    else { this.#levels[this.#level[call]].remove(call); this.waiting--; }
  }

  programEnd(program: number): void { this.#service.delete(program); }

  first(admits: Admits): CallSlot {
    for (let i = 0; i < this.#levels.length; i++) {
      const call = this.#levels[i].size > 0 ? this.#levels[i].first(admits) : -1;
      if (call >= 0) { this.#answeredIn = i; return call; }
    }
    return -1;
  }

  /** By level; within a level those that run before those that wait. */
  walk(visit: (call: CallSlot) => boolean): void {
    for (let i = 0; i < this.#levels.length; i++) {
      for (let call = this.#running.head; call >= 0; call = this.#running.after(call)) if (this.#level[call] === i && !visit(call)) return;
      if (!this.#levels[i].walk(visit)) return;
    }
  }

  budget(call: CallSlot): number { return this.#level[call] === this.#levels.length - 1 ? Infinity : this.#quantum(this.#level[call]) - this.#used[call]; }
  explain(call: CallSlot): Readonly<Record<string, number>> { return { score: 0 - this.#level[call], level: this.#level[call], service: this.#inherited[call] }; }
  answered(): Answered {
    const tied = this.#levels[this.#answeredIn].size;
    return { tied, reason: this.waiting === 1 ? 'the only call that waits' : tied === 1 ? 'alone in the lowest level' : `first to come of ${tied} in the lowest level` };
  }

  #isLater(a: CallSlot, b: CallSlot): boolean { const { arrivedUs, key } = this.#calls; return arrivedUs[a] > arrivedUs[b] || (arrivedUs[a] === arrivedUs[b] && key[a] > key[b]); }

  #forgetLost(call: CallSlot): void { const at = this.#lost.length === 0 ? -1 : this.#lost.indexOf(call); if (at >= 0) this.#lost.splice(at, 1); }

  #quantum(level: number): number { return this.#base * (1 << level); }

  #levelOf(service: number): number {
    let level = 0;
    for (let bound = this.#base; service >= bound && level < this.#levels.length - 1; bound *= 2) level++;
    return level;
  }

  #ensure(call: CallSlot): void {
    if (call < this.#level.length) return;
    const n = Math.max(this.#level.length * 2, call + 1);
    const level = new Uint8Array(n); level.set(this.#level); this.#level = level;
    const inherited = new Float64Array(n); inherited.set(this.#inherited); this.#inherited = inherited;
    const used = new Float64Array(n); used.set(this.#used); this.#used = used;
    const own = new Float64Array(n); own.set(this.#own); this.#own = own;
  }
}

export const atlas = definePolicy({
  name: 'atlas',
  title: 'programs with least attained service first, in doubling levels',
  source: 'Autellix, arXiv 2502.13965, Algorithm 1; bounds and quanta ours',
  params: {
    levels: { kind: 'number', default: 8, min: 1, max: 30, integer: true, help: 'number of levels' },
    base: { kind: 'numberOrWord', default: 'auto', min: 1e-6, words: ['auto'], help: 'upper bound of the first level and its quantum, in the meter\'s unit; auto: 512 tokens or 1 s' },
    meter: { kind: 'choice', default: 'tokens', values: ['tokens', 'seconds'], help: 'what counts as service: output tokens, or time on the engine' },
  },
  knowledge: 'none',
  create: ({ calls, options }) => new Atlas(calls, options),
});
