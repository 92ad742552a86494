// Weighted least squares by the normal equations: a handful of unknowns, thousands of rows.

export interface Observation { readonly terms: readonly number[]; readonly value: number; readonly weight: number }

/** Factors of the terms that give the least weighted sum of squares. Throws where the terms do not tell the unknowns apart. */
export function leastSquares(rows: readonly Observation[]): readonly number[] {
  const n = rows[0].terms.length, system = Array.from({ length: n }, () => new Array<number>(n + 1).fill(0));
  for (const { terms, value, weight } of rows) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) system[i][j] += weight * terms[i] * terms[j];
      system[i][n] += weight * terms[i] * value;
    }
  }
  for (let i = 0; i < n; i++) {
    const pivot = system.slice(i).reduce((best, row, at) => (Math.abs(row[i]) > Math.abs(system[best][i]) ? i + at : best), i);
    [system[i], system[pivot]] = [system[pivot], system[i]];
    if (system[i][i] === 0) throw new Error('the rows do not tell the terms apart');
    for (let row = 0; row < n; row++) {
      if (row === i) continue;
      const factor = system[row][i] / system[i][i];
      for (let j = i; j <= n; j++) system[row][j] -= factor * system[i][j];
    }
  }
  return system.map((row, i) => row[n] / row[i]);
}
