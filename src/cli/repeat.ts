// `run --from DIR --cell ID --rep K`: one stored replication again, held against the digests that were recorded.
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import { resolveParam } from '../options.ts';
import { CallsPart, dropParts, joinCalls } from '../../sim/experiment/calls.ts';
import { laboratoryOf } from '../../sim/experiment/definitions.ts';
import { readFolder } from '../../sim/experiment/folder.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { repeatReplication } from '../../sim/experiment/run.ts';
import type { ExperimentRequest, GivenValue, Plan, ResultsFolder } from '../../sim/experiment/types.ts';
import type { CodeFile, ReplicationRecord } from '../../sim/results.ts';
import { blame, blameLater } from './blame.ts';
import { findScenario } from './find-scenario.ts';
import { FLAGS } from './flags.ts';
import type { Flag } from './flags.ts';
import { checkFile } from './folders.ts';
import type { Io } from './io.ts';
import type { Parsed } from './parse.ts';
import { settle } from './settings.ts';
import { laboratoryFor } from './target.ts';
import { version } from './version.ts';

/** What a repetition may be asked beside which replication it is; all else stands in the folder. */
const WITH_FROM: readonly string[] = ['from', 'cell', 'rep', 'calls', 'shell', 'json', 'quiet'];

export async function repeat(parsed: Parsed, io: Io): Promise<number> {
  checkFlags(parsed);
  const settings = settle(parsed, 'run', io, undefined), shell = (settings.get('shell')?.value as 'auto' | 'event' | 'promise' | undefined) ?? 'auto';
  const dir = parsed.text('from') as string, folder = readFolder(path.resolve(io.cwd, dir));
  if (folder.manifest.target !== 'sim') throw new SchedlabError('ERR_NOT_POSSIBLE', `${dir} was recorded live, at ${folder.manifest.target}, and real time does not come again. Repeat simulated replications.`);
  const record = storedRecord(folder, parsed, dir);
  const calls = settings.get('calls')?.value as string | undefined, file = calls === undefined ? undefined : path.resolve(io.cwd, calls);
  if (calls !== undefined && file !== undefined) checkFile(file, calls, '--calls');

  const recorded = folder.manifest.files ?? [], scenario = recorded.find((one) => one.what === 'scenario');
  const found = await findScenario(scenario?.path ?? folder.manifest.scenario, io.cwd, 'run');
  const asked = { found, scenarioText: scenario?.path ?? folder.manifest.scenario, places: [] };
  const given: Record<string, GivenValue> = Object.fromEntries(Object.entries(record.params).map(([key, value]) => [key, { value, origin: 'flag', where: path.join(dir, 'replications.jsonl') }]));
  // The version is part of a cell's identity, and is compared on its own: with the recorded one, equal identities mean that all else is equal.
  const request: ExperimentRequest = { scenario: found.definition, source: found.source, version: folder.manifest.tool.replace(/^schedlab /, ''), given };
  const laboratory = await laboratoryOf(laboratoryFor('sim', shell), request);
  const plan = blame(asked, () => planExperiment(request, laboratory), laboratory), cell = plan.cells[0];

  const task = { cell: 0, replication: record.replication }, part = file === undefined ? undefined : new CallsPart(file, task, undefined);
  let again: ReplicationRecord;
  try {
    again = await blameLater(asked, repeatReplication(plan, cell.id, record.replication, { seed: folder.manifest.seed, shell, ...(part ? { callLine: part.write } : {}) }, laboratory), laboratory);
    part?.close();
    if (file !== undefined) await joinCalls(file, [task], [task]);
  } catch (error) {
    if (file !== undefined) dropParts(file, [task]);
    throw error;
  }
  return tell(parsed, io, folder, record, again, differences(folder, plan, record));
}

function checkFlags(parsed: Parsed): void {
  const [extra] = parsed.positionals;
  if (extra !== undefined) throw new SchedlabError('ERR_USAGE', `${JSON.stringify(extra)} in run --from has no place: scenario and parameters stand in the folder. Leave it out.`);
  const other = (FLAGS.run as readonly Flag[]).map((flag) => flag.name).find((name) => parsed.has(name) && !WITH_FROM.includes(name));
  if (other !== undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `--${other} in run --from has no say: what is repeated stands in the folder. Leave it out.`, { name: other });
}

/** The stored replication that --cell and --rep name. Throws ERR_USAGE with those that there are. */
function storedRecord(folder: ResultsFolder, parsed: Parsed, dir: string): ReplicationRecord {
  const ids = [...new Set(folder.records.map((record) => record.cell))];
  if (ids.length === 0) throw new SchedlabError('ERR_RESULTS', `${dir} holds no finished replication. Finish the run with --resume first.`);
  const labels = new Map(folder.summary?.cells.map(({ id, label }) => [id, label]));
  const list = ids.slice(0, 20).map((id) => (labels.has(id) ? `${id} (${labels.get(id)})` : id)).join(', ') + (ids.length > 20 ? ` and ${ids.length - 20} more` : '');
  const asked = parsed.text('cell'), rep = parsed.text('rep');
  if (asked === undefined || rep === undefined) throw new SchedlabError('ERR_USAGE', `--from in run needs --cell and --rep. Write schedlab run --from ${dir} --cell ${ids[0]} --rep 0. Cells: ${list}.`);
  const fitting = ids.filter((id) => asked !== '' && (id.startsWith(asked) || labels.get(id) === asked));
  if (fitting.length !== 1) throw new SchedlabError('ERR_USAGE', `--cell ${JSON.stringify(asked)} fits ${fitting.length === 0 ? 'no cell' : `${fitting.length} cells`} of ${dir}. Cells: ${list}.`);
  const number = resolveParam('--rep', { kind: 'number', default: 0, min: 0, integer: true, help: '' }, rep, 'run');
  const own = folder.records.filter((record) => record.cell === fitting[0]), found = own.find((record) => record.replication === number);
  if (!found) throw new SchedlabError('ERR_USAGE', `--rep ${rep} of ${fitting[0]} is not in ${dir}. It holds ${own.length === 1 ? 'replication' : 'replications'} ${own.length > 20 ? `${own[0].replication} to ${own[own.length - 1].replication}` : own.map((record) => record.replication).join(', ')}.`);
  return found;
}

/** What is another now than it was when the replication was recorded. */
function differences({ manifest }: ResultsFolder, plan: Plan, record: ReplicationRecord): string[] {
  const out: string[] = [], now = `schedlab ${version()}`;
  if (manifest.tool !== now) out.push(`the version: recorded by ${manifest.tool}, repeated by ${now}`);
  const used = new Set(Object.values(record.params));
  for (const file of plan.data) {
    const before = manifest.data.filter((one) => one.path === file.path);
    if (before.length > 0 && !before.some((one) => one.sha256 === file.sha256)) out.push(`the data: ${file.path} has another checksum, ${file.sha256.slice(0, 16)}… in place of ${before[0].sha256.slice(0, 16)}…`);
  }
  const changed = (file: CodeFile): boolean => (file.what === 'scenario' || used.has(file.path)) && plan.files.some((one) => one.what === file.what && one.path === file.path && one.sha256 !== file.sha256);
  for (const file of (manifest.files ?? []).filter(changed)) out.push(`the ${file.what}: ${file.path} has another checksum`);
  if (out.length === 0 && plan.cells[0].id !== record.cell) out.push('the scenario: with the same values its cell has another identity, so its parameters or their meaning have changed');
  return out;
}

function tell(parsed: Parsed, io: Io, { manifest, summary }: ResultsFolder, record: ReplicationRecord, again: ReplicationRecord, differs: readonly string[]): number {
  const isEqual = record.orderDigest === again.orderDigest && record.resultDigest === again.resultDigest;
  if (parsed.has('json')) {
    const digests = ({ orderDigest, resultDigest }: ReplicationRecord): object => ({ orderDigest, resultDigest });
    io.stdout.write(`${JSON.stringify({ equal: isEqual, cell: record.cell, replication: record.replication, recorded: digests(record), repeated: digests(again), differs }, null, 2)}\n`);
  }
  if (!parsed.has('quiet') || !isEqual) {
    const label = summary?.cells.find((cell) => cell.id === record.cell)?.label;
    const name = `replication ${record.replication} of ${label === undefined || label === record.cell ? record.cell : `${label} (${record.cell})`}`;
    const lines = isEqual ? [`equal: ${name} has the digests that were recorded: order ${again.orderDigest}, results ${again.resultDigest}`, ...differs.map((text) => `though another is ${text}`)]
      : [`differs: ${name}`, `  order    ${record.orderDigest} recorded, ${again.orderDigest} now`, `  results  ${record.resultDigest} recorded, ${again.resultDigest} now`,
        ...(differs.length > 0 ? differs.map((text) => `another is ${text}`) : [`version, data and scenario are those that were recorded; Node was ${manifest.node} and is ${process.version}`])];
    io.stderr.write(`${lines.join('\n')}\n`);
  }
  return isEqual ? 0 : 5;
}
