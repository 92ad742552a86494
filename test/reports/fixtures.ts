// Results made up for the report's tests: plausible, deterministic, and shaped as an experiment leaves them.
import type { ParamValue } from '../../src/options.ts';
import { parseMetric } from '../../src/observe/metrics.ts';
import type { AgentDetail, CellSummary, Comparison, Manifest, MetricSummary, QueueSeries, ReplicationRecord, SummaryFile, Verdict, WaitCurve } from '../../sim/results.ts';
import type { ReportInput } from '../../reports/input.ts';
import { estimate, t975 } from '../../reports/bands.ts';

export type Params = Readonly<Record<string, ParamValue>>;
export interface Draw { (): number; normal(): number }

/** A small generator for made-up numbers. */
export function draws(seed: number): Draw {
  let a = seed >>> 0;
  const next = (): number => { a = (a + 0x6d2b79f5) >>> 0; let t = Math.imul(a ^ (a >>> 15), a | 1); t ^= t + Math.imul(t ^ (t >>> 7), t | 61); return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
  return Object.assign(next, { normal: () => { let sum = 0; for (let i = 0; i < 12; i++) sum += next(); return sum - 6; } });
}

/** What one replication of a cell gives: metrics and detail. */
export interface Made { readonly metrics: Record<string, number | null>; readonly agents: AgentDetail[]; readonly waitCurves: Record<string, WaitCurve>; readonly series?: QueueSeries; readonly batches?: Record<string, (number | null)[]> }
export interface Recipe {
  readonly scenario: string; readonly question: string; readonly swept: readonly string[];
  readonly cells: readonly { readonly params: Params; readonly varied: Params; readonly label: string; readonly stable?: boolean }[];
  readonly reps: number; readonly baseline: number | null; readonly headline: readonly string[];
  readonly study?: 'terminating' | 'steady'; readonly valid?: boolean; readonly notes?: readonly string[]; readonly manifest?: Partial<Manifest>;
  make(params: Params, replication: number, draw: Draw): Made;
}

const unitOf = (metric: string): string => parseMetric(metric)?.definition.unit ?? '';

function summary(name: string, values: readonly (number | null)[]): MetricSummary {
  const known = values.filter((v): v is number => v !== null), e = estimate(known), mean = e.mean;
  const sd = known.length > 1 ? Math.sqrt(known.reduce((s, v) => s + (v - mean!) * (v - mean!), 0) / (known.length - 1)) : null;
  return { mean, low: e.low, high: e.high, n: e.n, unit: unitOf(name), sd };
}

function verdict(metric: string, differences: readonly number[], low: number | null, high: number | null): Verdict {
  if (differences.length && differences.every((d) => d === 0)) return 'equal';
  if (low === null || high === null || (low <= 0 && high >= 0)) return 'same';
  const better = parseMetric(metric)?.definition.better ?? 'neither';
  return better === 'neither' ? 'different' : (better === 'lower') === (high < 0) ? 'better' : 'worse';
}

/** Student t at a smaller level, near enough for made-up families. */
const wider = (n: number, family: number): number => t975(n - 1) * (1 + 0.22 * Math.log(Math.max(1, family)));

function compare(metric: string, a: readonly ReplicationRecord[], b: readonly ReplicationRecord[], family: number): Comparison {
  const base = { metric, cell: a[0].cell, baseline: b[0].cell };
  const windows = a.length === 1 ? [a[0].detail.batches?.[metric], b[0].detail.batches?.[metric]] : [];
  const pairs = windows[0] && windows[1] ? windows[0].map((v, i) => [v, windows[1]![i]] as const) : a.map((r, i) => [r.metrics[metric] ?? null, b[i]?.metrics[metric] ?? null] as const);
  const d = pairs.flatMap(([x, y]) => (x === null || y === null || y === undefined ? [] : [x - y])), e = estimate(d);
  if (e.mean === null) return { ...base, mean: null, low: null, high: null, familyLow: null, familyHigh: null, n: 0, method: 'none', verdict: 'same' };
  if (d.length < 2) return { ...base, mean: e.mean, low: null, high: null, familyLow: null, familyHigh: null, n: 1, method: 'none', verdict: verdict(metric, d, null, null) };
  const half = (e.half! / t975(d.length - 1)) * wider(d.length, family), familyLow = e.mean - half, familyHigh = e.mean + half;
  return { ...base, mean: e.mean, low: e.low, high: e.high, familyLow, familyHigh, n: d.length, method: windows[0] ? 'batch-means' : 'paired-t', verdict: verdict(metric, d, familyLow, familyHigh) };
}

export function experiment(recipe: Recipe): ReportInput {
  const id = (i: number): string => `${(i + 1).toString(16).padStart(4, '0')}c0ffee42`;
  const records = recipe.cells.map((cell, i) => Array.from({ length: recipe.reps }, (_, r): ReplicationRecord => {
    const made = recipe.make(cell.params, r, draws(1000 + r));
    return { cell: id(i), replication: r, seed: `1/${r}`, params: cell.params, metrics: made.metrics, orderDigest: '0123456789abcdef', resultDigest: 'fedcba9876543210', events: 4200 + r, checks: { 'calls are conserved': 500, 'Little’s law': 1 }, notes: [], draws: { arrivals: 1260 },
      detail: { agents: made.agents.slice(0, 60), agentsTotal: made.agents.length, waitCurves: made.waitCurves, ...(made.series && r === 0 ? { series: made.series } : {}), ...(made.batches ? { batches: made.batches } : {}) } };
  }));
  const cells = recipe.cells.map((cell, i): CellSummary => ({ id: id(i), label: cell.label, varied: cell.varied, params: cell.params, replications: recipe.reps, stable: cell.stable ?? true, metrics: Object.fromEntries(Object.keys(records[i][0].metrics).map((name) => [name, summary(name, records[i].map((r) => r.metrics[name]))])) }));
  const comparisons = recipe.baseline === null ? [] : recipe.headline.flatMap((metric) => cells.flatMap((_, i) => (i === recipe.baseline ? [] : [compare(metric, records[i], records[recipe.baseline!], cells.length - 1)])));
  const valid = recipe.valid ?? true, redo = `npx schedlab sweep ${recipe.scenario} ${recipe.swept.map((key) => `${key}=${[...new Set(recipe.cells.map((c) => String(c.params[key])))].join(',')}`).join(' ')} --reps ${recipe.reps} --seed 1`;
  const file: SummaryFile = { schema: 'schedlab/summary@1', scenario: recipe.scenario, cells, comparisons, thresholds: [], valid, notes: recipe.notes ?? [], baseline: recipe.baseline === null ? null : id(recipe.baseline) };
  const manifest: Manifest = {
    schema: 'schedlab/manifest@1', tool: '0.1.0', node: '20.20.2', scenario: recipe.scenario, title: 'A made-up experiment', question: recipe.question, study: recipe.study ?? 'terminating', target: 'sim',
    origins: Object.fromEntries(Object.keys(recipe.cells[0].params).map((key) => [key, recipe.swept.includes(key) ? 'flag' : 'default'])), swept: recipe.swept, seed: '1', reps: recipe.reps, cells: cells.map((c) => c.id), data: [], assumptions: [],
    notSimulated: ['batching', 'prefill and decode', 'cache', 'network'], digest: '3915b5a3532253cc6f798a3b5e37d9ca', valid, verdict: valid ? 'valid' : (recipe.notes?.[0] ?? 'invalid'), redo, asked: redo,
    wall: { startedAt: '2026-11-21T14:02:11.000Z', durationS: 1.234, workers: 2, eventsPerS: 1.1e6 }, interrupted: false, headline: recipe.headline, ...recipe.manifest,
  };
  return { summary: file, manifest, replications: records.flat(), folders: Object.fromEntries(cells.map((c) => [c.id, 'results/made-up'])) };
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** Waits that fall off like a stretched exponential, seen up to `endS`. */
export function curveOf(meanS: number, endS: number, floor = 0.02): WaitCurve {
  const atS: number[] = [], share: number[] = [];
  for (let i = 0; i <= 50; i++) { const at = (endS * i) / 50; atS.push(at); share.push(Math.max(floor, Math.exp(-Math.exp(1.7 * Math.log(Math.max(at, 1e-9) / (meanS * 1.4)))))); if (share[share.length - 1] <= floor) break; }
  return { atS, share };
}

const LOCO_METRICS = ['starved', 'jain.completed', 'wait.p95'];

/** Ten agents in overload, five of them quiet: a larger alpha moves waiting to the quiet ones. */
export function locoRun(alpha: number, replication: number, draw: Draw): Made {
  const common = draw.normal(), own = draws(Math.round(alpha * 1000) * 131 + replication), noise = common + 0.4 * own.normal(), push = clamp((alpha - 0.3) / 0.4, 0, 1), total = 149 + 2 * common, busy = total - 26 * push - 12 * alpha, quiet = (total * 2.5 - busy * 2) / 0.5;
  const starvedNow = Array.from({ length: 5 }, () => own() < 0.68 * push * push), starved = starvedNow.filter(Boolean).length, jain = 0.722 - 0.2 * push - 0.1 * alpha * (1 - push) + 0.008 * noise + 0.004 * own.normal();
  const quietShare = clamp(0.39 - 0.46 * alpha, 0.012, 1), busyShare = (500 - quietShare * 250) / 1000;
  const agents = Array.from({ length: 10 }, (_, i): AgentDetail => { const isBusy = i < 5, arrived = (isBusy ? 200 : 50) + Math.round(3 * draw.normal()), completed = !isBusy && starvedNow[i - 5] ? 0 : Math.max(1, Math.round(arrived * (isBusy ? busyShare : quietShare) * (1 + 0.1 * draw.normal()))); return { name: `${isBusy ? 'busy' : 'quiet'} ${i}`, class: isBusy ? 'busy' : 'quiet', arrived, completed, firstServedS: completed ? 12 : null, waitAllMeanS: isBusy ? busy : quiet }; });
  const servedQuiet = alpha > 0.6 ? 12 + 6 * draw() : quiet * 0.98;
  const metrics: Record<string, number | null> = {
    arrived: 1257, completed: 500, unfinished: 757, rejected: 0, failed: 0, starved, 'jain.completed': jain, 'jain.completed_over_arrived': clamp(0.985 - 0.48 * push + 0.003 * noise, 0, 1), 'wait.mean': busy * 0.985, 'wait.p50': busy * 0.9, 'wait.p95': 282 - 42 * push + 3 * noise, 'wait_all.mean': total, 'wait_all.p95': 420 + 20 * push + 3 * noise, 'wait_ticks.p95': 282 - 42 * push,
    'ttft.mean': null, 'throughput.calls': 1, served_share: 500 / 1257, preemptions: 0, 'queue.mean': 378 + 4 * noise, 'guard.share': 0,
    'arrived[class=busy]': 1005, 'arrived[class=quiet]': 252, 'wait_all.mean[class=busy]': busy, 'wait_all.mean[class=quiet]': quiet, 'wait.mean[class=busy]': busy * 0.99, 'wait.mean[class=quiet]': starved === 5 ? null : servedQuiet, 'served_share[class=busy]': busyShare, 'served_share[class=quiet]': quietShare,
  };
  const atS = Array.from({ length: 51 }, (_, i) => i * 10), waiting = atS.map((t) => Math.round(1.52 * t + 4 * Math.sin(t / 30 + replication)));
  return { metrics, agents, waitCurves: { all: curveOf(total, 480, 0.05), busy: curveOf(busy, 480 - 200 * (1 - push)), quiet: curveOf(quiet * (1 + 3 * push), 480, 0.02) }, series: { atS, waiting, oldestWaitS: atS.map((t) => Math.min(t, t * (0.58 + 0.42 * clamp(alpha + 0.1 * alpha, 0, 1)))) } };
}

const locoParams = (more: Params): Params => ({ policy: 'loco', alpha: 0.25, guard: false, busyRate: 0.4, quietRate: 0.1, agents: 10, ticks: 500, ...more });
export const LOCO_QUESTION = 'Ten agents share one slot, 2.5 calls arrive for each it can serve. Which alpha?';
const OVERLOAD = ['unstable: the queue grows; the figures hold for this window only', '60 % of the calls are unfinished at the end: the wait of served calls flatters whoever serves the fewest; read wait_all beside it'];

export function alphaSweep(alphas: readonly number[] = [0, 0.25, 0.5, 0.75, 1], reps = 20): ReportInput {
  return experiment({ scenario: 'loco-fairness', question: LOCO_QUESTION, swept: ['alpha'], reps, baseline: Math.max(0, alphas.indexOf(0.25)), headline: LOCO_METRICS, notes: OVERLOAD, cells: alphas.map((alpha) => ({ params: locoParams({ alpha }), varied: { alpha }, label: `alpha=${alpha}`, stable: false })), make: (p, r, d) => locoRun(p.alpha as number, r, d) });
}

/** Two swept keys, where the second takes the effect of the first away, and another policy beside them that knows neither. */
export function gridAndBeside(alphas: readonly number[] = [0, 0.25, 0.5, 0.75, 1]): ReportInput {
  const grid = alphas.flatMap((alpha) => [true, false].map((guard) => ({ params: locoParams({ alpha, guard }), varied: { alpha, guard }, label: `alpha=${alpha} guard=${guard ? 'on' : 'off'}`, stable: false })));
  const { alpha: _alpha, guard: _guard, ...others } = locoParams({ policy: 'fcfs' });
  return experiment({ scenario: 'loco-fairness', question: LOCO_QUESTION, swept: ['alpha', 'guard', 'policy'], reps: 20, baseline: 2, headline: LOCO_METRICS, notes: OVERLOAD, cells: [...grid, { params: others, varied: { policy: 'fcfs' }, label: 'policy=fcfs', stable: false }], make: (p, r, d) => locoRun(p.guard === false ? (p.alpha as number) : 0.25, r, d) });
}

export const singleRun = (): ReportInput => experiment({ scenario: 'loco-fairness', question: 'Ten agents share one slot, 2.5 calls arrive for each it can serve. Who gets through?', swept: [], reps: 1, baseline: null, headline: LOCO_METRICS, notes: [...OVERLOAD, 'one replication: no interval can be given; ask for more with --reps'], cells: [{ params: locoParams({}), varied: {}, label: 'base', stable: false }], make: (p, r, d) => locoRun(p.alpha as number, r, d) });

/** A real-looking replay: waits over five decades, two policies, one trace. */
export function policyPair(policies: readonly string[] = ['fcfs', 'loco'], scales: readonly number[] = [12.4, 11.1, 13.2, 16]): ReportInput {
  const traceCurve = (scale: number): WaitCurve => { const atS = [0], share = [0.62]; for (let k = 0; k < 60; k++) { const at = Number(`1e${Math.floor(k / 10) - 3}`) * [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8][k % 10]; const s = 0.62 * Math.exp(-at / (scale * 0.4)) * 0.7 + 0.62 * 0.3 * Math.exp(-at / (scale * 4)); if (s < 1e-4) break; atS.push(at); share.push(s); } return { atS, share }; };
  return experiment({
    scenario: 'trace-replay', question: 'The Mooncake conversation trace on one engine of eight slots. Which policy?', swept: ['policy'], reps: 1, baseline: 0, headline: ['starved', 'jain.completed', 'wait_all.mean', 'wait.p95'],
    cells: policies.map((policy) => ({ params: { trace: '../shared/data/traces/mooncake/conversation_trace.jsonl', policy, engines: 1, engine: 'slots:8', balancer: 'round-robin', dispatch: 'late', identity: 'hash:10', speed: 1, prefillRate: 8000, decodeRate: 50 }, varied: { policy }, label: `policy=${policy}` })),
    manifest: { assumptions: ['agents are given to the trace by hash of the call’s id: 10 agents (identity=hash:10)'], data: [{ path: '../shared/data/traces/mooncake/conversation_trace.jsonl', sha256: 'a'.repeat(64), bytes: 7654321, format: 'mooncake', rowsRead: 12031, rowsDropped: 3, notes: ['3 rows without output tokens'] }] },
    make: (p, _, draw) => {
      const index = policies.indexOf(p.policy as string), scale = scales[index % scales.length];
      const agents = Array.from({ length: 10 }, (_v, i): AgentDetail => ({ name: `agent ${i}`, class: 'all', arrived: 1200 + i, completed: 1200 + i, firstServedS: 0.2, waitAllMeanS: scale * (0.8 + 0.05 * i) }));
      const window = (base: number, spread: number): number[] => Array.from({ length: 24 }, (_v, i) => base * (1 + 0.5 * Math.sin(i / 3)) + spread * draw.normal());
      const metrics: Record<string, number | null> = { arrived: 12031, completed: 12031, unfinished: 0, rejected: 0, failed: 0, starved: 0, 'jain.completed': 0.9998, 'jain.completed_over_arrived': 1, 'wait.mean': scale, 'wait.p50': scale * 0.2, 'wait.p95': scale * 4.6, 'wait_all.mean': scale, 'wait_all.p95': scale * 4.6, 'response.mean': scale + 9, 'throughput.calls': 3.342, 'throughput.output_tokens': 1146 + index, served_share: 1, utilization: 0.93 };
      const atS = Array.from({ length: 101 }, (_v, i) => i * 36);
      return { metrics, agents, waitCurves: { all: traceCurve(scale) }, batches: { 'wait_all.mean': window(scale, 0.4), 'wait.p95': window(scale * 4.6, 9) }, series: { atS, waiting: atS.map((t) => Math.max(0, Math.round(30 + 28 * Math.sin(t / 260) + index * 2))), oldestWaitS: atS.map((t) => Math.max(0, 40 + 38 * Math.sin(t / 260) + index * 5)) } };
    },
  });
}

/** Two policies whose figures differ in the sixth digit, far from zero. */
export const hardlyDifferent = (): ReportInput => policyPair(['fcfs', 'loco'], [4526.11, 4526.13]);

/** Two swept keys, 60 cells, names of a length that real files have. */
export function manyCells(numeric = true): ReportInput {
  const policies = ['fcfs', 'loco', 'atlas', 'oldest-first', 'round-robin-by-agent-with-a-long-name', './policies/experimental/shortest-remaining-program-first.ts'], alphas = Array.from({ length: 10 }, (_, i) => i / 10);
  const balancers = ['round-robin', 'least-loaded', 'power-of-d:d=2', 'power-of-d:d=4', 'prefix-affinity:weight=0.5', 'prefix-affinity:weight=0.9', 'epp:configuration-of-the-gateway.yaml', 'random', 'sticky-session', 'least-tokens'];
  const cells = policies.flatMap((policy) => (numeric ? alphas : balancers).map((other) => ({ params: locoParams(numeric ? { policy, alpha: other } : { policy, balancer: other, alpha: 0.25 }), varied: numeric ? { policy, alpha: other } : { policy, balancer: other }, label: `policy=${policy} ${numeric ? 'alpha' : 'balancer'}=${other}`, stable: false })));
  return experiment({ scenario: 'open-load', question: 'Which policy and which balancer?', swept: ['policy', numeric ? 'alpha' : 'balancer'], reps: 5, baseline: 12, headline: LOCO_METRICS, notes: OVERLOAD, cells, make: (p, r, d) => locoRun(clamp((policies.indexOf(p.policy as string) * 0.12 + (numeric ? (p.alpha as number) : balancers.indexOf(p.balancer as string) / 10) * 0.6), 0, 1), r, d) });
}

export function invalidRun(): ReportInput {
  const why = 'unstable: the queue grows in load=1.1, and a steady state was asked for: no long-run mean exists';
  return experiment({ scenario: 'queueing', question: 'One server at a load of 0.8 and 1.1. How long is the wait?', swept: ['load'], reps: 10, baseline: 0, headline: ['wait.mean', 'wait.p95'], study: 'steady', valid: false, notes: [why],
    cells: [0.8, 1.1].map((load) => ({ params: { policy: 'fcfs', servers: 1, load, service: 'exponential', calls: 100000 }, varied: { load }, label: `load=${load}`, stable: load < 1 })),
    make: (p, _r, d) => { const load = p.load as number, wait = load < 1 ? 4 + 0.1 * d.normal() : 5200 + 300 * d.normal(); return { metrics: { arrived: 100000, completed: 100000, starved: 0, 'jain.completed': null, 'wait.mean': wait, 'wait.p95': wait * 3.4, 'wait_all.mean': wait, served_share: 1, 'throughput.calls': Math.min(1, load), 'ttft.p95': null }, agents: [], waitCurves: { all: curveOf(wait, wait * 8) }, series: { atS: [0, 1e4, 2e4, 3e4, 1e5], waiting: load < 1 ? [0, 3, 6, 2, 4] : [0, 1000, 2000, 3100, 10000], oldestWaitS: load < 1 ? [0, 4, 9, 2, 6] : [0, 900, 1800, 2700, 9000] } }; } });
}

/** Marks up everything a user can name, to see that nothing of it becomes markup. */
export const EVIL = '<img src=x onerror=alert(1)></script><script>alert("2")</script>&amp;\'"`|*_[x](y) #1f5fbf fill="#123456"';
export function evilNames(): ReportInput {
  const input = experiment({ scenario: `s${EVIL}`, question: `q${EVIL}`, swept: ['policy'], reps: 3, baseline: 0, headline: LOCO_METRICS, notes: [`n${EVIL}`], cells: [`a${EVIL}`, `b${EVIL}`, '#1f5fbf'].map((policy) => ({ params: locoParams({ policy }), varied: { policy }, label: `policy=${policy}`, stable: false })), make: (_p, r, d) => { const made = locoRun(0.25 * (d() < 2 ? 1 : 0), r, d), rename = (k: string): string => k.replace('quiet', `quiet${EVIL.replace(/[\]]/g, '')}`); return { ...made, metrics: Object.fromEntries(Object.entries(made.metrics).map(([k, v]) => [k.includes('[') ? rename(k) : k, v])), agents: made.agents.map((a) => ({ ...a, name: `${a.name}${EVIL}`, class: rename(a.class) })), waitCurves: { busy: made.waitCurves.busy, [rename('quiet')]: made.waitCurves.quiet } }; } });
  return { ...input, manifest: { ...input.manifest, title: `t${EVIL}`, assumptions: [`a${EVIL}`], notSimulated: [`x${EVIL}`], redo: `npx schedlab ${EVIL}`, asked: `npx schedlab asked ${EVIL}`, seed: EVIL, data: [{ path: `p${EVIL}`, sha256: EVIL, bytes: 1, format: EVIL, rowsRead: 1, rowsDropped: 1, notes: [EVIL] }] } };
}
