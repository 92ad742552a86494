// Oldest first with fair ties: the call that waits longest, drawn at random among those that arrived in the same instant.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { RandomSource } from '../random.ts';
import { CallList } from './call-list.ts';
import { definePolicy, type Admits, type Answered, type Policy } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';

/**
 * Differs from `fcfs` in ties only: there the lowest program number wins, always the same agents where many arrive together.
 * O(log n) an event; a question O(classes met + k log k), k calls that came together.
 */
class OldestFirst implements Policy {
  readonly #calls: CallView;
  readonly #random: RandomSource;
  /** What waits, by arrival. */
  readonly #order: RankedCalls;
  readonly #running = new CallList();
  #answer = -1;
  #tied = 0;
  #answeredFor = -1;

  constructor(calls: CallView, random: RandomSource) { this.#calls = calls; this.#random = random; this.#order = new RankedCalls(calls); }

  get waiting(): number { return this.#order.waiting; }

  arrive(call: CallSlot): void { this.#order.add(call, this.#calls.arrivedUs[call]); this.#answeredFor = -1; }
  grant(call: CallSlot): void { this.#take(call); this.#running.append(call); }
  finish(call: CallSlot): void { this.#running.remove(call); this.#answeredFor = -1; }
  cancel(call: CallSlot, wasRunning: boolean): void { if (wasRunning) this.finish(call); else this.#take(call); }

  /** A preempted call is again the oldest of its kind that waits, or stands among its peers. */
  preempt(call: CallSlot): void { this.#running.remove(call); this.arrive(call); }

  first(admits: Admits): CallSlot {
    if (this.#answeredFor === admits.version) return this.#answer;
    this.#answeredFor = admits.version;
    const oldest = this.#order.first(admits), tied = oldest < 0 ? [] : this.#order.ties(), key = this.#calls.key;
    this.#tied = tied.length;
    this.#answer = tied.length <= 1 ? oldest : tied.sort((a, b) => key[a] - key[b])[Math.floor(this.#random() * tied.length)];
    return this.#answer;
  }

  walk(visit: (call: CallSlot) => boolean): void {
    for (let call = this.#running.head; call >= 0; call = this.#running.after(call)) if (!visit(call)) return;
    // The draw of an answer that stands holds here, too: it goes before those that came with it.
    const { arrivedUs } = this.#calls, drawn = this.#answeredFor < 0 ? -1 : this.#answer;
    let isShown = drawn < 0;
    this.#order.walk((call) => {
      if (!isShown && arrivedUs[call] === arrivedUs[drawn]) { isShown = true; if (!visit(drawn)) return false; }
      return call === drawn || visit(call);
    });
  }

  answered(): Answered { return { tied: this.#tied, reason: this.#tied === 1 ? 'waits longest' : `drawn among ${this.#tied} that wait longest` }; }

  #take(call: CallSlot): void { this.#order.remove(call); this.#answeredFor = -1; }
}

export const oldestFirst = definePolicy({
  name: 'oldest-first',
  title: 'longest wait first, ties drawn at random',
  source: 'first come, first served with a fair tie; LOCO with alpha 0 where every agent has one call',
  params: {},
  knowledge: 'none',
  decision: 'O(log n)',
  create: ({ calls, random }) => new OldestFirst(calls, random),
});
