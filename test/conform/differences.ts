// Comparing what came out with what a vector expects: numbers within a relative tolerance, everything else exactly.

/** Relative tolerance of scores and means. */
export const TOLERANCE = 1e-9;

export function near(a: number, b: number, tolerance: number = TOLERANCE): boolean {
  return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** Collects the differences of one case. */
export class Differences {
  readonly found: string[] = [];

  /** Ids, orders, ticks, ages, counts: no tolerance. Compared as JSON, the order of keys aside. */
  exact(what: string, got: unknown, expected: unknown): void {
    const a = canonical(got), b = canonical(expected);
    if (a !== b) this.found.push(`${what}: expected ${b}, got ${a}`);
  }

  close(what: string, got: number | null | undefined, expected: number | null): void {
    const same = typeof got === 'number' && typeof expected === 'number' ? near(got, expected) : (got ?? null) === expected;
    if (!same) this.found.push(`${what}: expected ${String(expected)}, got ${String(got)}`);
  }

  /** Numbers by name: the same names, near values. */
  closeRecord(what: string, got: Readonly<Record<string, number | null | undefined>>, expected: Readonly<Record<string, number | null>>): void {
    this.exact(`${what} (names)`, Object.keys(got).sort(), Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) if (Object.hasOwn(got, name)) this.close(`${what}.${name}`, got[name], value);
  }

  oneOf(what: string, got: unknown, accepted: readonly unknown[]): void {
    if (!accepted.includes(got)) this.found.push(`${what}: expected one of ${canonical(accepted)}, got ${canonical(got)}`);
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner) ?? 'nothing';
}
