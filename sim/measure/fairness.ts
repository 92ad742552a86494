// Jain's fairness index, zeros included.

/** (Σx)² / (n·Σx²) over all values, 1 / n … 1 (Jain, Chiu and Hawe, 1984). Null where all are zero: nothing was given, evenly or not. */
export function jain(values: readonly number[]): number | null {
  let sum = 0, squares = 0;
  for (const value of values) { sum += value; squares += value * value; }
  return squares === 0 ? null : (sum * sum) / (values.length * squares);
}
