// `--dry-run`: the cells, the number of runs, and how long they would take, found by running a few. Writes nothing.
import path from 'node:path';
import { readFolder } from '../../sim/experiment/folder.ts';
import { valueText } from '../../sim/experiment/grid.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import type { ExperimentOptions, Laboratory, Plan, PlannedCell, Progress } from '../../sim/experiment/types.ts';
import { blameLater } from './blame.ts';
import { checkFolder } from './folders.ts';
import { forReader } from './io.ts';
import type { Io } from './io.ts';
import { duration } from './progress.ts';
import type { Asked } from './request.ts';
import { padEnd, width } from './table.ts';

/** Cells that are listed one by one; of more, the ends. */
const LISTED = 12, HEAD = 6, TAIL = 5;
/** Values of a key that are written out; of more, the ends. */
const VALUES = 8;
/** Cells that are tried, and how long each may take, in ms. */
const TRIED = 3, TRIAL_MS = 4000;
/** A replication this long needs no second look, in seconds; a shorter one is repeated, because the first also warms the code. */
const LONG_S = 0.3;

/** What one cell took: the best of up to three replications. `isOver`: the trial was cut, it takes longer than this. */
interface Trial { readonly cell: string; readonly label: string; readonly secondsPerReplication: number; readonly isOver: boolean }

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `alpha 0, 0.25, … 1 (21 values)`: the ends of a long list tell the rest. */
function folded(values: readonly string[]): string {
  if (values.length <= VALUES) return values.join(', ');
  return `${values.slice(0, 4).join(', ')}, … ${values.slice(-2).join(', ')} (${values.length} values)`;
}

/** The keys that vary, each with its values in the order of the cells. */
function axesOf(plan: Plan): readonly (readonly [key: string, values: readonly string[]])[] {
  return plan.swept.map((key) => [key, [...new Set(plan.cells.filter(({ params }) => Object.hasOwn(params, key)).map(({ params }) => valueText(params[key]!)))]] as const);
}

/** First, last and middle: what a cell costs mostly grows along a key. */
function tried(cells: readonly PlannedCell[]): readonly PlannedCell[] {
  const at = [...new Set([0, cells.length - 1, Math.floor(cells.length / 2)])];
  return at.slice(0, TRIED).map((i) => cells[i]!);
}

export async function dryRun(asked: Asked, plan: Plan, options: ExperimentOptions, laboratory: Laboratory, io: Io): Promise<number> {
  const reps = options.reps ?? 1, jobs = options.jobs ?? 1, total = plan.cells.length * reps;
  const stored = storedOf(asked, plan, options, io), left = total - stored, isQuiet = asked.parsed.has('quiet');
  const say = (text: string): void => { if (!isQuiet) io.stderr.write(`${forReader(io, text)}\n`); };
  say(`${plan.scenario.name} · ${plural(plan.cells.length, 'cell')} × ${plural(reps, 'replication')} = ${plural(total, 'run')} · seed ${JSON.stringify(options.seed)}`);
  const axes = axesOf(plan), wide = Math.max(...axes.map(([key]) => width(key)), 0);
  for (const [key, values] of axes) say(`  ${padEnd(key, wide)}  ${folded(values)}`);
  if (plan.cells.length > 1) list(plan, say);
  if (stored > 0) say(`${stored} of these runs are stored already: ${plural(left, 'run')} to do`);
  const trials: Trial[] = [];
  if (options.target === 'sim' && left > 0) for (const cell of tried(plan.cells)) trials.push(await blameLater(asked, trial(cell, plan, options, laboratory), laboratory));
  const estimateS = trials.length === 0 ? null : (mean(trials.map(({ secondsPerReplication }) => secondsPerReplication)) * left) / Math.min(jobs, left);
  if (estimateS !== null) say(`${trials.some(({ isOver }) => isOver) ? 'over' : 'about'} ${duration(estimateS)} with ${plural(Math.min(jobs, left), 'worker')}: ${tellTrials(trials, plan.cells.length > 1)}${untilText(options, plan)}`);
  else if (options.target !== 'sim') say(`how long it takes depends on ${options.target}: nothing was sent there`);
  if (asked.parsed.has('json')) {
    const cells = plan.cells.map(({ id, label, params }) => ({ id, label, params }));
    io.stdout.write(`${JSON.stringify({ scenario: plan.scenario.name, axes: Object.fromEntries(axes), cells, replications: reps, runs: total, stored, workers: Math.min(jobs, Math.max(1, left)), estimateS, tried: trials }, null, 2)}\n`);
  }
  return 0;
}

function list(plan: Plan, say: (text: string) => void): void {
  const { cells, baseline } = plan, shown = cells.length <= LISTED ? cells : [...cells.slice(0, HEAD), ...cells.slice(-TAIL)];
  say('cells');
  shown.forEach((cell, i) => {
    if (shown.length < cells.length && i === HEAD) say(`  … ${cells.length - shown.length} more`);
    say(`  ${cell.id}  ${cell.label}${cell.index === baseline ? ' ◂ baseline' : ''}`);
  });
  // The one that the others are compared with is told wherever it stands.
  const hidden = cells[baseline];
  if (hidden && !shown.includes(hidden)) say(`  ${hidden.id}  ${hidden.label} ◂ baseline`);
}

/** Runs of this plan that a folder holds already, where it is to be finished. Throws what the run would: a folder that may not be written. */
function storedOf(asked: Asked, plan: Plan, options: ExperimentOptions, io: Io): number {
  const out = asked.settings.get('out')?.value, isResumed = asked.parsed.has('resume');
  if (typeof out !== 'string') return 0;
  const full = path.resolve(io.cwd, out);
  if (!checkFolder(full, out, isResumed) || !isResumed) return 0;
  const ids = new Set(plan.cells.map(({ id }) => id)), { records, manifest } = readFolder(full);
  return manifest.seed === options.seed ? records.filter(({ cell, replication }) => ids.has(cell) && replication < (options.reps ?? 1)).length : 0;
}

async function trial(cell: PlannedCell, plan: Plan, options: ExperimentOptions, laboratory: Laboratory): Promise<Trial> {
  const signal = { stopRequested: 0 as 0 | 1 | 2 }, startedAt = performance.now();
  const timer = setTimeout(() => { signal.stopRequested = 2; }, TRIAL_MS);
  let best = Infinity, at = startedAt;
  const onProgress = (progress: Progress): void => {
    if (progress.kind !== 'replication') return;
    const now = performance.now();
    best = Math.min(best, (now - at) / 1000);
    at = now;
    if (best > LONG_S) signal.stopRequested = 2;
  };
  const { until: _until, outDir: _outDir, ...once } = options;
  try { await runExperiment({ ...plan, cells: [{ ...cell, index: 0 }], baseline: -1 }, { ...once, reps: plan.traced ? 1 : 3, jobs: 1, signal, onProgress }, laboratory); } finally { clearTimeout(timer); }
  const isOver = best === Infinity;
  return { cell: cell.id, label: cell.label, secondsPerReplication: isOver ? (performance.now() - startedAt) / 1000 : best, isOver };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function tellTrials(trials: readonly Trial[], isNamed: boolean): string {
  const [first, ...others] = [...trials].sort((a, b) => a.secondsPerReplication - b.secondsPerReplication);
  const last = others.at(-1), took = ({ secondsPerReplication, isOver, label }: Trial): string => `${isOver ? 'over ' : ''}${duration(secondsPerReplication)}${isNamed ? ` (${label})` : ''}`;
  if (last === undefined || last.secondsPerReplication < 1.5 * first!.secondsPerReplication) return `one replication takes ${took(last ?? first!)}`;
  return `one replication takes ${took(first!)} to ${took(last)}`;
}

function untilText({ until, maxReps }: ExperimentOptions, plan: Plan): string {
  return until ? `; --until may ask for up to ${maxReps ?? 50} replications a cell, ${plan.cells.length * (maxReps ?? 50)} runs` : '';
}
