// Typed columns that grow by doubling.

/** A copy of at least `length`, at least twice as long as before; new cells hold `fill`. Amortised O(1) a cell. */
export function widen<T extends Float64Array | Int32Array | Uint8Array | Int8Array>(from: T, length: number, fill = 0): T {
  const to = new (from.constructor as new (n: number) => T)(Math.max(length, from.length * 2));
  to.set(from);
  if (fill !== 0) to.fill(fill, from.length);
  return to;
}
