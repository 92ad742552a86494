// Cells as settings: the keys that tell them apart, the axis that orders them, and their names in the words of the sweep.
import type { ParamValue } from '../src/options.ts';
import type { CellSummary, Manifest, ReplicationRecord } from '../sim/results.ts';
import { REST, type Look } from './looks.ts';
import { partText, wordsOf, type Words } from './setting-words.ts';

/** One cell as the report speaks of it. */
export interface Setting {
  readonly index: number;
  readonly cell: CellSummary;
  /** `alpha 0.25`, `alpha 0.25 with guard on`: for sentences. */
  readonly name: string;
  /** `0.25`, or the name where several keys are swept: for lists of settings, and for sentences that have named the key. */
  readonly short: string;
  /** `0.25`, `0.25, guard on`: for axes, marks, rows and columns. */
  readonly label: string;
  readonly words: Words & { readonly key: string };
  /** Position on the swept numeric key; null where there is none, and for a cell that has no such key: another policy beside the sweep. */
  readonly at: number | null;
  /** The other keys: settings of one group are joined by a line. */
  readonly group: string;
  readonly runs: readonly ReplicationRecord[];
  look: Look;
  featured: boolean;
}

export interface Axis {
  readonly key: string;
  readonly log: boolean;
  readonly values: readonly number[];
}

const valueOf = (cell: CellSummary, key: string): ParamValue | undefined => cell.varied[key] ?? cell.params[key];

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

/** The value that all but a few cells share, for a key that sets a few cells beside the grid; else undefined. */
function usual(cells: readonly CellSummary[], key: string): ParamValue | undefined {
  for (const value of distinct(cells.map((cell) => valueOf(cell, key)))) {
    const others = cells.filter((cell) => valueOf(cell, key) !== value).length;
    if (others > 0 && others <= cells.length / 4 && cells.length > 3) return value;
  }
  return undefined;
}

/** A key is an axis where three or more numbers of it were asked for. Two numbers are two settings, not a curve. A few cells may be without it. */
function findAxis(cells: readonly CellSummary[], keys: readonly string[]): Axis | null {
  let best: Axis | null = null;
  for (const key of keys) {
    const values = cells.map((cell) => valueOf(cell, key)).filter((v) => v !== undefined);
    if (values.length < cells.length * 0.75 || !values.every((v): v is number => typeof v === 'number' && Number.isFinite(v))) continue;
    const sorted = distinct(values).sort((a, b) => a - b);
    if (sorted.length < 3 || sorted.length <= (best?.values.length ?? 0)) continue;
    best = { key, values: sorted, log: sorted[0] > 0 && sorted[sorted.length - 1] / sorted[0] >= 50 };
  }
  return best;
}

export interface Named {
  readonly settings: Setting[];
  readonly axis: Axis | null;
  readonly keys: readonly string[];
}

export function nameSettings(cells: readonly CellSummary[], manifest: Pick<Manifest, 'swept'>, replications: readonly ReplicationRecord[]): Named {
  const candidates = distinct([...manifest.swept, ...cells.flatMap((cell) => Object.keys(cell.varied))]);
  const keys = candidates.filter((key) => distinct(cells.map((cell) => valueOf(cell, key))).length > 1);
  const axis = findAxis(cells, keys);
  const beside = new Map(keys.filter((key) => key !== axis?.key).map((key) => [key, usual(cells, key)]));
  if (keys.length > 1 && keys.every((key) => beside.get(key) !== undefined)) beside.clear();
  const grid = keys.filter((key) => beside.get(key) === undefined);
  const byCell = new Map<string, ReplicationRecord[]>();
  for (const run of replications) {
    const of = byCell.get(run.cell);
    if (of) of.push(run);
    else byCell.set(run.cell, [run]);
  }

  // The axis leads a name, whatever its place in the command: `alpha 0 with guard on`.
  const main = axis && grid.includes(axis.key) ? axis.key : (grid[0] ?? ''),
    ordered = grid.length ? [main, ...grid.filter((key) => key !== main)] : [];
  const settings = cells.map((cell, index): Setting => {
    const extras = keys
      .filter((key) => beside.get(key) !== undefined && valueOf(cell, key) !== beside.get(key))
      .map((key) => partText(key, valueOf(cell, key)));
    const words = { ...wordsOf(cell, ordered, extras, axis?.key, (key) => valueOf(cell, key)), key: main },
      at = axis ? ((valueOf(cell, axis.key) as number | undefined) ?? null) : null,
      runs = (byCell.get(cell.id) ?? []).slice().sort((a, b) => a.replication - b.replication);
    return { index, cell, name: words.name, short: words.short, label: words.label, words, at, group: axis ? words.others.join(', ') : '', runs, look: REST, featured: false };
  });
  return { settings: unambiguous(settings), axis, keys };
}

/** Two files of one name, or keys that the words leave out: such settings are called by the label that the experiment gave, else with their id. */
function unambiguous(settings: readonly Setting[]): Setting[] {
  const taken = new Map<string, number>();
  for (const setting of settings) taken.set(setting.short, (taken.get(setting.short) ?? 0) + 1);
  const called = (s: Setting, text: string): Setting => ({ ...s, name: text, short: text, label: text, words: { ...s.words, others: [] } });
  const unique = settings.map((s) => (taken.get(s.short) === 1 ? s : called(s, s.cell.label || s.cell.id)));
  return new Set(unique.map((s) => s.short)).size === unique.length ? unique : unique.map((s) => called(s, `${s.short} (${s.cell.id})`));
}
