// Listens to calls that end: writes one line a call, and keeps what batch means over windows of a trace need.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { CallLine } from '../results.ts';
import type { CallListener } from './recorder.ts';
import { sectionPercentiles } from './sections.ts';

/** Longest window of batch means, the fewest windows, and the most: an arrival years after the others must not fill the memory with empty ones. */
const WINDOW_US = 300e6;
const FEWEST_WINDOWS = 10;
const MOST_WINDOWS = 10_000;
const QUANTITIES = ['wait', 'wait_all', 'response', 'ttft', 'tpot', 'e2e'] as const;

export interface CallLogOptions {
  readonly calls: CallTable;
  readonly replication: number;
  readonly agents: readonly { readonly name: string }[];
  readonly classes: readonly string[];
  readonly line?: (line: CallLine) => void;
  /** Keep arrival and times of every call: one trace, one replication. */
  readonly keepWindows: boolean;
}

export class CallLog implements CallListener {
  /** Names of calls by slot; set by the shell before it runs. */
  ids: readonly string[] | undefined;
  readonly #options: CallLogOptions;
  readonly #arrivedUs: number[] = [];
  readonly #keys: number[] = [];
  readonly #values: Record<(typeof QUANTITIES)[number], number[]> = { wait: [], wait_all: [], response: [], ttft: [], tpot: [], e2e: [] };

  constructor(options: CallLogOptions) { this.#options = options; }

  ended(call: CallSlot, outcome: string, atUs: number): void {
    if (this.#options.keepWindows) this.#keep(call, outcome, atUs);
    this.#options.line?.(this.#line(call, outcome, atUs));
  }

  #line(call: CallSlot, outcome: string, atUs: number): CallLine {
    const { calls, agents, classes, replication } = this.#options;
    const seconds = (us: number): number | null => (us < 0 ? null : us / 1e6);
    return {
      replication, id: callName(calls, this.ids, call), program: String(calls.program[call]), agent: agents[calls.agent[call]]?.name ?? '',
      engine: calls.engine[call] < 0 ? null : calls.engine[call], class: classes[calls.callClass[call]] ?? '',
      arrival: calls.arrivedUs[call] / 1e6, granted: seconds(calls.grantedUs[call]), scheduled: seconds(calls.scheduledUs[call]), first_token: seconds(calls.firstTokenUs[call]),
      finished: outcome === 'completed' ? atUs / 1e6 : null,
      prompt_tokens: calls.promptTokens[call], cached_tokens: calls.cachedTokens[call], output_tokens: calls.outputTokens[call], preemptions: calls.preemptions[call], outcome,
    };
  }

  #keep(call: CallSlot, outcome: string, atUs: number): void {
    const { calls } = this.#options, arrivedUs = calls.arrivedUs[call], scheduledUs = calls.scheduledUs[call], grantedUs = calls.grantedUs[call], firstUs = calls.firstTokenUs[call], output = calls.outputTokens[call];
    const isDone = outcome === 'completed', values = this.#values;
    this.#arrivedUs.push(arrivedUs);
    this.#keys.push(calls.key[call]);
    values.wait.push(scheduledUs >= 0 ? scheduledUs - arrivedUs : NaN);
    values.wait_all.push(scheduledUs >= 0 ? scheduledUs - arrivedUs : outcome === 'unfinished' || outcome === 'cancelled' ? atUs - arrivedUs : NaN);
    values.response.push(isDone ? atUs - arrivedUs : NaN);
    values.e2e.push(isDone ? atUs - grantedUs : NaN);
    values.ttft.push(isDone && output > 0 && firstUs >= 0 ? firstUs - grantedUs : NaN);
    values.tpot.push(isDone && output > 1 && firstUs >= 0 ? (atUs - firstUs) / (output - 1) : NaN);
  }

  /** Means by window of arrival, in seconds; null for a window without a value. The windows depend on the arrivals alone, so cells pair. */
  windows(lastArrivalUs: number): Readonly<Record<string, readonly (number | null)[]>> | undefined {
    if (!this.#options.keepWindows || this.#arrivedUs.length === 0) return undefined;
    const { widthUs, count } = grid(lastArrivalUs);
    const out: Record<string, (number | null)[]> = {};
    for (const name of QUANTITIES) {
      const sum = new Float64Array(count), n = new Float64Array(count), values = this.#values[name];
      for (let i = 0; i < values.length; i++) {
        if (Number.isNaN(values[i])) continue;
        const w = Math.min(count - 1, Math.floor(this.#arrivedUs[i] / widthUs));
        sum[w] += values[i];
        n[w]++;
      }
      out[`${name}.mean`] = Array.from(sum, (s, w) => (n[w] === 0 ? null : s / n[w] / 1e6));
    }
    return out;
  }

  /** Percentiles by part, in seconds: `wait.p95`. */
  sections(): Readonly<Record<string, readonly number[]>> | undefined {
    if (!this.#options.keepWindows || this.#arrivedUs.length === 0) return undefined;
    const at = this.#arrivedUs, keys = this.#keys, order = at.map((_, i) => i).sort((a, b) => at[a] - at[b] || keys[a] - keys[b]);
    return Object.fromEntries(QUANTITIES.flatMap((name) => Object.entries(sectionPercentiles(Float64Array.from(order, (i) => this.#values[name][i] / 1e6))).map(([p, values]) => [`${name}.${p}`, values])));
  }

  /** Calls that arrived in each window. */
  windowCalls(lastArrivalUs: number): readonly number[] | undefined {
    if (!this.#options.keepWindows || this.#arrivedUs.length === 0) return undefined;
    const { widthUs, count } = grid(lastArrivalUs), calls = new Float64Array(count);
    for (const us of this.#arrivedUs) calls[Math.min(count - 1, Math.floor(us / widthUs))]++;
    return Array.from(calls);
  }
}

/** The trace's own id where it has one; else the program's number, with the place of the call in it from the second on. */
export function callName({ program, ordinal }: CallTable, ids: readonly string[] | undefined, call: CallSlot): string {
  return ids?.[call] || (ordinal[call] === 0 ? String(program[call]) : `${program[call]}.${ordinal[call]}`);
}

function grid(lastArrivalUs: number): { widthUs: number; count: number } {
  const widthUs = Math.max(1, Math.min(WINDOW_US, lastArrivalUs / FEWEST_WINDOWS), lastArrivalUs / MOST_WINDOWS);
  return { widthUs, count: Math.max(1, Math.ceil((lastArrivalUs + 1) / widthUs)) };
}
