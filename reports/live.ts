// The compiled specs as the page carries them: colours by CSS variable, six digits, and every part that occurs twice kept once.
import { themed } from './tokens.ts';

/** Data fields that hold the words of users: never touched. */
const WORDS = new Set(['t', 'tip', 'text', 'subtitle', 'id', 'g']);

function slim(value: unknown, key: string): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (typeof value === 'string') return WORDS.has(key) ? value : (themed(value) ?? value);
  if (Array.isArray(value)) return value.map((item) => slim(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '$schema')
      .map(([name, item]) => [name, slim(item, name)]),
  );
}

export const liveSpec = (spec: unknown): unknown => slim(spec, '');

/** Rows of equal keys as a table: the keys once, then the values. */
export interface Packed {
  readonly k: readonly string[];
  readonly r: readonly (readonly unknown[])[];
}
/** `specs` by panel; `{ "$": n }` stands for the n-th part, `{ "%": n }` for the rows of the n-th part. */
export interface Library {
  readonly parts: readonly unknown[];
  readonly specs: Readonly<Record<string, unknown>>;
}

function packed(rows: readonly unknown[]): Packed | null {
  const objects = rows.filter((r): r is Record<string, unknown> => r !== null && typeof r === 'object' && !Array.isArray(r));
  if (!rows.length || objects.length !== rows.length) return null;
  const k = Object.keys(objects[0]),
    same = k.join('\n');
  return objects.every((o) => Object.keys(o).join('\n') === same) ? { k, r: objects.map((o) => k.map((key) => o[key])) } : null;
}

/** Parts repeat: wide and narrow drawings share their data, all share config and most marks. */
export function libraryOf(specs: Readonly<Record<string, unknown>>): Library {
  const parts: unknown[] = [],
    place = new Map<string, number>();
  const keep = (value: unknown): number => {
    const text = JSON.stringify(value),
      known = place.get(text);
    if (known !== undefined) return known;
    place.set(text, parts.length);
    return parts.push(value) - 1;
  };
  const each = (list: unknown): unknown => (Array.isArray(list) ? list.map((item) => ({ $: keep(item) })) : list);
  const table = (data: Record<string, unknown>): unknown => {
    const rows = Array.isArray(data.values) ? packed(data.values) : null;
    return rows ? { ...data, values: { '%': keep(rows) } } : data;
  };
  const library = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const { config, marks, axes, scales, data, ...rest } = spec as Record<string, unknown>;
      return [
        name,
        {
          ...rest,
          config: { $: keep(config) },
          marks: each(marks),
          ...(axes ? { axes: each(axes) } : {}),
          ...(scales ? { scales: each(scales) } : {}),
          data: (data as Record<string, unknown>[]).map(table),
        },
      ];
    }),
  );
  return { parts, specs: library };
}
