// Makes a table of noisy measurements rise along every axis, moving each value as little as two sweeps can.

/** The mean of the least table above and the greatest table below that never fall along an axis. Both are monotone, so is their mean. O(points). */
export function monotone(axes: readonly (readonly number[])[], values: readonly number[]): number[] {
  const up = swept(axes, values, 1), down = swept(axes, values, -1);
  return values.map((_value, i) => (up[i] + down[i]) / 2);
}

function swept(axes: readonly (readonly number[])[], values: readonly number[], direction: 1 | -1): number[] {
  const out = [...values];
  let stride = 1;
  for (const axis of axes.toReversed()) {
    const length = axis.length, step = stride;
    for (let k = 0; k < out.length; k++) {
      const at = direction === 1 ? k : out.length - 1 - k, place = Math.floor(at / step) % length;
      if (direction === 1 && place > 0) out[at] = Math.max(out[at], out[at - step]);
      if (direction === -1 && place < length - 1) out[at] = Math.min(out[at], out[at + step]);
    }
    stride *= length;
  }
  return out;
}
