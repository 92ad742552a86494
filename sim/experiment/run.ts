// Runs a plan: cells × replications on workers or in this thread, resumable, interruptible, and the same to the byte however it is run.
import { SchedlabError } from '../../src/errors.ts';
import { onRequestAmong } from '../../src/observe/metrics.ts';
import type { Watch } from '../measure/watched-recorder.ts';
import type { CallLine, DecisionLine, ReplicationRecord } from '../results.ts';
import { Collector } from './collector.ts';
import type { FolderWriter } from './folder.ts';
import { prepareFolder } from './folder.ts';
import { LABORATORY } from './laboratory.ts';
import { Crew } from './crew.ts';
import { LocalRunner } from './local.ts';
import { buildManifest } from './manifest.ts';
import type { ManifestFacts } from './manifest.ts';
import { dropParts, joinParts, type PartsFlag } from './parts.ts';
import { partUrl } from './places.ts';
import { cellById } from './plan.ts';
import { WorkerPool } from './pool.ts';
import { sharedBytes } from './protocol.ts';
import { ProgressTeller } from './progress.ts';
import { seedOf } from './replicate.ts';
import type { RunSettings } from './replicate.ts';
import { summarise } from './summarise.ts';
import type { Runner, Task } from './tasks.ts';
import { knownMetric } from './threshold.ts';
import type { ExperimentOptions, ExperimentResult, Laboratory, Plan } from './types.ts';
import { TrailBook } from './trails.ts';
import { BLOCK, DEFAULT_MAX_REPS, allPrecise } from './until.ts';
import { STRIPS_TYPES, wallIso, wallMs } from './machine.ts';

/**
 * Runs what is missing and answers with everything. Replication k of every cell has the seed `${seed}/${k}`. With `outDir` each replication is
 * saved when it ends. Throws ERR_OUTPUT (folder), ERR_OPTION_RANGE, and the coded error of a replication, with its cell and number in front.
 */
export async function runExperiment(plan: Plan, options: ExperimentOptions = {}, laboratory: Laboratory = LABORATORY): Promise<ExperimentResult> {
  const asked = checkedOptions(plan, options);
  const collector = new Collector(plan.cells), warnings: string[] = [];
  const startedMs = wallMs(), signal = options.signal ?? { stopRequested: 0 };
  let folder: FolderWriter | undefined, trails = new TrailBook();
  if (options.outDir !== undefined) {
    const prepared = prepareFolder(options.outDir, { scenario: plan.scenario.name, cells: plan.cells, seed: asked.seed, reps: asked.maxReps, metrics: plan.files.filter(({ what }) => what === 'metric').map(({ sha256 }) => sha256), onRequest: asked.onRequest ?? [], resume: options.resume === true });
    folder = prepared.folder;
    collector.adopt(prepared.reusable);
    trails = prepared.trails ?? trails;
    if (prepared.torn) warnings.push(`${prepared.torn} damaged line${prepared.torn === 1 ? ' was' : 's were'} dropped from replications.jsonl and run again`);
  }
  const reused = collector.count, ran: ReplicationRecord[] = [];
  const asideFiles = aside(options);
  if (reused > 0 && asideFiles.length > 0) {
    folder?.close();
    const [[flag]] = asideFiles;
    throw new SchedlabError('ERR_OPTION_CONFLICT', `${flag} needs every replication to run, and ${reused} are finished already. Leave out --resume or ${flag}.`);
  }
  const runner = runnerFor(plan, options, asked, laboratory, collector.missing(asked.reps).length);
  const facts = (interrupted: boolean): ManifestFacts => ({
    ...asked, reps: asked.until ? Math.max(asked.reps, collector.reach) : asked.reps, asked: options.asked, target: options.target ?? 'sim', startedAt: options.startedAt ?? wallIso(),
    durationS: (wallMs() - startedMs) / 1000, workers: runner.workers, interrupted, ran,
  });
  const attempted: Task[] = [];
  try {
    // Written before anything runs, so that a folder whose writer was killed is known and can be resumed.
    folder?.writeManifest(buildManifest(plan, collector.ordered(), undefined, facts(true)));
    const teller = new ProgressTeller(plan, collector, runner.workers, reused, options.onProgress);
    const { interrupted, notes } = await runBlocks(asked, runner, collector, signal, teller, attempted, (record, trail, leftOut) => {
      ran.push(record);
      if (leftOut !== undefined) warnings.push(leftOut);
      if (trail !== undefined) trails.put(record, trail);
      folder?.append(record, trail);
    });
    await runner.close();
    for (const [flag, file] of asideFiles) await joinParts(file, flag, collector.tasks(), attempted);
    const records = collector.ordered();
    const summary = summarise(plan, records, [...dropped(plan), ...notes], trails);
    const manifest = buildManifest(plan, records, summary, facts(interrupted));
    folder?.finish(records, summary, manifest);
    teller.end();
    const exitCode = interrupted ? 130 : !summary.valid ? 3 : summary.thresholds.some((threshold) => !threshold.held) ? 4 : 0;
    return { plan, summary, manifest, records, outDir: options.outDir, interrupted, reused, warnings, exitCode };
  } catch (error) {
    await runner.close();
    folder?.close();
    for (const [, file] of asideFiles) dropParts(file, attempted);
    throw error;
  }
}

/** Rows of its data that are no calls of the runs. */
const dropped = ({ data }: Plan): string[] => data.flatMap(({ path, rowsRead, rowsDropped }) => (rowsDropped === 0 ? [] : [`${rowsDropped} of ${rowsRead + rowsDropped} rows of ${path} ${rowsDropped === 1 ? 'was' : 'were'} dropped`]));

/** Files beside the results that are asked for, by the flag that asks. */
function aside({ calls, decisions, trace }: ExperimentOptions): (readonly [PartsFlag, string])[] {
  return [...(calls === undefined ? [] : [['--calls', calls] as const]), ...(decisions === undefined ? [] : [['--decisions', decisions.path] as const]), ...(trace === undefined ? [] : [['--trace', trace] as const])];
}

interface Checked extends RunSettings { readonly reps: number; readonly maxReps: number; readonly until?: NonNullable<ExperimentOptions['until']>; readonly metric: string }

function checkedOptions(plan: Plan, options: ExperimentOptions): Checked {
  const whole = (name: string, value: number): number => {
    if (!Number.isSafeInteger(value) || value < 1) throw new SchedlabError('ERR_OPTION_RANGE', `${name} accepts a whole number from 1, received ${value}.`, { name, value });
    return value;
  };
  const reps = whole('reps', options.reps ?? plan.defaultReps);
  whole('jobs', options.jobs ?? 1);
  const { until } = options;
  const metric = until?.metric ?? plan.headline[0] ?? '';
  if (until) {
    if (!(until.relative > 0 && until.relative < 1)) throw new SchedlabError('ERR_OPTION_RANGE', `until accepts a relative width above 0 and below 1, received ${until.relative}.`);
    knownMetric(metric, 'until');
  }
  const limit = whole('max-reps', options.maxReps ?? DEFAULT_MAX_REPS);
  if (until && options.maxReps !== undefined && limit < reps) throw new SchedlabError('ERR_OPTION_CONFLICT', `max-reps=${limit} is below the ${reps} replications that every cell begins with. Raise it to ${reps} or more, or ask for fewer with --reps ${limit}.`, { name: 'max-reps', value: limit });
  const most = until ? Math.max(reps, limit) : reps;
  return { onRequest: onRequestAmong([...plan.headline, ...plan.thresholds.map((threshold) => threshold.metric), ...(until ? [metric] : [])]), seed: options.seed ?? '1', shell: options.shell ?? 'auto', calls: options.calls, decisions: options.decisions, manyCells: plan.cells.length > 1, ...(options.trace === undefined ? {} : { trace: { path: options.trace, fromS: options.traceFromS ?? 0, labels: plan.cells.length > 1 ? plan.cells.map((cell) => cell.label) : [] } }), reps, maxReps: most, metric, ...(until ? { until } : {}) };
}

/** Where the sources run without having been built, a worker's entry can be loaded only by a Node that strips types itself. */
function workerEntry(): URL | undefined {
  return STRIPS_TYPES || !import.meta.url.endsWith('.ts') ? partUrl('sim/experiment/worker') : undefined;
}

/**
 * What runs the tasks of a plan. What ships runs in this thread, with workers beside it where there is work for them; code of the user
 * runs in workers alone where somebody wants to be heard meanwhile.
 */
export function runnerFor(plan: Plan, options: ExperimentOptions, settings: RunSettings, laboratory: Laboratory, tasks: number): Runner {
  const url = options.workerUrl ?? (laboratory.runCell === LABORATORY.runCell ? workerEntry() : undefined);
  const workers = Math.min(options.jobs ?? 1, Math.max(1, tasks)), { source } = plan;
  if (!source || !url) return new LocalRunner(plan, laboratory, settings);
  if (runsAsShipped(plan, laboratory) && options.workerUrl === undefined) {
    const shared = sharedBytes(plan.cells.length);
    return new Crew(workers, new LocalRunner(plan, laboratory, settings, shared), () => new WorkerPool(plan, source, settings, workers - 1, url, shared));
  }
  if (workers === 1 && options.apart !== true) return new LocalRunner(plan, laboratory, settings);
  return new WorkerPool(plan, source, settings, workers, url);
}

/** No code of the user takes part. */
function runsAsShipped(plan: Plan, laboratory: Laboratory): boolean {
  return plan.source?.kind === 'module' && Object.keys(laboratory.files ?? {}).length === 0 && Object.keys(laboratory.metrics ?? {}).length === 0;
}

/** Without `until` one block; with it, blocks until every cell is precise or the limit is reached. The blocks do not depend on what was reused. */
async function runBlocks(asked: Checked, runner: Runner, collector: Collector, signal: { readonly stopRequested: 0 | 1 | 2 }, teller: ProgressTeller, attempted: Task[], keep: (record: ReplicationRecord, trail: Uint8Array | undefined, leftOut: string | undefined) => void): Promise<{ interrupted: boolean; notes: string[] }> {
  const { until } = asked;
  let reps = asked.reps;
  // An interrupted run may have stored part of a later block: going on from there ends where it would have ended.
  if (until) while (reps < collector.reach) reps = Math.min(asked.maxReps, reps + BLOCK);
  for (;;) {
    const tasks = collector.missing(reps);
    attempted.push(...tasks);
    teller.block(reps);
    await runner.run(tasks, signal as { stopRequested: 0 | 1 | 2 }, (task, { trail, leftOut, ...record }) => {
      collector.put(task, record);
      keep(record, trail, leftOut);
      teller.replication(task, record);
    });
    if (collector.missing(reps).length > 0) return { interrupted: true, notes: [] };
    if (!until) return { interrupted: false, notes: [] };
    if (allPrecise(collector.grouped(), asked.metric, until.relative)) return { interrupted: false, notes: [`${asked.metric} is known to ${percent(until.relative)} in every cell after ${reps} replications`] };
    if (reps >= asked.maxReps) return { interrupted: false, notes: [`${asked.metric} is not known to ${percent(until.relative)} in every cell after ${reps} replications, the most allowed: raise --max-reps`] };
    // All that was running has ended: a request to stop counts from here.
    if (signal.stopRequested > 0) return { interrupted: true, notes: [] };
    reps = Math.min(asked.maxReps, reps + BLOCK);
  }
}

function percent(share: number): string { return `${Number((share * 100).toPrecision(6))} %`; }

/** Runs one replication of a plan again, in this thread. `cell` is an id or an unambiguous beginning of one. */
export async function repeatReplication(plan: Plan, cell: string, replication: number, options: { readonly seed?: string; readonly shell?: 'auto' | 'event' | 'promise'; readonly callLine?: (line: CallLine) => void; readonly decisionLine?: (line: DecisionLine) => void; readonly decisionsSample?: number; readonly watch?: Watch } = {}, laboratory: Laboratory = LABORATORY): Promise<ReplicationRecord> {
  const found = cellById(plan, cell);
  return laboratory.runCell(found.model, {
    seed: seedOf(options.seed ?? '1', replication), replication, shell: options.shell ?? 'auto', params: found.params, cell: found.id, series: replication === 0,
    ...(options.callLine ? { callLine: options.callLine } : {}),
    ...(options.decisionLine ? { decisionLine: options.decisionLine, decisionsSample: options.decisionsSample ?? 1 } : {}),
    ...(options.watch ? { watch: options.watch } : {}),
  });
}
