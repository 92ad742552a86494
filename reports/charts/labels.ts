// Direct labels for points: each beside its mark, where it touches no other label, no other mark and no edge.
import { textWidth } from '../text-width.ts';
import type { Spec } from '../svg.ts';
import { fields, layer, lit } from './parts.ts';

/** Pixels from the plot's top left corner. */
export interface Spot {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: string;
}
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const apart = (a: Box, b: Box): boolean => a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;

/** `obstacles`: marks, intervals and lines that a label should not cover; `room`: how far labels may reach. A label that fits nowhere is left out: the key and the tooltip still name it. */
export function placeLabels(spots: readonly Spot[], obstacles: readonly Box[], room: Box): Spec {
  const taken: Box[] = [...obstacles];
  const values = spots.flatMap(({ id, x, y, text, color }) => {
    const width = textWidth(text, 12, true);
    for (const [dx, dy] of [
      [10, 0],
      [-10 - width, 0],
      [-width / 2, -17],
      [-width / 2, 17],
      [8, -14],
      [8, 14],
      [-8 - width, -14],
      [-8 - width, 14],
      [12, -28],
      [12, 28],
      [-12 - width, -28],
      [-12 - width, 28],
    ]) {
      const box = { left: x + dx, right: x + dx + width, top: y + dy - 8, bottom: y + dy + 8 };
      if (
        box.left < room.left ||
        box.right > room.right ||
        box.top < room.top ||
        box.bottom > room.bottom ||
        !taken.every((other) => apart(box, other))
      )
        continue;
      taken.push(box);
      return [{ id, color, t: text, px: x + dx, py: y + dy }];
    }
    return [];
  });
  const pixel = (field: string): object => ({ field, type: 'quantitative', scale: null, axis: null });
  return layer(
    values,
    { type: 'text', fontWeight: 600 },
    { x: pixel('px'), y: pixel('py'), text: { field: 't' }, color: fields.color, opacity: lit() },
  );
}

/** Whether a line's point lies under a name. */
const covered = (box: Box, p: { readonly x: number; readonly y: number }): boolean => p.x > box.left + 3 && p.x < box.right - 3 && p.y > box.top + 2 && p.y < box.bottom - 2;

const distance = (box: Box, p: { readonly x: number; readonly y: number }): number =>
  Math.hypot(Math.max(box.left - p.x, 0, p.x - box.right), Math.max(box.top - p.y, 0, p.y - box.bottom));

/** Names at line ends: right of the end or else left of it, near it, touching no other name, nearest to its own end, and covering the fewest points of the lines. */
export function endLabels<T extends { readonly x: number; readonly y: number; readonly t: string }>(
  ends: readonly T[],
  points: readonly { readonly x: number; readonly y: number }[],
  height: number,
): (T & { readonly px: number; readonly py: number })[] {
  const taken: Box[] = [];
  const placed: { readonly x: number; readonly y: number; readonly py: number }[] = [];
  return [...ends]
    .sort((a, b) => a.y - b.y || a.x - b.x)
    .map((end) => {
      const width = textWidth(end.t, 12, true);
      // A name beside the end of another line would be taken for that line's; names of lines that end together keep their order.
      const rivals = ends.filter((o) => Math.hypot(o.x - end.x, o.y - end.y) > 12);
      let best = { px: end.x + 8, py: end.y, cost: Infinity, box: around(end.x, end.y) };
      for (const [px, side] of [[end.x + 8, 0], [end.x - 8 - width, 20]] as const) {
        if (px < 2) continue;
        for (let k = 0; k <= 48; k++) {
          const py = end.y + (k % 2 ? -1 : 1) * Math.ceil(k / 2) * 4;
          if (py < 4 || py > height + 2) continue;
          // Boxes are wider than their names: side by side two would read as one.
          const box = { left: px - 5, right: px + width + 5, top: py - 8, bottom: py + 8 };
          const cost =
            side +
            Math.abs(py - end.y) +
            1000 * taken.filter((other) => !apart(box, other)).length +
            12 * points.filter((p) => covered(box, p)).length +
            25 * rivals.filter((r) => !apart(box, around(r.x, r.y, 12, 12))).length +
            30 * rivals.filter((r) => distance(box, r) < distance(box, end)).length +
            40 * placed.filter((o) => Math.abs(o.x - end.x) < 12 && py < o.py && end.y > o.y).length;
          if (cost < best.cost) best = { px, py, cost, box };
        }
      }
      taken.push(best.box);
      placed.push({ x: end.x, y: end.y, py: best.py });
      return { ...end, px: best.px, py: best.py };
    });
}

/** A mark of 12 px, or the line between two points as small boxes along it. */
export const around = (x: number, y: number, wide = 6, high = 6): Box => ({ left: x - wide, right: x + wide, top: y - high, bottom: y + high });
export const along = (ax: number, ay: number, bx: number, by: number): Box[] => {
  const n = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / 8));
  return Array.from({ length: n + 1 }, (_, i) => around(ax + ((bx - ax) * i) / n, ay + ((by - ay) * i) / n, 1.5, 1.5));
};

/** Pixel of a value on a linear or logarithmic scale. */
export function pixelOf(value: number, domain: readonly [number, number], length: number, log = false): number {
  const f = log ? Math.log : (v: number): number => v;
  return ((f(value) - f(domain[0])) / (f(domain[1]) - f(domain[0]))) * length;
}
