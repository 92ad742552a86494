// Several results folders of one scenario as one experiment: their cells side by side, compared with one baseline.
import { SchedlabError } from '../../src/errors.ts';
import type { Manifest, ReplicationRecord, SummaryFile } from '../results.ts';
import { labelOf, variedOf } from './grid.ts';
import { experimentDigest } from './manifest.ts';
import { summarise } from './summarise.ts';
import { parseThreshold } from './threshold.ts';
import { TrailBook } from './trails.ts';
import type { ResultsFolder, SummariseInput } from './types.ts';

export interface United { readonly summary: SummaryFile; readonly manifest: Manifest; readonly records: readonly ReplicationRecord[]; /** Cells that were left out because an earlier folder has them. */ readonly notes: readonly string[] }

/** A folder that is finished: it has a summary. */
export type FinishedFolder = ResultsFolder & { readonly summary: SummaryFile };

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && [...a].sort().every((one, i) => one === [...b].sort()[i]);

/** What keeps two folders apart, in words; undefined: nothing. */
function difference({ manifest: a }: ResultsFolder, { manifest: b }: ResultsFolder): string | undefined {
  const of = (what: string, one: string, other: string): string | undefined => (one === other ? undefined : `${what}, ${JSON.stringify(one)} and ${JSON.stringify(other)}`);
  const sums = (files: readonly { readonly sha256: string }[] | undefined): string[] => (files ?? []).map((file) => file.sha256);
  const changed = (b.files ?? []).find((file) => (a.files ?? []).some((other) => (other.path === file.path || (other.what === 'scenario' && file.what === 'scenario')) && other.sha256 !== file.sha256));
  return of('other scenarios', a.scenario, b.scenario) ?? of('other versions', a.tool, b.tool) ?? of('other seeds', a.seed, b.seed) ?? of('other targets', a.target, b.target)
    ?? (same(sums(a.data), sums(b.data)) ? undefined : `other data, ${a.data.map((file) => file.path).join(', ') || 'none'} and ${b.data.map((file) => file.path).join(', ') || 'none'}`)
    ?? (changed ? `another content of the ${changed.what} ${changed.path}` : undefined);
}

/** Keys that tell the cells apart: those that were swept somewhere, then those in which cells differ. */
function variedKeysOf(folders: readonly FinishedFolder[], cells: readonly { readonly params: Readonly<Record<string, unknown>> }[]): string[] {
  const values = new Map<string, Set<unknown>>();
  for (const { params } of cells) for (const [key, value] of Object.entries(params)) values.set(key, (values.get(key) ?? new Set()).add(value));
  const differing = [...values].filter(([, all]) => all.size > 1).map(([key]) => key);
  return [...new Set([...folders.flatMap(({ manifest }) => manifest.swept), ...differing])];
}

/**
 * One experiment from several folders: the cells of the first, then what the others add; a cell that is in two is taken from the first.
 * The baseline is that of the first folder, else its first cell. Throws ERR_RESULTS, naming the difference, where the folders hold other
 * scenarios, versions, seeds, targets, data or code: their replications would not be pairs.
 */
export function uniteFolders(folders: readonly FinishedFolder[]): United {
  const [first] = folders;
  const taken = new Map<string, FinishedFolder>(), notes: string[] = [];
  for (const folder of folders) {
    const why = difference(first, folder);
    if (why !== undefined) throw new SchedlabError('ERR_RESULTS', `${JSON.stringify(first.dir)} and ${JSON.stringify(folder.dir)} cannot stand in one report: they have ${why}. Write one report each, or schedlab compare A B.`);
    for (const cell of folder.summary.cells) {
      const owner = taken.get(cell.id);
      if (owner === undefined) taken.set(cell.id, folder);
      else if (owner !== folder) notes.push(`the cell ${cell.label} is in ${owner.dir} and in ${folder.dir}: the first is taken`);
    }
  }
  const found = [...taken].map(([id, folder]) => folder.summary.cells.find((cell) => cell.id === id)!);
  const keys = variedKeysOf(folders, found), scenario = first.manifest.scenario;
  const cells = found.map(({ id, params }) => { const varied = variedOf(keys, params); return { id, params, varied, label: labelOf(varied, scenario) }; });
  const records = [...taken].flatMap(([id, folder]) => folder.records.filter((record) => record.cell === id).sort((a, b) => a.replication - b.replication));
  const input: SummariseInput = {
    scenario: { name: scenario }, cells, study: first.manifest.study, headline: first.manifest.headline ?? [],
    baseline: cells.length < 2 ? -1 : Math.max(0, cells.findIndex((cell) => cell.id === first.summary.baseline)),
    thresholds: [...new Set(folders.flatMap(({ summary }) => summary.thresholds.map((threshold) => threshold.text)))].map(parseThreshold),
    traced: records.length > 0 && records.every((record) => record.detail.batches !== undefined),
  };
  const summary = summarise(input, records, notes, trailsOf(taken, records));
  return { summary, manifest: unitedManifest(folders.map(({ manifest }) => manifest), summary, records, keys), records, notes };
}

/** Of each cell those of the folder that it is taken from. */
function trailsOf(taken: ReadonlyMap<string, FinishedFolder>, records: readonly ReplicationRecord[]): TrailBook {
  const all = new TrailBook(), books = new Map([...new Set(taken.values())].map((folder) => [folder, folder.trails?.()]));
  for (const record of records) {
    const bytes = books.get(taken.get(record.cell)!)?.bytesOf(record);
    if (bytes) all.put(record, bytes);
  }
  return all;
}

function unitedManifest(all: readonly Manifest[], summary: SummaryFile, records: readonly ReplicationRecord[], swept: readonly string[]): Manifest {
  const [first] = all, durationS = all.reduce((sum, { wall }) => sum + wall.durationS, 0), interrupted = all.some((one) => one.interrupted);
  const each = (pick: (manifest: Manifest) => readonly string[]): string[] => [...new Set(all.flatMap(pick))];
  return {
    ...first, swept, cells: summary.cells.map((cell) => cell.id), reps: Math.max(...all.map((one) => one.reps)), interrupted,
    origins: Object.assign({}, ...[...all].reverse().map((one) => one.origins), Object.fromEntries(swept.map((key) => [key, 'flag']))) as Manifest['origins'],
    assumptions: each((one) => one.assumptions), notSimulated: each((one) => one.notSimulated),
    digest: experimentDigest(records), valid: summary.valid, verdict: interrupted ? 'interrupted' : summary.valid ? 'valid' : `invalid: ${summary.notes[0]}`,
    redo: each((one) => [one.redo]).join(' && '), asked: each((one) => [one.asked]).join(' && '),
    wall: { startedAt: first.wall.startedAt, durationS, workers: Math.max(...all.map(({ wall }) => wall.workers)), eventsPerS: durationS > 0 ? Math.round(all.reduce((sum, { wall }) => sum + wall.eventsPerS * wall.durationS, 0) / durationS) : 0 },
  };
}
