// Jain's fairness index over the agents that were served: values of zero or less are dropped first.

/**
 * (Σx)² / (n·Σx²) over the values above zero; 1 when none is left. Between 1/n (one has everything) and 1 (all equal).
 * Dropping zeros hides whoever was starved: over completions of *all* agents, use the measures of the laboratory, which keep them.
 * Source: Jain, Chiu and Hawe, DEC-TR-301 (1984). O(n). Values are scaled by the largest, so that no square overflows.
 */
export function jainIndex(values: Iterable<number>): number {
  const positive: number[] = [];
  let largest = 0;
  for (const value of values) {
    if (!(value > 0)) continue;
    positive.push(value);
    if (value > largest) largest = value;
  }
  if (positive.length === 0) return 1;
  let sum = 0, squares = 0;
  for (const value of positive) {
    const share = value / largest;
    sum += share;
    squares += share * share;
  }
  return (sum * sum) / (positive.length * squares);
}
