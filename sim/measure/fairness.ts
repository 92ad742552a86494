// Jain's fairness index, zeros included.

/** (Σx)² / (n·Σx²) over all values, 1 / n … 1 (Jain, Chiu and Hawe, 1984). 1 where all are zero: nobody is treated worse than another. */
export function jain(values: readonly number[]): number {
  let sum = 0, squares = 0;
  for (const value of values) { sum += value; squares += value * value; }
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}
