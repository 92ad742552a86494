// Service over time from the calls of a run: how far agents that all wait drift apart, and who got what between two instants.
import type { MetricCall, MetricRun } from '../metric.ts';

/** Service is counted as VTC counts it: prompt tokens not found in a cache when service begins, output tokens at a steady rate to the end. */
const WP = 1;
const WQ = 2;
/** Pairs are all looked at. */
const MOST_AGENTS = 64;

const promptOf = (call: MetricCall): number => WP * Math.max(0, call.prompt_tokens - call.cached_tokens);
const outputOf = (call: MetricCall): number => WQ * call.output_tokens;
const beginsAt = (call: MetricCall): number => call.first_token ?? call.scheduled ?? 0;

/** Weighted tokens that an agent's calls were served in [fromS, toS). */
export function serviceBetween(calls: readonly MetricCall[], fromS: number, toS: number): number {
  let sum = 0;
  for (const call of calls) {
    if (call.scheduled === null) continue;
    if (call.scheduled >= fromS && call.scheduled < toS) sum += promptOf(call);
    if (call.finished === null || call.output_tokens === 0) continue;
    const begins = beginsAt(call), lasts = call.finished - begins;
    sum += lasts > 0 ? outputOf(call) * Math.max(0, Math.min(toS, call.finished) - Math.max(fromS, begins)) / lasts : begins >= fromS && begins < toS ? outputOf(call) : 0;
  }
  return sum;
}

interface Change { readonly atS: number; readonly agent: number; readonly waits: number; readonly jump: number; readonly rate: number }

function changesOf({ calls, agents }: MetricRun): Change[] {
  const numbers = new Map(agents.map(({ name }, a) => [name, a])), weights = agents.map(({ weight = 1 }) => weight), changes: Change[] = [];
  for (const call of calls) {
    const agent = numbers.get(call.agent) ?? 0, put = (atS: number, waits: number, jump: number, rate: number): void => { changes.push({ atS, agent, waits, jump: jump / weights[agent], rate: rate / weights[agent] }); };
    put(call.arrival, 1, 0, 0);
    // One that never began waits to the end; refused or withdrawn, it does not say until when, and counts as never having waited.
    if (call.scheduled === null) { if (call.outcome !== 'unfinished') put(call.arrival, -1, 0, 0); continue; }
    put(call.scheduled, -1, promptOf(call), 0);
    if (call.finished === null || call.output_tokens === 0) continue;
    const begins = beginsAt(call), lasts = call.finished - begins;
    if (lasts > 0) { put(begins, 0, 0, outputOf(call) / lasts); put(call.finished, 0, 0, -outputOf(call) / lasts); } else put(begins, 0, outputOf(call), 0);
  }
  return changes.sort((a, b) => a.atS - b.atS);
}

/**
 * Largest |ΔW_f/w_f − ΔW_g/w_g| over all intervals in which agents f and g both had a call waiting all the time: for each pair the running maximum less the
 * running minimum of W_f/w_f − W_g/w_g. Null for fewer than two agents and more than 64. O(changes × pairs).
 */
export function serviceGapOf(run: MetricRun): number | null {
  const n = run.agents.length;
  if (n < 2 || n > MOST_AGENTS) return null;
  const changes = changesOf(run), waits = new Int32Array(n), service = new Float64Array(n), rates = new Float64Array(n);
  const low = new Float64Array(n * n).fill(NaN), high = new Float64Array(n * n).fill(NaN);
  let gap = 0, nowS = 0;
  /** Pairs that are apart are closed, others opened or widened. `opens` false: just before an instant. */
  const look = (opens: boolean): void => {
    for (let f = 0; f < n; f++) for (let g = f + 1; g < n; g++) {
      const at = f * n + g, apart = service[f] - service[g];
      if (opens && !(waits[f] > 0 && waits[g] > 0)) { low[at] = high[at] = NaN; continue; }
      if (Number.isNaN(low[at])) { if (opens) low[at] = high[at] = apart; continue; }
      low[at] = Math.min(low[at], apart);
      high[at] = Math.max(high[at], apart);
      gap = Math.max(gap, high[at] - low[at]);
    }
  };
  for (let i = 0; i < changes.length;) {
    const { atS } = changes[i];
    for (let a = 0; a < n; a++) service[a] += rates[a] * (atS - nowS);
    nowS = atS;
    look(false);
    for (; i < changes.length && changes[i].atS === atS; i++) { const { agent, waits: by, jump, rate } = changes[i]; waits[agent] += by; service[agent] += jump; rates[agent] += rate; }
    look(true);
  }
  return gap;
}

/** VTC's U: max(wp · longest prompt, wq · most tokens of prompts and outputs that were being served at once) ÷ the least weight. Null where nothing was served. */
export function serviceUnitOf({ calls, agents }: MetricRun): number | null {
  const changes: (readonly [number, number])[] = [];
  let longest = 0;
  for (const call of calls) if (call.scheduled !== null && call.finished !== null) {
    const tokens = call.prompt_tokens + call.output_tokens;
    longest = Math.max(longest, call.prompt_tokens);
    changes.push([call.scheduled, tokens], [call.finished, -tokens]);
  }
  // What ends frees its place for what begins at the same instant.
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let held = 0, most = 0;
  for (const [, by] of changes) { held += by; most = Math.max(most, held); }
  return changes.length === 0 ? null : Math.max(WP * longest, WQ * most) / agents.reduce((least, { weight = 1 }) => Math.min(least, weight), Infinity);
}

/** The largest gap ÷ U; 2 is what VTC promises. */
export function serviceGapOverU(run: MetricRun): number | null {
  const gap = serviceGapOf(run), unit = serviceUnitOf(run);
  return gap === null || unit === null ? null : gap / unit;
}
