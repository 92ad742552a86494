// The results folder: prepared without overwriting what is not ours to lose, filled while the experiment runs, read back.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SchedlabError } from '../../src/errors.ts';
import { isTaken, learnMetric, onRequestAmong } from '../../src/observe/metrics.ts';
import type { Manifest, ReplicationRecord, SummaryFile } from '../results.ts';
import { MANIFEST_SCHEMA, SUMMARY_SCHEMA } from '../results.ts';
import { FILES, LineFile, OWN_FILES, makeFolder, prettyJson, readIfThere, writeWhole } from './files.ts';
import { parseLines, recordLine } from './lines.ts';
import { lockFolder } from './lock.ts';
import { placeKey as keyOf, readTrails, trailLine, type TrailBook } from './trails.ts';
import { summaryCsv } from './csv.ts';
import type { ResultsFolder } from './types.ts';

/** What a folder is asked to hold. `reps`: replications at most. */
export interface FolderClaim { readonly scenario: string; readonly cells: readonly { readonly id: string }[]; readonly seed: string; readonly reps: number; /** Checksums of the files that define metrics. */ readonly metrics?: readonly string[]; /** Metrics on request that are measured. */ readonly onRequest?: readonly string[]; readonly resume: boolean }

/** A prepared folder: what it holds already that can be used again, and how many lines were cut. */
export interface PreparedFolder { readonly folder: FolderWriter; readonly reusable: readonly ReplicationRecord[]; readonly trails: TrailBook | undefined; readonly torn: number }

/** Appends replications while they finish and writes the rest at the end. One writer a folder. */
export class FolderWriter {
  readonly dir: string;
  readonly #lines: LineFile;
  readonly #unlock: () => void;
  #trails: LineFile | undefined;
  /** Keys of the lines in each file, in their order. */
  readonly #written: string[];
  readonly #trailed: string[];
  /** `unlock` gives the folder back, when all is written. */
  constructor(dir: string, held: readonly ReplicationRecord[], unlock: () => void) {
    this.dir = dir;
    this.#unlock = unlock;
    this.#lines = new LineFile(join(dir, FILES.replications));
    this.#written = held.map(keyOf);
    this.#trailed = held.filter((record) => record.decisions !== undefined).map(keyOf);
  }
  /** The trail first: a record that stands in its file always has one. */
  append(record: ReplicationRecord, trail: Uint8Array | undefined): void {
    if (trail !== undefined) {
      (this.#trails ??= new LineFile(join(this.dir, FILES.trails))).append(trailLine(record, trail));
      this.#trailed.push(keyOf(record));
    }
    this.#lines.append(recordLine(record));
    this.#written.push(keyOf(record));
  }
  writeManifest(manifest: Manifest): void { writeWhole(join(this.dir, FILES.manifest), prettyJson(manifest)); }
  /** The final state: lines in (cell, replication) order, summary, then the manifest that vouches for them. */
  finish(records: readonly ReplicationRecord[], summary: SummaryFile, manifest: Manifest): void {
    this.#closeLines();
    order(join(this.dir, FILES.replications), this.#written, records.map(keyOf));
    order(join(this.dir, FILES.trails), this.#trailed, records.filter((record) => record.decisions !== undefined).map(keyOf));
    writeWhole(join(this.dir, FILES.summary), prettyJson(summary));
    writeWhole(join(this.dir, FILES.csv), summaryCsv(summary));
    this.writeManifest(manifest);
    this.#unlock();
  }
  close(): void {
    this.#closeLines();
    this.#unlock();
  }
  #closeLines(): void {
    this.#lines.close();
    this.#trails?.close();
  }
}

/** Puts the lines of a file in order as they are: writing them again would cost more than all else here. */
function order(path: string, written: readonly string[], wanted: readonly string[]): void {
  if (wanted.every((key, i) => written[i] === key) && wanted.length === written.length) return;
  const lines = (readIfThere(path) ?? '').split('\n'), place = new Map(written.map((key, i) => [key, i]));
  writeWhole(path, wanted.map((key) => `${lines[place.get(key) ?? -1]}\n`).join(''));
}

/**
 * Opens a folder for an experiment. Without `resume` it must not hold results yet; with it, every stored replication must be one that the
 * experiment asks for, so that nothing finished is ever lost in silence. Throws ERR_OUTPUT.
 */
export function prepareFolder(dir: string, claim: FolderClaim): PreparedFolder {
  if (existsSync(dir) && !statSync(dir).isDirectory()) throw new SchedlabError('ERR_OUTPUT', `${JSON.stringify(dir)} is a file. Choose a folder with --out.`, { dir });
  const held = OWN_FILES.filter((name) => existsSync(join(dir, name)));
  if (held.length > 0 && !claim.resume) throw new SchedlabError('ERR_OUTPUT', `${JSON.stringify(dir)} holds results already (${held.join(', ')}). Add --resume to go on with the same experiment, or choose another folder with --out.`, { dir });
  makeFolder(dir);
  const unlock = lockFolder(dir);
  try { return opened(dir, held, claim, unlock); } catch (error) { unlock(); throw error; }
}

function opened(dir: string, held: readonly string[], claim: FolderClaim, unlock: () => void): PreparedFolder {
  const { reusable, trails, torn } = held.length > 0 ? stored(dir, claim) : { reusable: [], trails: undefined, torn: 0 };
  // Rewritten before anything is appended: a cut last line would swallow the next one.
  if (held.includes(FILES.replications)) writeWhole(join(dir, FILES.replications), reusable.map((record) => `${recordLine(record)}\n`).join(''));
  if (trails && held.includes(FILES.trails)) writeWhole(join(dir, FILES.trails), reusable.flatMap((record) => { const bytes = trails.bytesOf(record); return bytes ? [`${trailLine(record, bytes)}\n`] : []; }).join(''));
  return { folder: new FolderWriter(dir, reusable, unlock), reusable, trails, torn };
}

function stored(dir: string, claim: FolderClaim): { reusable: ReplicationRecord[]; trails: TrailBook; torn: number } {
  const refuse = (why: string): SchedlabError => new SchedlabError('ERR_OUTPUT', `cannot resume in ${JSON.stringify(dir)}: ${why}. Choose another folder with --out.`, { dir });
  const manifest = readManifest(dir);
  if (manifest.scenario !== claim.scenario) throw refuse(`it holds results of ${manifest.scenario}, not of ${claim.scenario}`);
  if (manifest.seed !== claim.seed) throw refuse(`its seed is ${JSON.stringify(manifest.seed)}, not ${JSON.stringify(claim.seed)}`);
  const { records, torn } = parseLines(readIfThere(join(dir, FILES.replications)) ?? ''), trails = readTrails(dir, records);
  const measured = (manifest.files ?? []).filter(({ what }) => what === 'metric').map(({ sha256 }) => sha256).sort();
  if (records.length > 0 && measured.join() !== [...(claim.metrics ?? [])].sort().join()) throw refuse('what is finished there was measured with other files of --metric');
  const had = onRequestAmong(Object.keys(records[0]?.metrics ?? {})), more = claim.onRequest?.filter((name) => !had.includes(name)) ?? [], less = had.filter((name) => !claim.onRequest?.includes(name));
  if (records.length > 0 && more.length > 0) throw refuse(`what is finished there was measured without ${more.join(', ')}`);
  if (less.length > 0) throw refuse(`what is finished there was measured with ${less.join(', ')}`);
  const wanted = new Set(claim.cells.map((cell) => cell.id)), seen = new Set<string>();
  const reusable: ReplicationRecord[] = [];
  let foreign = 0, beyond = 0, untrailed = 0;
  for (const record of records) {
    const key = keyOf(record);
    if (seen.has(key)) continue;
    seen.add(key);
    if (!wanted.has(record.cell) || record.seed !== `${claim.seed}/${record.replication}`) foreign++;
    else if (record.replication >= claim.reps) beyond++;
    // What was decided there is lost: it is run again, so that the folder ends as it would have.
    else if (record.decisions !== undefined && trails.bytesOf(record) === undefined) untrailed++;
    else reusable.push(record);
  }
  if (foreign) throw refuse(`${foreign} of its replications belong to cells that this command does not ask for (other parameters, data or version), and would be lost`);
  if (beyond) throw refuse(`it holds more replications than the ${claim.reps} asked for, and they would be lost; ask for at least as many with --reps`);
  return { reusable, trails, torn: torn + untrailed };
}

function readJson(dir: string, name: string): unknown {
  const text = readIfThere(join(dir, name));
  if (text === undefined) return undefined;
  try { return JSON.parse(text); } catch { throw new SchedlabError('ERR_RESULTS', `${JSON.stringify(join(dir, name))} is not JSON: it was damaged or belongs to something else. Run the experiment again into another folder.`, { dir }); }
}

function readManifest(dir: string): Manifest {
  if (!existsSync(dir)) throw new SchedlabError('ERR_RESULTS', `there is no folder ${JSON.stringify(dir)}. Name a results folder: the one after --out, or under results/.`, { dir });
  const value = readJson(dir, FILES.manifest) as Partial<Manifest> | undefined | null;
  if (value === undefined) throw new SchedlabError('ERR_RESULTS', `${JSON.stringify(dir)} is no results folder: it has no ${FILES.manifest}. Name one that run or sweep has written: the one after --out, or under results/.`, { dir });
  checkSchema(dir, FILES.manifest, value, MANIFEST_SCHEMA);
  checkLists(dir, FILES.manifest, value, ['cells', 'data', 'swept', 'assumptions', 'notSimulated']);
  return value as Manifest;
}

function checkLists(dir: string, name: string, value: object | null, lists: readonly string[]): void {
  const table = (value ?? {}) as Readonly<Record<string, unknown>>;
  const missing = lists.filter((list) => !Array.isArray(table[list]));
  if (missing.length) throw new SchedlabError('ERR_RESULTS', `${JSON.stringify(join(dir, name))} is damaged: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. Run the experiment again into another folder.`, { dir });
}

function checkSchema(dir: string, name: string, value: { readonly schema?: unknown } | null, schema: string): void {
  if (value?.schema === schema) return;
  const other = typeof value?.schema === 'string' && value.schema.startsWith('schedlab/') ? `is ${JSON.stringify(value.schema)}, and this version reads ${JSON.stringify(schema)}; read it with the version that wrote it` : 'is no file of schedlab';
  throw new SchedlabError('ERR_RESULTS', `${JSON.stringify(join(dir, name))} ${other}.`, { dir });
}

/** Reads a results folder, also one that was interrupted (then without a summary, perhaps). Its own metrics join the dictionary. Throws ERR_RESULTS: missing, foreign, damaged. */
export function readFolder(dir: string): ResultsFolder {
  const manifest = readManifest(dir);
  for (const metric of manifest.metrics ?? []) if (!isTaken(metric.name)) learnMetric(metric);
  const { records, torn } = parseLines(readIfThere(join(dir, FILES.replications)) ?? '');
  const summary = readJson(dir, FILES.summary) as SummaryFile | undefined;
  if (summary !== undefined) {
    checkSchema(dir, FILES.summary, summary, SUMMARY_SCHEMA);
    checkLists(dir, FILES.summary, summary, ['cells', 'comparisons', 'thresholds', 'notes']);
  }
  return { dir, manifest, summary, records, torn, trails: () => readTrails(dir, records) };
}
