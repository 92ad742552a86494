// Multi-level feedback queue over calls: every new call starts at the top and sinks as it uses up quanta. Blind to programs: each call of one starts anew.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamValues } from '../options.ts';
import { CallList } from './call-list.ts';
import { definePolicy, type Admits, type Policy } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';
import { RankedPolicy, SlotColumn } from './ranked-policy.ts';

const US_PER_S = 1e6;
const BASE = { tokens: 64, seconds: 0.01 } as const;

/** Reads `1/2/inf` (commas serve, too). Answers what is wrong in words where it is no list of quanta. */
export function parseQuanta(text: string): readonly number[] | string {
  const quanta = text.split(/[/,]/).map((part) => (/^inf(inity)?$/i.test(part.trim()) ? Infinity : /^(\d+\.?\d*|\.\d+)$/.test(part.trim()) ? Number(part) : NaN));
  return quanta.every((quantum) => quantum > 0) ? quanta : 'accepts doubling, or quanta above 0 from the top down with slashes between them, as in 1/2/inf';
}

/**
 * First come, first served within a level, by when a call came to it: what sinks at an instant stands before what arrives then, and a
 * call that loses its place keeps its turn. A call at the quantum of its level goes to the tail of the next; at the bottom to the tail
 * of its own, unless that quantum is infinite. After a wait of `starvation` a call is on top again, with a fresh quantum.
 * O(log n) an event, O(classes met) a question. With quanta in seconds a walk looks at all that runs.
 */
class Mlfq extends RankedPolicy implements Policy {
  /** By level, in tokens or µs. */
  readonly #quanta: readonly number[];
  readonly #inTime: boolean;
  readonly #starvationUs: number;
  readonly #level = new SlotColumn();
  /** Of the quantum of its level. */
  readonly #used = new SlotColumn();
  /** Since when a call waits, or runs without its service being counted. */
  readonly #sinceUs = new SlotColumn();
  /** Waiting calls below the top or not yet looked at, longest wait first. */
  readonly #patience = new CallList();
  readonly #isPatient = new SlotColumn();
  protected readonly least = 'the top level that has calls';

  constructor(calls: CallView, options: ParamValues) {
    super(calls, new RankedCalls(calls));
    const meter = options['meter'] as keyof typeof BASE, text = options['quanta'] as string, base = options['base'] === 'auto' ? BASE[meter] : options['base'] as number;
    const listed = text === 'doubling' ? undefined : parseQuanta(text) as readonly number[], levels = options['levels'] as number;
    const quanta = listed ?? Array.from({ length: levels }, (_, i) => (i === levels - 1 ? Infinity : base * (1 << i)));
    this.#inTime = meter === 'seconds';
    this.#quanta = this.#inTime ? quanta.map((quantum) => Math.max(1, Math.round(quantum * US_PER_S))) : quanta;
    this.#starvationUs = Math.round((options['starvation'] as number) * US_PER_S);
  }

  override arrive(call: CallSlot, nowUs: number): void {
    this.#level.set(call, 0);
    this.#used.set(call, 0);
    this.order.add(call, 0, after(nowUs));
    this.#wait(call, nowUs);
  }

  override grant(call: CallSlot, nowUs: number): void { this.#unwait(call); this.#sinceUs.set(call, nowUs); this.order.grant(call); }

  progress(call: CallSlot, tokens: number, nowUs: number): void { if (!this.#inTime) this.#use(call, tokens, nowUs); }

  override preempt(call: CallSlot, nowUs: number): void { this.#count(call, nowUs); this.order.preempt(call); this.#wait(call, nowUs); }
  override cancel(call: CallSlot): void { this.#unwait(call); this.order.remove(call); }

  override first(admits: Admits, nowUs: number): CallSlot { this.#promote(nowUs); return this.order.first(admits); }

  override walk(visit: (call: CallSlot) => boolean, nowUs: number): void {
    this.#promote(nowUs);
    if (this.#inTime) for (const call of this.order.running) this.#count(call, nowUs);
    this.order.walk(visit);
  }

  /** Whole tokens: engines tell no parts of one. */
  budget(call: CallSlot): number { return this.#inTime ? Infinity : Math.ceil(this.#leftOf(call)); }

  nextChangeUs(): number {
    let nextUs = this.#patience.size > 0 ? this.#sinceUs.get(this.#patience.head) + this.#starvationUs : Infinity;
    if (this.#inTime) for (const call of this.order.running) nextUs = Math.min(nextUs, this.#sinceUs.get(call) + this.#leftOf(call));
    return nextUs;
  }

  tag(call: CallSlot): number { return this.#level.get(call); }
  explain(call: CallSlot): Readonly<Record<string, number>> { const level = this.#level.get(call); return { score: 0 - level, level, used: this.#used.get(call) }; }

  #leftOf(call: CallSlot): number { return this.#quanta[this.#level.get(call)] - this.#used.get(call); }

  /** Service since it was last counted; the call sinks at the very microsecond at which its quantum ended. */
  #count(call: CallSlot, nowUs: number): void {
    if (!this.#inTime) return;
    for (let sinceUs = this.#sinceUs.get(call); sinceUs < nowUs;) {
      const stepUs = Math.min(nowUs - sinceUs, this.#leftOf(call));
      this.#use(call, stepUs, sinceUs += stepUs);
    }
    this.#sinceUs.set(call, nowUs);
  }

  #use(call: CallSlot, amount: number, nowUs: number): void {
    const bottom = this.#quanta.length - 1;
    let used = this.#used.get(call) + amount, level = this.#level.get(call), sank = false;
    for (; used >= this.#quanta[level]; sank = true) { used -= this.#quanta[level]; if (level < bottom) level++; }
    this.#used.set(call, used);
    if (!sank) return;
    this.#level.set(call, level);
    this.order.move(call, level, before(nowUs));
  }

  #promote(nowUs: number): void {
    for (let call = this.#patience.head; call >= 0; call = this.#patience.head) {
      const dueUs = this.#sinceUs.get(call) + this.#starvationUs;
      if (dueUs > nowUs) return;
      this.#unwait(call);
      if (this.#level.get(call) === 0) continue;
      this.#level.set(call, 0);
      this.#used.set(call, 0);
      this.order.move(call, 0, before(dueUs));
    }
  }

  #wait(call: CallSlot, nowUs: number): void {
    this.#sinceUs.set(call, nowUs);
    this.#isPatient.set(call, 0);
    if (this.#starvationUs === 0 || this.#level.get(call) === 0) return;
    this.#isPatient.set(call, 1);
    this.#patience.append(call);
  }

  #unwait(call: CallSlot): void { if (this.#isPatient.get(call) === 1) { this.#isPatient.set(call, 0); this.#patience.remove(call); } }
}

/** Turns of one instant: what sinks or rises, then what arrives. */
const before = (atUs: number): number => 2 * atUs;
const after = (atUs: number): number => 2 * atUs + 1;

export const mlfq = definePolicy({
  name: 'mlfq',
  title: 'every call starts on top and sinks as it uses up its quanta',
  source: 'Corbató et al., 1962; over LLM calls: FastServe, arXiv 2305.05920, without its skips',
  params: {
    levels: { kind: 'number', default: 8, min: 1, max: 30, integer: true, help: 'number of levels' },
    base: { kind: 'numberOrWord', default: 'auto', min: 1e-6, words: ['auto'], help: 'quantum of the top level, in the meter\'s unit; auto: 64 tokens (ours) or 0.01 s' },
    quanta: { kind: 'text', default: 'doubling', suggest: ['doubling', '1/2/inf'], help: 'doubling: each level has twice the quantum of the one above, the last has no end; or a list from the top down, as in 1/2/inf, which sets the levels, too', check: wrongQuanta },
    meter: { kind: 'choice', default: 'tokens', values: ['tokens', 'seconds'], help: 'what uses up a quantum: tokens produced, or time in service' },
    starvation: { kind: 'number', default: 3, min: 0, max: 1e9, unit: 's', help: 'wait after which a call is on top again; 0: never' },
  },
  knowledge: 'none',
  decision: 'O(log n)',
  tag: 'its level when it is sent: the top for every call, so that the order is that of arrival',
  create: ({ calls, options }) => new Mlfq(calls, options),
});

function wrongQuanta(text: string): string | undefined { const found = text === 'doubling' ? [] : parseQuanta(text); return typeof found === 'string' ? found : undefined; }
