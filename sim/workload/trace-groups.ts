// Which calls of a trace belong to one program: those that wait for each other, however far apart.
import type { Trace } from '../scenario.ts';

/** True where the row waits for its parents instead of arriving by the clock. */
export function waits({ afterUs, parents, parentStart }: Trace, row: number): boolean {
  return afterUs !== undefined && parents !== undefined && parentStart !== undefined && afterUs[row]! >= 0 && parentStart[row + 1]! > parentStart[row]!;
}

/** The first row of the program of each row; undefined where every call arrives by the clock. Near O(rows + parents). */
export function firstRows(trace: Trace): Int32Array | undefined {
  const { parents, parentStart, rows } = trace;
  if (trace.afterUs === undefined || parents === undefined || parentStart === undefined) return undefined;
  const first = Int32Array.from({ length: rows }, (_, row) => row);
  const find = (row: number): number => {
    let at = row;
    while (first[at] !== at) at = first[at] = first[first[at]!]!;
    return at;
  };
  for (let row = 0; row < rows; row++) {
    if (!waits(trace, row)) continue;
    for (let k = parentStart[row]!; k < parentStart[row + 1]!; k++) {
      const a = find(parents[k]!), b = find(row);
      // The earlier row stands for all, so that a program is known by its first call.
      if (a !== b) first[Math.max(a, b)] = Math.min(a, b);
    }
  }
  for (let row = 0; row < rows; row++) first[row] = find(row);
  return first;
}
