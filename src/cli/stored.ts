// A results folder as something to run again: its cells, its parameters, and where its files lie on this machine.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import { resolveParam } from '../options.ts';
import { laboratoryOf, namesFile } from '../../sim/experiment/definitions.ts';
import { readFolder } from '../../sim/experiment/folder.ts';
import { fromHere } from '../../sim/experiment/machine.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import type { ExperimentRequest, GivenValue, Laboratory, Plan, PlannedCell, ResultsFolder } from '../../sim/experiment/types.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import { blame, type Blamed } from './blame.ts';
import { findScenario, isPath } from './find-scenario.ts';
import { laboratoryFor } from './target.ts';
import { withServers } from './servers.ts';

/** A folder as the command named it. `whole`: all of it, where `folder` is one cell. */
export interface Stored { readonly folder: ResultsFolder; readonly shown: string; readonly cwd: string; readonly whole?: ResultsFolder }

/** What a stored experiment needs to run: cells with the ids that they have now, in the order of the folder. */
export interface StoredPlan { readonly asked: Blamed; readonly plan: Plan; readonly laboratory: Laboratory }

/** Reads a folder of simulated results. Throws ERR_RESULTS (no folder, damaged, empty) and ERR_NOT_POSSIBLE (recorded live). */
export function readStored(shown: string, cwd: string): Stored {
  const folder = readFolder(path.resolve(cwd, shown));
  if (folder.manifest.target !== 'sim') throw new SchedlabError('ERR_NOT_POSSIBLE', `${shown} was recorded live, at ${folder.manifest.target}, and real time does not come again. Repeat simulated replications.`);
  if (folder.records.length === 0) throw new SchedlabError('ERR_RESULTS', `${shown} holds no finished replication. Finish the run with --resume first.`);
  return { folder, shown, cwd };
}

/** Labels of the cells by id, where a summary tells them. */
export function labelsOf({ folder }: Stored): ReadonlyMap<string, string> {
  return new Map(folder.summary?.cells.map(({ id, label }) => [id, label]));
}

/** `alpha=0.5 (3fa2…)`, or the id alone where the label says no more. */
export function cellName(stored: Stored, id: string): string {
  const label = labelsOf(stored).get(id);
  return label === undefined || label === id ? id : `${label} (${id})`;
}

/** Cells in the order of the folder, listed for a message: at most twenty. */
function listed(stored: Stored, ids: readonly string[]): string {
  return ids.slice(0, 20).map((id) => cellName(stored, id)).join(', ') + (ids.length > 20 ? ` and ${ids.length - 20} more` : '');
}

export const cellIds = ({ folder }: Stored): readonly string[] => [...new Set(folder.records.map((record) => record.cell))];

/** The cell that --cell names: by its id, the beginning of it, its label, or `key=value,…` that fits one cell alone. Throws ERR_USAGE with those that there are. */
export function storedCell(stored: Stored, asked: string): string {
  const ids = cellIds(stored), labels = labelsOf(stored);
  const named = ids.filter((id) => asked !== '' && (id.startsWith(asked) || labels.get(id) === asked));
  const fitting = named.length > 0 ? named : ids.filter((id) => hasValues(stored.folder.records.find((record) => record.cell === id)!, asked));
  if (fitting.length === 1) return fitting[0];
  throw new SchedlabError('ERR_USAGE', `${JSON.stringify(asked)} fits ${fitting.length === 0 ? 'no cell' : `${fitting.length} cells`} of ${stored.shown}. Cells: ${listed(stored, ids)}.`);
}

/** `DIR`, or `DIR#CELL` for one cell of it, where no folder has that very name. */
export function splitCell(name: string, isFolder: (name: string) => boolean): readonly [dir: string, cell: string | undefined] {
  const at = name.lastIndexOf('#');
  return at <= 0 || isFolder(name) ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
}

/** One cell of a folder, as if nothing else were in it. */
export function only(stored: Stored, cell: string | undefined): Stored {
  if (cell === undefined) return stored;
  const id = storedCell(stored, cell), { folder } = stored;
  const summary = folder.summary && { ...folder.summary, cells: folder.summary.cells.filter((one) => one.id === id) };
  return { ...stored, whole: folder, folder: { ...folder, manifest: { ...folder.manifest, cells: [id] }, records: folder.records.filter((record) => record.cell === id), summary } };
}

function hasValues({ params }: ReplicationRecord, asked: string): boolean {
  const pairs = asked.split(',').map((part) => /^([^=]+)=(.*)$/.exec(part.trim()));
  return pairs.every((pair) => pair !== null && Object.hasOwn(params, pair[1]) && (String(params[pair[1]]) === pair[2] || (typeof params[pair[1]] === 'boolean' && pair[2] === (params[pair[1]] === true ? 'on' : 'off'))));
}

/** The stored replication of a cell. Throws ERR_USAGE with those that there are. */
export function storedReplication(stored: Stored, cell: string, rep: string, verb: string): ReplicationRecord {
  const number = resolveParam('--rep', { kind: 'number', default: 0, min: 0, integer: true, help: '' }, rep, verb);
  const own = stored.folder.records.filter((record) => record.cell === cell), found = own.find((record) => record.replication === number);
  if (found) return found;
  throw new SchedlabError('ERR_USAGE', `--rep ${rep} of ${cell} is not in ${stored.shown}. It holds ${own.length === 1 ? 'replication' : 'replications'} ${own.length > 20 ? `${own[0].replication} to ${own[own.length - 1].replication}` : own.map((record) => record.replication).join(', ')}.`);
}

/** The message for a command that lacks --cell or --rep. */
export function needsCell(stored: Stored): SchedlabError {
  const ids = cellIds(stored);
  return new SchedlabError('ERR_USAGE', `--from in run needs --cell and --rep. Write schedlab run --from ${stored.shown} --cell ${ids[0]} --rep 0. Cells: ${listed(stored, ids)}.`);
}

/**
 * Where a file of the experiment lies: from the working folder, as when it was recorded; else from a folder above the results, where a
 * repository was cloned elsewhere. Undefined: nowhere.
 */
export function locate({ folder, cwd }: Stored, file: string): string | undefined {
  const here = path.resolve(cwd, file);
  if (existsSync(here)) return here;
  if (path.isAbsolute(file)) return undefined;
  for (let at = folder.dir; ; at = path.dirname(at)) {
    const full = path.resolve(at, file);
    if (existsSync(full)) return full;
    if (path.dirname(at) === at) return undefined;
  }
}

/** The path as this process reads it; as it was recorded where nothing lies there, so that the message names that. */
const placed = (stored: Stored, file: string): string => { const full = locate(stored, file); return full === undefined ? file : fromHere(full); };

/**
 * Plans one cell for each of these records, the first of each cell. Identities are taken with the recorded version, so that equal ids mean that all
 * else is equal. Reads every data file once. Throws the coded error of whatever does not fit any more (exit code 2).
 */
export async function planStored(stored: Stored, records: readonly ReplicationRecord[], shell: 'auto' | 'event' | 'promise'): Promise<StoredPlan> {
  const { manifest } = stored.folder, code = (manifest.files ?? []).find((one) => one.what === 'scenario')?.path;
  const scenarioText = code ?? manifest.scenario, base = laboratoryFor('sim', shell);
  const found = await findScenario(isPath(scenarioText) ? placed(stored, scenarioText) : scenarioText, stored.cwd, 'run');
  const asked: Blamed = { found, scenarioText, places: [] }, labels = labelsOf(stored), cells: PlannedCell[] = [], plans: Plan[] = [];
  const known = new Map<string, ReturnType<Laboratory['readData']>>();
  let laboratory: Laboratory = { ...base, readData: (file, params) => { const key = JSON.stringify([file, params['format'] ?? '']); const data = known.get(key) ?? base.readData(file, params); known.set(key, data); return data; } };
  for (const record of firstOfEach(records)) {
    const isFile = (key: string, value: unknown): boolean => typeof value === 'string' && value !== '' && (found.definition.params[key]?.kind === 'file' || ((key === 'policy' || key === 'balancer') && namesFile(value)));
    const given: Record<string, GivenValue> = Object.fromEntries(Object.entries(record.params).map(([key, value]) => [key, { value: isFile(key, value) ? placed(stored, value as string) : value, origin: 'flag', where: path.join(stored.shown, 'replications.jsonl') }]));
    const request: ExperimentRequest = { scenario: found.definition, source: found.source, version: manifest.tool.replace(/^schedlab /, ''), given };
    laboratory = await withServers(await laboratoryOf(laboratory, request), request);
    const plan = blame(asked, () => planExperiment(request, laboratory), laboratory);
    plans.push(plan);
    cells.push({ ...plan.cells[0], index: cells.length, label: labels.get(record.cell) ?? record.cell });
  }
  return { asked, laboratory, plan: { ...plans[0], cells, baseline: -1, data: plans.flatMap((plan) => plan.data), files: plans[plans.length - 1].files } };
}

function firstOfEach(records: readonly ReplicationRecord[]): ReplicationRecord[] {
  const seen = new Set<string>();
  return records.filter(({ cell }) => !seen.has(cell) && seen.add(cell));
}
