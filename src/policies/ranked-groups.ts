// Calls in the order of a rank that follows from one value of each: those of one value stand together, so that other ranks for all cost as much as there are values.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { ItemHeap } from './item-heap.ts';
import type { Admits } from './policy.ts';

/** Waiting calls of one class and one value, oldest first. */
interface Group { readonly callClass: number; readonly value: number; readonly calls: ItemHeap<CallSlot>; rank: number; /** Place in the heap of its class. */ at: number }
/** A place in a walk: a call, and where it stands in its group; no group: it runs. */
interface Front { readonly call: CallSlot; readonly rank: number; readonly group: Group | undefined; readonly node: number }

/**
 * Least rank first; among equals those that run, then by arrival, then by key. A heap of groups per eligibility class, in each group a heap of calls.
 * O(log n) an event, O(classes met) a question, O(groups) for other ranks. A walk costs O(running + log n) a call visited, and leaves the heaps alone.
 */
export class RankedGroups {
  readonly #calls: CallView;
  readonly #rankOf: (value: number) => number;
  readonly #classes: { readonly groups: ItemHeap<Group>; readonly byValue: Map<number, Group> }[] = [];
  readonly #running: CallSlot[] = [];
  #value = new Float64Array(64);
  /** Place in the heap of its group, or among the running. */
  #at = new Int32Array(64);
  #runs = new Uint8Array(64);
  #open: Uint8Array | undefined;
  waiting = 0;

  /** `rankOf` may change its mind; call `renew` then. */
  constructor(calls: CallView, rankOf: (value: number) => number) { this.#calls = calls; this.#rankOf = rankOf; }

  valueOf(call: CallSlot): number { return this.#value[call]; }

  /** The call waits. */
  add(call: CallSlot, value: number): void {
    if (call >= this.#at.length) this.#grow(call);
    this.#value[call] = value;
    this.#push(call);
  }

  grant(call: CallSlot): void { this.#pull(call); this.#runs[call] = 1; this.#at[call] = this.#running.push(call) - 1; }
  preempt(call: CallSlot): void { this.#stop(call); this.#push(call); }
  remove(call: CallSlot): void { if (this.#runs[call] === 1) this.#stop(call); else this.#pull(call); }

  /** Another value for a call, waiting or running. */
  move(call: CallSlot, value: number): void {
    const waits = this.#runs[call] === 0;
    if (waits) this.#pull(call);
    this.#value[call] = value;
    if (waits) this.#push(call);
  }

  /** Other ranks for all. O(groups). */
  renew(): void {
    for (const { groups } of this.#classes) {
      for (const group of groups.items) group.rank = this.#rankOf(group.value);
      groups.mendAll();
    }
  }

  /** The first waiting call of the open classes, or −1. */
  first(admits: Admits): CallSlot {
    this.#open = admits.open;
    const best = this.#least(admits.open);
    return best === undefined ? -1 : best.calls.items[0];
  }

  /** How many waiting calls of the classes that were open for `first` have the rank of its answer. O(groups of that rank). */
  tied(): number {
    const open = this.#open, best = open && this.#least(open);
    if (open === undefined || best === undefined) return 0;
    const from = (items: readonly Group[], i: number): number => (i >= items.length || items[i].rank !== best.rank ? 0 : items[i].calls.items.length + from(items, 2 * i + 1) + from(items, 2 * i + 2));
    return this.#classes.reduce((sum, { groups }, k) => sum + (open[k] === 1 ? from(groups.items, 0) : 0), 0);
  }

  /** All calls, waiting and running, in order, until `visit` answers false. */
  walk(visit: (call: CallSlot) => boolean): void {
    const fronts = new ItemHeap<Front>((a, b) => this.#isFirst(a, b), () => {});
    const push = (group: Group | undefined, node: number): void => { if (group !== undefined && node < group.calls.items.length) fronts.add({ call: group.calls.items[node], rank: group.rank, group, node }); };
    for (const call of this.#running) fronts.add({ call, rank: this.#rankOf(this.#value[call]), group: undefined, node: 0 });
    for (const { groups } of this.#classes) push(groups.items[0], 0);
    for (let front = fronts.items[0]; fronts.items.length > 0; front = fronts.items[0]) {
      const { call, group, node } = front;
      fronts.removeAt(0);
      if (!visit(call)) return;
      if (group === undefined) continue;
      push(group, 2 * node + 1);
      push(group, 2 * node + 2);
      if (node > 0) continue;
      const { items } = this.#classes[group.callClass].groups;
      push(items[2 * group.at + 1], 0);
      push(items[2 * group.at + 2], 0);
    }
  }

  #isOlder(a: CallSlot, b: CallSlot): boolean { const { arrivedUs, key } = this.#calls; return arrivedUs[a] < arrivedUs[b] || (arrivedUs[a] === arrivedUs[b] && key[a] < key[b]); }
  #isBefore(a: Group, b: Group): boolean { return a.rank < b.rank || (a.rank === b.rank && this.#isOlder(a.calls.items[0], b.calls.items[0])); }

  #isFirst(a: Front, b: Front): boolean {
    if (a.rank !== b.rank) return a.rank < b.rank;
    const aRuns = a.group === undefined, bRuns = b.group === undefined;
    return aRuns === bRuns ? this.#isOlder(a.call, b.call) : aRuns;
  }

  #least(open: Uint8Array): Group | undefined {
    let best: Group | undefined;
    for (let k = 0; k < this.#classes.length; k++) {
      const { items } = this.#classes[k].groups;
      if (items.length > 0 && open[k] === 1 && (best === undefined || this.#isBefore(items[0], best))) best = items[0];
    }
    return best;
  }

  #push(call: CallSlot): void {
    const k = this.#calls.pin[call] + 1, value = this.#value[call];
    while (this.#classes.length <= k) this.#classes.push({ groups: new ItemHeap<Group>((a, b) => this.#isBefore(a, b), (group, at) => { group.at = at; }), byValue: new Map() });
    const { groups, byValue } = this.#classes[k], found = byValue.get(value);
    this.waiting++;
    if (found !== undefined) { found.calls.add(call); if (this.#at[call] === 0) groups.mend(found.at); return; }
    const group: Group = { callClass: k, value, calls: new ItemHeap<CallSlot>((a, b) => this.#isOlder(a, b), (one, at) => { this.#at[one] = at; }), rank: this.#rankOf(value), at: 0 };
    group.calls.add(call);
    byValue.set(value, group);
    groups.add(group);
  }

  #pull(call: CallSlot): void {
    const { groups, byValue } = this.#classes[this.#calls.pin[call] + 1], group = byValue.get(this.#value[call])!, wasHead = this.#at[call] === 0;
    this.waiting--;
    if (group.calls.items.length === 1) { groups.removeAt(group.at); byValue.delete(group.value); group.calls.removeAt(0); return; }
    group.calls.removeAt(this.#at[call]);
    if (wasHead) groups.mend(group.at);
  }

  #stop(call: CallSlot): void {
    const at = this.#at[call], last = this.#running.pop()!;
    this.#runs[call] = 0;
    if (last === call) return;
    this.#running[at] = last;
    this.#at[last] = at;
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#at.length * 2, call + 1);
    const value = new Float64Array(n); value.set(this.#value); this.#value = value;
    const at = new Int32Array(n); at.set(this.#at); this.#at = at;
    const runs = new Uint8Array(n); runs.set(this.#runs); this.#runs = runs;
  }
}
