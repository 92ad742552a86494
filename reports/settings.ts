// Names for cells: only the keys that tell them apart, in the words of the sweep.
import type { ParamValue } from '../src/options.ts';
import type { CellSummary, Manifest, ReplicationRecord } from '../sim/results.ts';
import { REST, type Look } from './looks.ts';

/** One cell as the report speaks of it. */
export interface Setting {
  readonly index: number;
  readonly cell: CellSummary;
  /** `alpha 0.25`: for sentences. */
  readonly name: string;
  /** `0.25`: for axes, labels and lists of settings. */
  readonly short: string;
  /** Position on the swept numeric key; null where there is none. */
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

/** A value in words: switches as on and off, a path by its last part. */
export const valueText = (value: ParamValue | undefined): string =>
  value === undefined
    ? 'none'
    : value === true
      ? 'on'
      : value === false
        ? 'off'
        : typeof value === 'string'
          ? value === ''
            ? 'none'
            : /^[^:\s]*\/[^/]+$/.test(value)
              ? value.slice(value.lastIndexOf('/') + 1)
              : value
          : String(value).replace('-', '\u2212');

const partText = (key: string, value: ParamValue | undefined): string =>
  typeof value === 'string' && !/^\d/.test(value) ? valueText(value) : `${key} ${valueText(value)}`;

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

/** A key is an axis where three or more numbers of it were asked for. Two numbers are two settings, not a curve. */
function findAxis(cells: readonly CellSummary[], keys: readonly string[]): Axis | null {
  let best: Axis | null = null;
  for (const key of keys) {
    const values = cells.map((cell) => valueOf(cell, key));
    if (!values.every((v): v is number => typeof v === 'number' && Number.isFinite(v))) continue;
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

export function nameSettings(cells: readonly CellSummary[], manifest: Manifest, replications: readonly ReplicationRecord[]): Named {
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

  const settings = cells.map((cell, index): Setting => {
    const extras = keys
      .filter((key) => beside.get(key) !== undefined && valueOf(cell, key) !== beside.get(key))
      .map((key) => partText(key, valueOf(cell, key)));
    const main = grid.map((key) => partText(key, valueOf(cell, key)));
    const shortMain =
      grid.length === 1
        ? [typeof valueOf(cell, grid[0]) === 'boolean' ? partText(grid[0], valueOf(cell, grid[0])) : valueText(valueOf(cell, grid[0]))]
        : main;
    const join = (parts: readonly string[]): string => [...parts, ...extras].join(', ') || cell.label || cell.id;
    const at = axis ? (valueOf(cell, axis.key) as number) : null;
    const group = axis ? [...grid.filter((key) => key !== axis.key).map((key) => partText(key, valueOf(cell, key))), ...extras].join(', ') : '';
    const runs = (byCell.get(cell.id) ?? []).slice().sort((a, b) => a.replication - b.replication);
    return { index, cell, name: join(main), short: join(shortMain), at, group, runs, look: REST, featured: false };
  });
  // Two files of one name, or keys that the labels leave out: fall back on the label that the experiment gave, then on the id.
  const taken = new Map<string, number>();
  for (const setting of settings) taken.set(setting.short, (taken.get(setting.short) ?? 0) + 1);
  const unique = settings.map((s) => (taken.get(s.short) === 1 ? s : { ...s, name: s.cell.label || s.cell.id, short: s.cell.label || s.cell.id }));
  const labels = new Set(unique.map((s) => s.short));
  return {
    settings:
      labels.size === unique.length ? unique : unique.map((s) => ({ ...s, name: `${s.name} (${s.cell.id})`, short: `${s.short} (${s.cell.id})` })),
    axis,
    keys,
  };
}

/** Settings as a reader lists them: neighbours on the axis as a range, many as a number. */
export function nameList(settings: readonly Setting[], all: readonly Setting[], axis: Axis | null, word = 'and'): string {
  if (settings.length === 0) return 'none';
  if (settings.length === all.length && all.length > 3) return `all ${all.length} settings`;
  if (axis && settings.length > 2 && distinct(settings.map((s) => s.group)).length === 1) {
    const sorted = [...settings].sort((a, b) => a.at! - b.at!),
      low = sorted[0].at!,
      high = sorted[sorted.length - 1].at!;
    const between = all.filter((s) => s.group === settings[0].group && s.at! >= low && s.at! <= high);
    if (between.length === sorted.length) return `${sorted[0].short} to ${sorted[sorted.length - 1].short}`;
  }
  const names = settings.map((s) => s.short);
  if (names.length > 5 || (names.length > 2 && names.join('').length > 48)) return `${settings.length} of the ${all.length} settings`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names[names.length - 1]}`;
}
