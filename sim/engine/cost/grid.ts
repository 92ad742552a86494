// A table of measurements on a rectangular grid, and what lies between its points. Cost models read it; it knows no units.
import { SchedlabError } from '../../../src/errors.ts';

/** What a table holds: one rising list of coordinates a dimension, and the values, last dimension fastest. */
export interface GridData {
  readonly axes: readonly (readonly number[])[];
  readonly values: readonly number[];
}

const MOST_AXES = 4;

/**
 * Multilinear interpolation in one to four dimensions; beyond an end of an axis the value of the end holds. Where the
 * values never fall along any axis, neither does the answer. O(log points) a dimension, nothing allocated.
 */
export class Grid {
  readonly #axes: readonly Float64Array[];
  readonly #strides: readonly number[];
  readonly #values: Float64Array;
  readonly #low = new Int32Array(MOST_AXES);
  readonly #share = new Float64Array(MOST_AXES);
  readonly #corners = new Float64Array(1 << MOST_AXES);

  /** @throws ERR_OPTION_RANGE where an axis does not rise, or the values are not as many as the points */
  constructor({ axes, values }: GridData, name: string) {
    const points = axes.reduce((product, axis) => product * axis.length, 1);
    if (axes.length < 1 || axes.length > MOST_AXES) throw wrong(name, `has ${axes.length} axes; accepted are 1 to ${MOST_AXES}`);
    for (const axis of axes) if (axis.length === 0 || axis.some((value, i) => !Number.isFinite(value) || (i > 0 && value <= axis[i - 1]))) throw wrong(name, 'has an axis whose coordinates do not rise');
    if (values.length !== points || !values.every(Number.isFinite)) throw wrong(name, `has ${values.length} values for ${points} points, or one that is no number`);
    this.#axes = axes.map((axis) => Float64Array.from(axis));
    this.#values = Float64Array.from(values);
    this.#strides = axes.map((_axis, i) => axes.slice(i + 1).reduce((product, axis) => product * axis.length, 1));
  }

  /** Coordinates beyond the grid's own dimensions are not read. */
  at(a: number, b = 0, c = 0, d = 0): number {
    const dimensions = this.#axes.length;
    this.#locate(0, a);
    if (dimensions > 1) this.#locate(1, b);
    if (dimensions > 2) this.#locate(2, c);
    if (dimensions > 3) this.#locate(3, d);
    return this.#between(dimensions);
  }

  #locate(dimension: number, value: number): void {
    const axis = this.#axes[dimension], last = axis.length - 1;
    let low = 0, high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (axis[middle] <= value) low = middle; else high = middle;
    }
    this.#low[dimension] = low;
    const width = last === 0 ? 1 : axis[low + 1] - axis[low];
    this.#share[dimension] = last === 0 ? 0 : Math.min(1, Math.max(0, (value - axis[low]) / width));
  }

  #between(dimensions: number): number {
    const corners = this.#corners, last = dimensions - 1;
    for (let corner = 0; corner < 1 << dimensions; corner++) {
      let at = 0;
      // The lowest bit of a corner stands for the last dimension, which is folded first.
      for (let k = 0; k < dimensions; k++) at += (this.#low[k] + (this.#share[k] > 0 ? (corner >> (last - k)) & 1 : 0)) * this.#strides[k];
      corners[corner] = this.#values[at];
    }
    for (let k = last, left = 1 << last; k >= 0; k--, left >>= 1) {
      const share = this.#share[k];
      for (let i = 0; i < left; i++) corners[i] = corners[2 * i] + share * (corners[2 * i + 1] - corners[2 * i]);
    }
    return corners[0];
  }
}

function wrong(name: string, what: string): SchedlabError {
  return new SchedlabError('ERR_OPTION_RANGE', `the table ${name} ${what}. Make the preset again from its profile.`, { name });
}
