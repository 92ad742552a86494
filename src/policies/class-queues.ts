// Waiting calls in one order, kept once per eligibility class, so that a question skips blocked classes whole instead of call by call.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { CallList } from './call-list.ts';
import type { Admits } from './policy.ts';

/** FIFO by the order of `append`; `first` compares the heads of the open classes: O(classes met), 1 where nothing is pinned. */
export class ClassQueues {
  readonly #calls: CallView;
  readonly #lists: (CallList | undefined)[] = [];
  /** Position in the common order; a prepended call stands before all. */
  #rank = new Float64Array(64);
  #last = 0;
  #first = 0;
  size = 0;

  constructor(calls: CallView) { this.#calls = calls; }

  append(call: CallSlot): void { this.#list(call).append(call); this.#setRank(call, ++this.#last); this.size++; }
  prepend(call: CallSlot): void { this.#list(call).prepend(call); this.#setRank(call, --this.#first); this.size++; }
  remove(call: CallSlot): void { this.#list(call).remove(call); this.size--; }
  rankOf(call: CallSlot): number { return this.#rank[call]; }

  /** The first call of the open classes, or −1. */
  first(admits: Admits): CallSlot {
    const lists = this.#lists;
    if (lists.length <= 1) return lists.length === 0 || admits.open[0] === 0 ? -1 : (lists[0]?.head ?? -1);
    let best = -1;
    for (let k = 0; k < lists.length; k++) {
      const head = lists[k] !== undefined && admits.open[k] === 1 ? lists[k]!.head : -1;
      if (head >= 0 && (best < 0 || this.#rank[head] < this.#rank[best])) best = head;
    }
    return best;
  }

  /** In order, until `visit` answers false; answers whether it ran to the end. O(calls visited × classes). */
  walk(visit: (call: CallSlot) => boolean): boolean {
    const at = this.#lists.map((list) => list?.head ?? -1);
    for (let left = this.size; left > 0; left--) {
      let best = -1;
      for (let k = 0; k < at.length; k++) if (at[k] >= 0 && (best < 0 || this.#rank[at[k]] < this.#rank[at[best]])) best = k;
      const call = at[best];
      at[best] = this.#lists[best]!.after(call);
      if (!visit(call)) return false;
    }
    return true;
  }

  #list(call: CallSlot): CallList {
    const k = this.#calls.pin[call] + 1;
    while (this.#lists.length <= k) this.#lists.push(undefined);
    return (this.#lists[k] ??= new CallList());
  }

  #setRank(call: CallSlot, rank: number): void {
    if (call >= this.#rank.length) { const wide = new Float64Array(Math.max(this.#rank.length * 2, call + 1)); wide.set(this.#rank); this.#rank = wide; }
    this.#rank[call] = rank;
  }
}
