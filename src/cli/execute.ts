// One experiment from request to report: everything is checked before the first file is made.
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import { laboratoryOf } from '../../sim/experiment/definitions.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import { faultOfStranger, killable, killableNow, strangers } from '../../sim/experiment/strangers.ts';
import type { ExperimentOptions, ExperimentResult, Laboratory, Plan } from '../../sim/experiment/types.ts';
import type { Shell } from '../../sim/worlds/refusals.ts';
import { asideFiles } from './aside.ts';
import { blame, blameLater } from './blame.ts';
import { checkFolder, freshFolder, undoOf } from './folders.ts';
import { listen } from './interrupt.ts';
import { forReader, hasColour } from './io.ts';
import type { Io } from './io.ts';
import { progressTeller } from './progress.ts';
import type { Asked } from './request.ts';
import { resultSentences } from './result-sentences.ts';
import { cellTable, colourPaint, plainPaint, resultTable } from './result-table.ts';
import { faultOf } from './load-faults.ts';
import { withServers } from './servers.ts';
import { assumed, dataRead, note, sentences, warn } from './say.ts';
import { defaultJobs, readUntil } from './settings.ts';
import { command } from './shell-words.ts';
import { orStray, settled } from './strays.ts';
import { configJson, configText } from './show-config.ts';
import { droppedSentence } from './table.ts';
import { laboratoryFor } from './target.ts';

/** Plans, then prints the settings, the plan, or runs it. Answers the exit code. */
export async function execute(asked: Asked, io: Io): Promise<number> {
  const { parsed } = asked;
  if (parsed.has('watch')) return (await import('./watch.ts')).watch(asked, io);
  for (const text of asked.warnings) warn(io, text);
  const laboratory = await laboratoryOn(asked, io);
  const plan = makePlan(asked, laboratory);
  if (strangers().length > 0) await settled();
  for (const text of [...asked.notes, ...(parsed.has('quiet') ? [] : gridNotes(asked, plan))]) note(io, text);
  const options = optionsOf(asked, plan);
  if (parsed.has('show-config')) {
    io.stdout.write(parsed.has('json') ? `${JSON.stringify(configJson(asked, plan, options), null, 2)}\n` : configText(asked, plan, options));
    return 0;
  }
  if (parsed.has('dry-run')) return tryDry(asked, plan, options, laboratory, io);
  return run(asked, plan, options, laboratory, io);
}

/** What a grid came to, where that is not what its lists multiply to. */
function gridNotes({ verb }: Asked, { cells, merged = [] }: Plan): string[] {
  if (merged.length === 1) return [`${merged[0]} is the same as a cell before it, and is not run twice`];
  if (merged.length > 1) return [`${merged.length} of ${cells.length + merged.length} cells are the same as others before them, and are not run twice: ${merged.slice(0, 3).join('; ')}${merged.length > 3 ? ' …' : ''}`];
  return verb === 'sweep' && cells.length === 1 ? ['one cell: a list of values makes a grid, such as policy=fcfs,loco'] : [];
}

/** Replications are tried in this thread, where a policy may loop for ever. */
async function tryDry(asked: Asked, plan: Plan, options: ExperimentOptions, laboratory: Laboratory, io: Io): Promise<number> {
  const { dryRun } = await import('./dry-run.ts'), work = (): Promise<number> => dryRun(asked, plan, options, laboratory, io);
  return strangers().length > 0 ? killable(work) : work();
}

const targetOf = (asked: Asked): string => String(asked.settings.get('target')?.value ?? 'sim');
const shellOf = (asked: Asked): Shell => (asked.settings.get('shell')?.value as Shell | undefined) ?? 'auto';

/** The laboratory that was asked for: on which target, through which shell, with which policies and balancers by file. */
export async function laboratoryOn(asked: Asked, io: Io): Promise<Laboratory> {
  const laboratory = laboratoryFor(targetOf(asked), shellOf(asked), io.env['SCHEDLAB_API_KEY']);
  try {
    return await withServers(await laboratoryOf(laboratory, asked.request), asked.request);
  } catch (error) {
    const file = error instanceof SchedlabError ? error.details.path : undefined;
    throw typeof file === 'string' ? faultOf(error, path.resolve(file), file) : error;
  }
}

/** The plan of what was asked. An error that names a place in the scenario file shows its line; a fault of the user's own code is theirs. */
export function makePlan(asked: Asked, laboratory: Laboratory): Plan {
  const plan = (): Plan => planExperiment(asked.request, laboratory);
  return blame(asked, () => (strangers().length > 0 ? killableNow(plan) : plan()), laboratory);
}

function optionsOf(asked: Asked, plan: Plan): ExperimentOptions {
  const value = (name: string): unknown => asked.settings.get(name)?.value;
  const until = value('until') === undefined ? undefined : readUntil(String(value('until')));
  const target = targetOf(asked);
  return {
    reps: (value('reps') as number | undefined) ?? plan.defaultReps,
    seed: String(value('seed') ?? '1'),
    jobs: target === 'sim' ? (value('jobs') as number | undefined) ?? defaultJobs() : 1,
    shell: shellOf(asked),
    ...(until ? { until } : {}),
    ...(value('max-reps') === undefined ? {} : { maxReps: value('max-reps') as number }),
    target,
    asked: command(asked.verb, ...asked.args),
  };
}

const cellsText = (plan: Plan): string => `${plan.cells.length} cell${plan.cells.length === 1 ? '' : 's'}`;
function workersText(plan: Plan, options: ExperimentOptions): string {
  const workers = options.until ? options.jobs ?? 1 : Math.min(options.jobs ?? 1, plan.cells.length * (options.reps ?? 1));
  return `${workers} worker${workers === 1 ? '' : 's'}`;
}
const repsText = (reps: number | undefined): string => `${reps} replication${reps === 1 ? '' : 's'}`;

async function run(asked: Asked, plan: Plan, options: ExperimentOptions, laboratory: Laboratory, io: Io): Promise<number> {
  const { parsed } = asked, target = targetOf(asked);
  const resume = parsed.has('resume');
  const out = asked.settings.get('out')?.value as string | undefined;
  if (resume && out === undefined) throw new SchedlabError('ERR_USAGE', '--resume does not know which folder to finish. Name it: --out DIR --resume.');
  const now = io.now?.() ?? new Date();
  const shown = out ?? freshFolder(io.cwd, plan.scenario.name, now);
  const outDir = path.resolve(io.cwd, shown);
  if (!checkFolder(outDir, shown, resume) && resume) note(io, `nothing to resume in ${shown}: it starts from the beginning`);
  const aside = asideFiles(asked.settings, io, plan.data.map((file) => path.resolve(file.path)));

  const quiet = parsed.has('quiet');
  const progress = progressTeller(io);
  const interrupts = listen(io, () => { progress.clear(); });
  if (!quiet) io.stderr.write(`${plan.scenario.name} · ${cellsText(plan)} × ${repsText(options.reps)} · ${workersText(plan, options)} · seed ${JSON.stringify(options.seed)}${target === 'sim' ? '' : ` · ${target}`}\n`);
  const undo = undoOf(outDir);
  let result: ExperimentResult, finished = 0;
  try {
    result = await blameLater(asked, orStray(() => runExperiment(plan, {
      ...options, apart: io.onInterrupt !== undefined, outDir, resume, signal: interrupts.signal, startedAt: now.toISOString(),
      ...aside,
      onProgress: (p) => { finished = p.done; if (!quiet) progress.tell(p); },
    }, laboratory), () => { interrupts.signal.stopRequested = 2; }), laboratory);
  } catch (raw) {
    const error = faultOfStranger(raw);
    progress.clear();
    // What was refused leaves nothing behind; what was finished before something else went wrong is kept.
    const isRefusal = error instanceof SchedlabError && error.exitCode === 2 && error.code !== 'ERR_OUTPUT';
    if (finished === 0 || isRefusal) undo();
    else io.stderr.write(`${savedText(finished, shown)}\nresume   ${resumeCommand(asked, shown)}\n`);
    throw error;
  } finally {
    progress.clear();
    interrupts.stop();
  }
  return tell(asked, result, shown, io);
}

async function tell(asked: Asked, result: ExperimentResult, shown: string, io: Io): Promise<number> {
  const { parsed } = asked;
  const { plan, summary } = result;
  const quiet = parsed.has('quiet');
  for (const text of result.warnings) warn(io, text);
  if (result.interrupted) {
    if (parsed.has('json')) io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    for (const line of partialLines(asked, result.records.length)) io.stderr.write(`${forReader(io, line)}\n`);
    io.stderr.write(`interrupted: ${savedText(result.records.length, shown)}\nresume   ${resumeCommand(asked, shown)}\n`);
    return result.exitCode;
  }
  if (!quiet) {
    const table = summary.cells.length === 1 ? cellTable(summary.cells[0], plan.headline, io.columns) : resultTable(summary, plan.headline, io.columns, hasColour(io) ? colourPaint : plainPaint);
    const sentences = [droppedSentence(table, io.columns), ...resultSentences(summary, plan.headline), ...(summary.valid ? summary.notes : []), ...plan.data.map(dataRead), ...plan.assumptions.map(assumed)];
    io.stderr.write(`\n${[...table.lines, ...sentences.filter((sentence) => sentence !== '').map((sentence) => forReader(io, sentence))].join('\n')}\n`);
  }
  if (quiet) for (const text of cautions(result)) warn(io, text);
  if (!summary.valid) for (const text of ['the run is invalid', ...summary.notes]) warn(io, text);
  for (const threshold of summary.thresholds.filter((t) => !t.held)) {
    const cell = summary.cells.find((c) => c.id === threshold.cell);
    io.stderr.write(`threshold failed: ${threshold.text} in ${cell?.label ?? threshold.cell}, found ${threshold.value === null ? 'no value' : String(Number(threshold.value.toPrecision(4)))}\n`);
  }
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  if (!parsed.has('no-report')) {
    const { writeReports } = await import('./write-reports.ts');
    const folders = Object.fromEntries(summary.cells.map(({ id }) => [id, shown]));
    const { html } = await writeReports(path.resolve(io.cwd, shown), { summary, manifest: result.manifest, replications: result.records, folders }).catch((error: unknown) => { throw unreported(error, shown); });
    if (!quiet) io.stderr.write(`report   ${path.join(shown, 'report.html')}${parsed.has('open') ? '' : '      open with --open'}\n`);
    if (parsed.has('open')) { const { open } = await import('./open.ts'); await open(html, io); }
  } else if (!quiet) io.stderr.write(`results  ${shown}\n`);
  // The manifest keeps the long command, which needs no folder; an engine that is no simulation cannot be repeated from one.
  if (!quiet) io.stderr.write(`redo     ${targetOf(asked) === 'sim' ? command('reproduce', shown) : result.manifest.redo}\n`);
  return result.exitCode;
}

/** What stays with --quiet: rows that were dropped, calls that were refused or cut. In the text of a run they stand among its notes. */
function cautions({ plan, summary, records }: ExperimentResult): string[] {
  const said = new Set(records.flatMap((record) => record.notes));
  return [...plan.data.filter(({ rowsDropped }) => rowsDropped > 0).map(dataRead), ...(summary.valid ? summary.notes.filter((text) => said.has(text)) : [])];
}

/** The report alone could not be written: the results are there, and it can be made of them elsewhere. */
function unreported(error: unknown, shown: string): unknown {
  if (!(error instanceof SchedlabError) || error.code !== 'ERR_OUTPUT') return error;
  return new SchedlabError('ERR_OUTPUT', `${sentences(error.message)[0]}. The results are saved in ${shown}, all but the report. Write it where there is room: ${command('report', shown, '--out', 'DIR')}.`, error.details);
}

const savedText = (saved: number, shown: string): string => (saved === 0 ? `no replication is finished; ${shown} holds what is needed to begin again` : `${saved} replication${saved === 1 ? ' is' : 's are'} saved in ${shown}`);

/** Files beside the results that an interrupted run has written in part: resuming does not complete them, because replications that are finished are not run again. */
function partialLines({ verb, args, settings }: Asked, finished: number): string[] {
  return (['calls', 'decisions', 'trace'] as const).flatMap((name) => {
    const file = settings.get(name)?.value;
    if (file === undefined) return [];
    const held = finished === 0 ? 'nothing yet' : `${finished} finished replication${finished === 1 ? '' : 's'} alone`;
    return [`partial: ${String(file)} holds ${held}, and --resume adds nothing to it: --${name} needs every replication in one run. For all of them run it again into another folder: ${command(verb, ...withoutOut(args))}`];
  });
}

/** The command without the folder that it named. */
const withoutOut = (args: readonly string[]): string[] => args.filter((arg, i) => !/^(-o|--out(=.*)?|--resume)$/.test(arg) && !/^(-o|--out)$/.test(args[i - 1] ?? ''));

/** The same command, to finish this folder. */
function resumeCommand({ verb, args }: Asked, shown: string): string {
  const named = args.some((arg) => arg === '-o' || arg === '--out' || arg.startsWith('--out='));
  // A file of calls or decisions needs every replication to run, so a resumed run has none.
  const kept = args.filter((arg, i) => !/^--(calls|decisions|decisions-sample|trace|trace-from)(=|$)/.test(arg) && !/^--(calls|decisions|decisions-sample|trace|trace-from)$/.test(args[i - 1] ?? ''));
  return command(verb, ...kept, ...(named ? [] : ['--out', shown]), ...(args.includes('--resume') ? [] : ['--resume']));
}
