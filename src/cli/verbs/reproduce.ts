// `reproduce DIR`: everything that a folder holds, run again in memory and held against what was recorded.
import { onRequestAmong } from '../../observe/metrics.ts';
import { SchedlabError } from '../../errors.ts';
import { resolveParam } from '../../options.ts';
import { runAgain } from '../../../sim/experiment/again.ts';
import type { ReplicationRecord } from '../../../sim/results.ts';
import { blameLater } from '../blame.ts';
import { changesOf, identityChange, type Change } from '../changes.ts';
import { listen } from '../interrupt.ts';
import { forReader, type Io } from '../io.ts';
import { parse, type Parsed } from '../parse.ts';
import { progressTeller } from '../progress.ts';
import { note, warn } from '../say.ts';
import { defaultJobs } from '../settings.ts';
import { command } from '../shell-words.ts';
import { cellIds, cellName, labelsOf, planStored, readStored, storedCell, type Stored, type StoredPlan } from '../stored.ts';

/** One replication that came out another way; `metrics`: those whose values differ, at most ten. */
interface Different { readonly recorded: ReplicationRecord; readonly now: ReplicationRecord; readonly metrics: readonly { readonly name: string; readonly recorded: number | null; readonly repeated: number | null }[] }

interface Outcome {
  readonly stored: Stored;
  readonly cells: number;
  readonly wanted: number;
  readonly ran: number;
  readonly different: readonly Different[];
  readonly changes: readonly Change[];
  readonly interrupted: boolean;
  /** Why nothing could run, where that is the consequence of a change. */
  readonly refused?: string;
}

const MOST_METRICS = 10;

/** Undefined: the same. A metric edited in the folder differs though its digests do not; one that it lacks is a later version's. */
function differenceOf(recorded: ReplicationRecord, now: ReplicationRecord): Different | undefined {
  const names = Object.keys(recorded.metrics);
  const metrics = names.filter((name) => !Object.is(recorded.metrics[name] ?? null, now.metrics[name] ?? null)).map((name) => ({ name, recorded: recorded.metrics[name] ?? null, repeated: now.metrics[name] ?? null }));
  const isEqual = recorded.orderDigest === now.orderDigest && recorded.resultDigest === now.resultDigest && metrics.length === 0;
  return isEqual ? undefined : { recorded, now, metrics: metrics.slice(0, MOST_METRICS) };
}

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('reproduce', args);
  const [shown, extra] = parsed.positionals;
  if (shown === undefined || extra !== undefined) throw new SchedlabError('ERR_USAGE', `reproduce needs one folder, received ${parsed.positionals.length}. Write schedlab reproduce results/a.`);
  const jobs = parsed.text('jobs') === undefined ? defaultJobs() : resolveParam('--jobs', { kind: 'number', default: 1, min: 1, max: 1024, integer: true, help: '' }, parsed.text('jobs'), 'reproduce') as number;
  const stored = readStored(shown, io.cwd), asked = parsed.text('cell'), only = asked === undefined ? undefined : storedCell(stored, asked);
  if (stored.folder.torn > 0) warn(io, `${stored.folder.torn} damaged line${stored.folder.torn === 1 ? '' : 's'} of replications.jsonl cannot be compared`);
  if (stored.folder.manifest.interrupted && !parsed.has('quiet')) note(io, 'the experiment was interrupted: what it finished is run again');
  const records = stored.folder.records.filter((record) => only === undefined || record.cell === only);
  const changes = changesOf(stored, new Set(records.flatMap((record) => Object.values(record.params))));
  const missing = changes.find((change) => change.isMissing);
  if (missing) throw new SchedlabError('ERR_RESULTS', `cannot run ${shown} again without its files: ${missing.text}. Put it there, or run the command in the folder where the experiment was given.`, { path: missing.file });
  const outcome = await again(stored, records, changes, jobs, parsed, io);
  return tell(outcome, parsed, io);
}

async function again(stored: Stored, records: readonly ReplicationRecord[], changes: readonly Change[], jobs: number, parsed: Parsed, io: Io): Promise<Outcome> {
  const { manifest } = stored.folder, ids = cellIds(stored).filter((id) => records.some((record) => record.cell === id));
  const common = { stored, cells: ids.length, wanted: records.length };
  let planned: StoredPlan;
  try { planned = await planStored(stored, records, 'auto'); } catch (error) {
    if (!(error instanceof SchedlabError) || error.exitCode !== 2 || changes.length === 0) throw error;
    return { ...common, ran: 0, different: [], changes, interrupted: false, refused: error.message };
  }
  const place = new Map(ids.map((id, i) => [id, i])), tasks = records.map(({ cell, replication }) => ({ cell: place.get(cell)!, replication }));
  const progress = progressTeller(io), interrupts = listen(io, () => { progress.clear(); }), workers = Math.min(jobs, tasks.length), isQuiet = parsed.has('quiet');
  if (!isQuiet) io.stderr.write(`${manifest.scenario} · ${ids.length} cell${ids.length === 1 ? '' : 's'}, ${tasks.length} replication${tasks.length === 1 ? '' : 's'} again · ${workers} worker${workers === 1 ? '' : 's'} · seed ${JSON.stringify(manifest.seed)}\n`);
  let fresh: ReplicationRecord[];
  try {
    fresh = await blameLater(planned.asked, runAgain(planned.plan, tasks, {
      seed: manifest.seed, jobs, apart: io.onInterrupt !== undefined, onRequest: onRequestAmong(records.flatMap((record) => Object.keys(record.metrics))), signal: interrupts.signal, onProgress: (p) => { if (!isQuiet) progress.tell(p); },
    }, planned.laboratory), planned.laboratory);
  } catch (error) {
    if (!(error instanceof SchedlabError) || error.exitCode === 1 || changes.length === 0) throw error;
    return { ...common, ran: 0, different: [], changes, interrupted: false, refused: error.message };
  } finally {
    progress.clear();
    interrupts.stop();
  }
  const cellOf = new Map(planned.plan.cells.map((cell, i) => [cell.id, ids[i]])), byKey = new Map(fresh.map((record) => [`${cellOf.get(record.cell)}/${record.replication}`, record]));
  const ordered = [...records].sort((a, b) => place.get(a.cell)! - place.get(b.cell)! || a.replication - b.replication);
  const different = ordered.flatMap((record) => { const now = byKey.get(`${record.cell}/${record.replication}`); const found = now && differenceOf(record, now); return found ? [found] : []; });
  const meaning = changes.length > 0 ? [] : ids.flatMap((id, i) => identityChange(id, planned.plan.cells[i].id)).slice(0, 1);
  return { ...common, ran: fresh.length, different, changes: [...changes, ...meaning], interrupted: fresh.length < tasks.length };
}

const many = (n: number): string => `${n} replication${n === 1 ? '' : 's'}`;

function lines({ stored, cells, wanted, ran, different, changes, interrupted, refused }: Outcome): string[] {
  const { manifest } = stored.folder, changed = changes.map((change) => `changed: ${change.text}`);
  if (refused !== undefined) return [`differs: ${stored.shown} does not run any more: ${refused}`, ...changed];
  const first = different[0];
  if (first === undefined) {
    const what = ran === 1 ? 'the replication has the digests that were recorded' : `all ${many(ran)}${cells > 1 ? ` of ${cells} cells` : ''} have the digests that were recorded`;
    return [interrupted ? (ran === 0 ? `interrupted: none of ${many(wanted)} is repeated, and nothing is known of them` : `interrupted: ${ran} of ${many(wanted)} repeated, ${ran === 1 ? 'and it is equal' : 'all of them equal'}`) : `equal: ${what}`, ...changes.map((change) => `though another is ${change.text}`)];
  }
  const { recorded, now, metrics } = first;
  return [
    `differs: ${different.length} of ${many(ran)}; the first is replication ${recorded.replication} of ${cellName(stored, recorded.cell)}`,
    `  order    ${recorded.orderDigest} recorded, ${now.orderDigest} now`,
    `  results  ${recorded.resultDigest} recorded, ${now.resultDigest} now`,
    ...metrics.slice(0, 3).map(({ name, recorded: was, repeated }) => `  ${name}  ${was ?? 'none'} recorded, ${repeated ?? 'none'} now`),
    ...(changed.length > 0 ? changed : [`nothing named has changed: version, data and scenario are those that were recorded; Node was ${manifest.node} and is ${process.version}`]),
    `see it   ${command('run', '--from', stored.shown, '--cell', recorded.cell, '--rep', String(recorded.replication))}`,
  ];
}

function tell(outcome: Outcome, parsed: Parsed, io: Io): number {
  const { stored, cells, wanted, ran, different, changes, interrupted, refused } = outcome, isEqual = different.length === 0 && refused === undefined;
  if (parsed.has('json')) {
    const digests = ({ orderDigest, resultDigest }: ReplicationRecord): object => ({ orderDigest, resultDigest });
    const first = different[0] && { cell: different[0].recorded.cell, label: labelsOf(stored).get(different[0].recorded.cell) ?? different[0].recorded.cell, replication: different[0].recorded.replication, recorded: digests(different[0].recorded), repeated: digests(different[0].now), metrics: different[0].metrics };
    io.stdout.write(`${JSON.stringify({ equal: isEqual && !interrupted, cells, replications: wanted, repeated: ran, different: different.length, first: first ?? null, changed: changes.map(({ what, file, text }) => ({ what, ...(file === undefined ? {} : { file }), text })), ...(refused === undefined ? {} : { refused }) }, null, 2)}\n`);
  }
  if (!parsed.has('quiet') || !isEqual) io.stderr.write(lines(outcome).map((line) => `${line.startsWith('  ') || line.startsWith('see it') ? line : forReader(io, line)}\n`).join(''));
  return !isEqual ? 5 : interrupted ? 130 : 0;
}
