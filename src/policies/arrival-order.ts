// Calls in the order of their arrival, running ones in front of waiting ones: one list and one cursor per eligibility class.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { CallList } from './call-list.ts';
import type { Admits } from './policy.ts';

/** One class: everything before the cursor runs, everything from it on waits. */
class ClassOrder {
  readonly list = new CallList();
  /** First waiting call; −1: none. */
  cursor = -1;
}

/** O(1) an event; `first` looks at the head of each class met, one where nothing is pinned. Calls are granted from the head of their class only. */
export class ArrivalOrder {
  readonly #calls: CallView;
  readonly #any = new ClassOrder();
  /** Orders of the pinned, by engine; empty where nothing is pinned. */
  readonly #pinned: ClassOrder[] = [];
  /** Position in the common order, to merge classes. */
  #rank = new Float64Array(64);
  #last = 0;
  waiting = 0;

  constructor(calls: CallView) { this.#calls = calls; }

  append(call: CallSlot): void {
    const order = this.#orderOf(call);
    order.list.append(call);
    if (order.cursor < 0) order.cursor = call;
    this.#setRank(call);
    this.waiting++;
  }

  /** The first waiting call of its class starts to run. */
  grant(call: CallSlot): void {
    const order = this.#orderOf(call);
    order.cursor = order.list.after(order.cursor);
    this.waiting--;
  }

  /** A running call waits again where its arrival puts it: among others that were preempted, before those that never ran. O(those among which it stands). */
  preempt(call: CallSlot): void {
    const order = this.#orderOf(call), { list } = order;
    list.remove(call);
    let next = order.cursor;
    while (next >= 0 && this.#rank[next] < this.#rank[call]) next = list.after(next);
    if (next < 0) list.append(call);
    else list.insertBefore(call, next);
    if (next === order.cursor) order.cursor = call;
    this.waiting++;
  }

  removeRunning(call: CallSlot): void { this.#orderOf(call).list.remove(call); }

  removeWaiting(call: CallSlot): void {
    const order = this.#orderOf(call);
    if (order.cursor === call) order.cursor = order.list.after(call);
    order.list.remove(call);
    this.waiting--;
  }

  first(admits: Admits): CallSlot {
    if (this.#pinned.length === 0) return admits.open[0] === 1 ? this.#any.cursor : -1;
    let best = admits.open[0] === 1 ? this.#any.cursor : -1;
    for (let e = 0; e < this.#pinned.length; e++) {
      const head = admits.open[e + 1] === 1 ? this.#pinned[e].cursor : -1;
      if (head >= 0 && (best < 0 || this.#rank[head] < this.#rank[best])) best = head;
    }
    return best;
  }

  /** In order, until `visit` answers false. O(calls visited × classes). */
  walk(visit: (call: CallSlot) => boolean): void {
    const orders = [this.#any, ...this.#pinned], at = orders.map((order) => order.list.head);
    for (;;) {
      let best = -1;
      for (let k = 0; k < at.length; k++) if (at[k] >= 0 && (best < 0 || this.#rank[at[k]] < this.#rank[at[best]])) best = k;
      if (best < 0) return;
      const call = at[best];
      at[best] = orders[best].list.after(call);
      if (!visit(call)) return;
    }
  }

  #orderOf(call: CallSlot): ClassOrder {
    const pin = this.#calls.pin[call];
    if (pin < 0) return this.#any;
    while (this.#pinned.length <= pin) this.#pinned.push(new ClassOrder());
    return this.#pinned[pin];
  }

  #setRank(call: CallSlot): void {
    if (call >= this.#rank.length) { const wide = new Float64Array(Math.max(this.#rank.length * 2, call + 1)); wide.set(this.#rank); this.#rank = wide; }
    this.#rank[call] = ++this.#last;
  }
}
