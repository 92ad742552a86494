// What policies have in common whose order changes with time or with caches, so that every question looks at all that wait.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { Admits, Answered, Policy } from './policy.ts';

/** O(1) an event, O(n) a question, O(n log n) a walk. What runs keeps its place; equal scores go in order of arrival. */
export abstract class ScannedPolicy implements Policy {
  protected readonly calls: CallView;
  /** In no order; `#at` tells the place of each. */
  readonly #waiting: CallSlot[] = [];
  readonly #running: CallSlot[] = [];
  readonly #at: number[] = [];
  #answer = -1;
  #open: Uint8Array | undefined;

  constructor(calls: CallView) { this.calls = calls; }

  /** Highest first. */
  protected abstract scoreOf(call: CallSlot, nowUs: number): number;
  protected abstract readonly most: string;

  get waiting(): number { return this.#waiting.length; }
  arrive(call: CallSlot, _nowUs: number): void { this.#put(this.#waiting, call); }
  grant(call: CallSlot, _nowUs: number): void { this.#take(this.#waiting, call); this.#put(this.#running, call); }
  preempt(call: CallSlot, _nowUs: number): void { this.#take(this.#running, call); this.#put(this.#waiting, call); }
  finish(call: CallSlot, _well: boolean, _nowUs: number): void { this.#take(this.#running, call); }
  cancel(call: CallSlot, wasRunning: boolean, _nowUs: number): void { this.#take(wasRunning ? this.#running : this.#waiting, call); }

  first(admits: Admits, nowUs: number): CallSlot { this.#open = admits.open; return (this.#answer = this.best(admits, nowUs)); }

  walk(visit: (call: CallSlot) => boolean, nowUs: number): void {
    for (const call of [...this.#running].sort((a, b) => (this.#isOlder(a, b) ? -1 : 1))) if (!visit(call)) return;
    this.walkWaiting(visit, nowUs);
  }

  protected best(admits: Admits, nowUs: number): CallSlot {
    const { pin } = this.calls, { open } = admits;
    let best = -1, score = 0;
    for (const call of this.#waiting) {
      if (open[pin[call] + 1] !== 1) continue;
      const own = this.scoreOf(call, nowUs);
      if (best < 0 || own > score || (own === score && this.#isOlder(call, best))) { best = call; score = own; }
    }
    return best;
  }

  protected walkWaiting(visit: (call: CallSlot) => boolean, nowUs: number): void {
    const older = (a: CallSlot, b: CallSlot): number => (this.#isOlder(a, b) ? -1 : 1);
    const scores = new Map(this.#waiting.map((call) => [call, this.scoreOf(call, nowUs)]));
    for (const call of [...this.#waiting].sort((a, b) => (scores.get(a) === scores.get(b) ? older(a, b) : scores.get(b)! > scores.get(a)! ? 1 : -1))) if (!visit(call)) return;
  }

  answered(nowUs: number): Answered {
    const { pin } = this.calls, score = this.scoreOf(this.#answer, nowUs);
    let tied = 0;
    for (const call of this.#waiting) if (this.#open?.[pin[call] + 1] === 1 && this.scoreOf(call, nowUs) === score) tied++;
    return { tied, reason: this.waiting === 1 ? 'the only call that waits' : tied === 1 ? `alone with ${this.most}` : `first to come of ${tied} with ${this.most}` };
  }

  #isOlder(a: CallSlot, b: CallSlot): boolean { const { arrivedUs, key } = this.calls; return arrivedUs[a] < arrivedUs[b] || (arrivedUs[a] === arrivedUs[b] && key[a] < key[b]); }
  #put(list: CallSlot[], call: CallSlot): void { this.#at[call] = list.push(call) - 1; }
  #take(list: CallSlot[], call: CallSlot): void {
    const at = this.#at[call], last = list.pop()!;
    if (last === call) return;
    list[at] = last;
    this.#at[last] = at;
  }
}

/** The engine whose cache a waiting call would meet, as far as that is settled; −1: any. */
export const engineOf = (calls: CallView, call: CallSlot): number => (calls.pin[call] >= 0 ? calls.pin[call] : calls.engine[call]);
