// Oldest first with fair ties: the call that waits longest, drawn at random among those that arrived in the same instant.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { RandomSource } from '../random.ts';
import { CallList } from './call-list.ts';
import { definePolicy, type Admits, type Answered, type Policy } from './policy.ts';

/** Calls of one arrival instant and one eligibility class: a bag to draw from. */
interface Bag { readonly arrivedUs: number; readonly calls: CallSlot[] }

/**
 * Differs from `fcfs` in ties only: there the lowest program number wins, always the same agents where many arrive together.
 * O(1) amortised an event where bags are small; a question O(classes met).
 */
class OldestFirst implements Policy {
  readonly #calls: CallView;
  readonly #random: RandomSource;
  readonly #classes: Bag[][] = [];
  readonly #running = new CallList();
  #answer = -1;
  #tied = 0;
  #answeredFor = -1;
  waiting = 0;

  constructor(calls: CallView, random: RandomSource) { this.#calls = calls; this.#random = random; }

  arrive(call: CallSlot): void {
    const bags = this.#bags(call), at = this.#calls.arrivedUs[call], last = bags[bags.length - 1];
    // A call that comes from an engine that went down may be older than those that wait here.
    if (last !== undefined && last.arrivedUs > at) { this.#insert(call); return; }
    if (last !== undefined && last.arrivedUs === at) last.calls.push(call);
    else bags.push({ arrivedUs: at, calls: [call] });
    this.waiting++;
    this.#answeredFor = -1;
  }

  grant(call: CallSlot): void { this.#take(call); this.#running.append(call); }
  finish(call: CallSlot): void { this.#running.remove(call); this.#answeredFor = -1; }
  cancel(call: CallSlot, wasRunning: boolean): void { if (wasRunning) this.finish(call); else this.#take(call); }

  /** A preempted call is again the oldest of its kind that waits, or stands among its peers. */
  preempt(call: CallSlot): void {
    this.#running.remove(call);
    this.#insert(call);
  }

  #insert(call: CallSlot): void {
    const bags = this.#bags(call), at = this.#calls.arrivedUs[call], found = bags.findIndex((bag) => bag.arrivedUs >= at);
    if (found >= 0 && bags[found].arrivedUs === at) bags[found].calls.push(call);
    else bags.splice(found < 0 ? bags.length : found, 0, { arrivedUs: at, calls: [call] });
    this.waiting++;
    this.#answeredFor = -1;
  }

  first(admits: Admits): CallSlot {
    if (this.#answeredFor === admits.version) return this.#answer;
    let oldest = Infinity;
    const tied: CallSlot[] = [];
    for (let k = 0; k < this.#classes.length; k++) {
      const bag = admits.open[k] === 1 ? this.#classes[k]?.[0] : undefined;
      if (bag === undefined || bag.arrivedUs > oldest) continue;
      if (bag.arrivedUs < oldest) { oldest = bag.arrivedUs; tied.length = 0; }
      tied.push(...bag.calls);
    }
    const key = this.#calls.key;
    tied.sort((a, b) => key[a] - key[b]);
    this.#answeredFor = admits.version;
    this.#tied = tied.length;
    this.#answer = tied.length === 0 ? -1 : tied.length === 1 ? tied[0] : tied[Math.floor(this.#random() * tied.length)];
    return this.#answer;
  }

  walk(visit: (call: CallSlot) => boolean): void {
    for (let call = this.#running.head; call >= 0; call = this.#running.after(call)) if (!visit(call)) return;
    const { arrivedUs, key } = this.#calls;
    // The draw of an answer that stands holds here, too.
    const drawn = this.#answeredFor < 0 ? -1 : this.#answer, place = (call: CallSlot): number => (call === drawn ? -1 : key[call]);
    const all = this.#classes.flatMap((bags) => (bags ?? []).flatMap((bag) => bag.calls)).sort((a, b) => arrivedUs[a] - arrivedUs[b] || place(a) - place(b));
    for (const call of all) if (!visit(call)) return;
  }

  answered(): Answered { return { tied: this.#tied, reason: this.#tied === 1 ? 'waits longest' : `drawn among ${this.#tied} that wait longest` }; }

  #take(call: CallSlot): void {
    const bags = this.#bags(call), at = this.#calls.arrivedUs[call];
    let low = 0;
    for (let high = bags.length - 1; low < high;) { const mid = (low + high) >> 1; if (bags[mid].arrivedUs < at) low = mid + 1; else high = mid; }
    const { calls } = bags[low];
    calls.splice(calls.indexOf(call), 1);
    if (calls.length === 0) bags.splice(low, 1);
    this.waiting--;
    this.#answeredFor = -1;
  }

  #bags(call: CallSlot): Bag[] {
    const k = this.#calls.pin[call] + 1;
    while (this.#classes.length <= k) this.#classes.push([]);
    return this.#classes[k];
  }
}

export const oldestFirst = definePolicy({
  name: 'oldest-first',
  title: 'longest wait first, ties drawn at random',
  source: 'first come, first served with a fair tie; LOCO with alpha 0 where every agent has one call',
  params: {},
  knowledge: 'none',
  decision: 'O(1)',
  create: ({ calls, random }) => new OldestFirst(calls, random),
});
