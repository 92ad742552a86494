// `run --from DIR --cell ID --rep K`: one stored replication again, held against the digests that were recorded.
import { SchedlabError } from '../errors.ts';
import { dropParts, joinParts, LinesPart } from '../../sim/experiment/parts.ts';
import { repeatReplication } from '../../sim/experiment/run.ts';
import { TimelinePart } from '../../sim/experiment/timelines.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import { blameLater } from './blame.ts';
import { changesOf, identityChange, type Change } from './changes.ts';
import { FLAGS } from './flags.ts';
import type { Flag } from './flags.ts';
import { asideFiles } from './aside.ts';
import type { Io } from './io.ts';
import type { Parsed } from './parse.ts';
import { warn } from './say.ts';
import { settle } from './settings.ts';
import { cellName, needsCell, planStored, readStored, storedCell, storedReplication, type Stored } from './stored.ts';

/** What a repetition may be asked beside which replication it is; all else stands in the folder. */
const WITH_FROM: readonly string[] = ['from', 'cell', 'rep', 'calls', 'decisions', 'decisions-sample', 'trace', 'trace-from', 'shell', 'json', 'quiet'];

export async function repeat(parsed: Parsed, io: Io): Promise<number> {
  checkFlags(parsed);
  const settings = settle(parsed, 'run', io, undefined), shell = (settings.get('shell')?.value as 'auto' | 'event' | 'promise' | undefined) ?? 'auto';
  const stored = readStored(parsed.text('from') as string, io.cwd), record = storedRecord(stored, parsed), { manifest } = stored.folder;
  const { calls, decisions, trace, traceFromS = 0 } = asideFiles(settings, io, []);
  const changes = changesOf(stored, new Set(Object.values(record.params)));
  const { asked, plan, laboratory } = await planStored(stored, [record], shell), cell = plan.cells[0];

  const task = { cell: 0, replication: record.replication }, part = calls === undefined ? undefined : new LinesPart(calls, task, undefined, '--calls');
  const receipts = decisions === undefined ? undefined : new LinesPart(decisions.path, task, undefined, '--decisions');
  const timeline = trace === undefined ? undefined : new TimelinePart({ path: trace, fromS: traceFromS, labels: [] }, task, cell.model);
  let again: ReplicationRecord;
  try {
    again = await blameLater(asked, repeatReplication(plan, cell.id, record.replication, { seed: manifest.seed, shell, ...(part ? { callLine: part.write } : {}), ...(receipts ? { decisionLine: receipts.write, decisionsSample: decisions!.sample } : {}), ...(timeline ? { watch: timeline.watch } : {}) }, laboratory), laboratory);
    part?.close();
    receipts?.close();
    timeline?.close();
    if (timeline?.leftOut !== undefined) warn(io, timeline.leftOut);
    if (calls !== undefined) await joinParts(calls, '--calls', [task], [task]);
    if (decisions !== undefined) await joinParts(decisions.path, '--decisions', [task], [task]);
    if (trace !== undefined) await joinParts(trace, '--trace', [task], [task]);
  } catch (error) {
    if (calls !== undefined) dropParts(calls, [task]);
    if (decisions !== undefined) dropParts(decisions.path, [task]);
    if (trace !== undefined) dropParts(trace, [task]);
    throw error;
  }
  return tell(parsed, io, stored, record, again, changes.length > 0 ? changes : identityChange(record.cell, cell.id));
}

function checkFlags(parsed: Parsed): void {
  const [extra] = parsed.positionals;
  if (extra !== undefined) throw new SchedlabError('ERR_USAGE', `${JSON.stringify(extra)} in run --from has no place: scenario and parameters stand in the folder. Leave it out.`);
  const other = (FLAGS.run as readonly Flag[]).map((flag) => flag.name).find((name) => parsed.has(name) && !WITH_FROM.includes(name));
  if (other !== undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `--${other} in run --from has no say: what is repeated stands in the folder. Leave it out.`, { name: other });
}

/** The stored replication that --cell and --rep name. Throws ERR_USAGE with those that there are. */
function storedRecord(stored: Stored, parsed: Parsed): ReplicationRecord {
  const asked = parsed.text('cell'), rep = parsed.text('rep');
  if (asked === undefined || rep === undefined) throw needsCell(stored);
  return storedReplication(stored, storedCell(stored, asked), rep, 'run');
}

function tell(parsed: Parsed, io: Io, stored: Stored, record: ReplicationRecord, again: ReplicationRecord, changes: readonly Change[]): number {
  const isEqual = record.orderDigest === again.orderDigest && record.resultDigest === again.resultDigest, differs = changes.map((change) => change.text);
  if (parsed.has('json')) {
    const digests = ({ orderDigest, resultDigest }: ReplicationRecord): object => ({ orderDigest, resultDigest });
    io.stdout.write(`${JSON.stringify({ equal: isEqual, cell: record.cell, replication: record.replication, recorded: digests(record), repeated: digests(again), differs }, null, 2)}\n`);
  }
  if (!parsed.has('quiet') || !isEqual) {
    const name = `replication ${record.replication} of ${cellName(stored, record.cell)}`;
    const lines = isEqual ? [`equal: ${name} has the digests that were recorded: order ${again.orderDigest}, results ${again.resultDigest}`, ...differs.map((text) => `though another is ${text}`)]
      : [`differs: ${name}`, `  order    ${record.orderDigest} recorded, ${again.orderDigest} now`, `  results  ${record.resultDigest} recorded, ${again.resultDigest} now`,
        ...(differs.length > 0 ? differs.map((text) => `changed: ${text}`) : [`version, data and scenario are those that were recorded; Node was ${stored.folder.manifest.node} and is ${process.version}`])];
    io.stderr.write(`${lines.join('\n')}\n`);
  }
  return isEqual ? 0 : 5;
}
