// A spec out of the page's library: references replaced by fresh copies of their parts, tables by rows.
interface Library {
  readonly parts: readonly unknown[];
  readonly specs: Readonly<Record<string, unknown>>;
}
interface Packed {
  readonly k: readonly string[];
  readonly r: readonly (readonly unknown[])[];
}

const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Vega writes into the specs it is given, so every use gets its own copy. Undefined for an unknown name. */
export function unpack({ parts, specs }: Library, name: string): unknown {
  const open = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(open);
    if (value === null || typeof value !== 'object') return value;
    const ref = value as { readonly $?: number; readonly '%'?: number };
    if (ref.$ !== undefined) return copy(parts[ref.$]);
    if (ref['%'] !== undefined) {
      const { k, r } = parts[ref['%']] as Packed;
      return r.map((row) => Object.fromEntries(k.map((key, i) => [key, copy(row[i])])));
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, open(item)]));
  };
  return Object.hasOwn(specs, name) ? open(specs[name]) : undefined;
}
