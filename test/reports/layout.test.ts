// Where names and plots stand: names of lines near their own ends, plots of one row at one height.
import { describe, expect, it } from 'vitest';
import { endLabels } from '../../reports/charts/labels.ts';
import { framed, levelled } from '../../reports/charts/parts.ts';

describe('names at line ends', () => {
  it('stand nearer to their own end than to another, also where two lines end in one place among others', () => {
    const ends = [{ x: 192, y: 242, t: '0.75' }, { x: 192, y: 240, t: '1' }, { x: 209, y: 250, t: '0.25' }, { x: 214, y: 239, t: '0' }];
    for (const { x, y, px, py, t } of endLabels(ends, [], 277)) {
      expect(Math.abs(py - y), t).toBeLessThanOrEqual(20);
      expect(Math.abs(px < x ? x - 8 - px : px - 8 - x), t).toBeLessThanOrEqual(40);
    }
  });
});

describe('panels side by side', () => {
  const heights = (of: readonly Readonly<Record<string, unknown>>[]): number[] => of.map((spec) => (spec['padding'] as { top: number }).top);
  /** Pixels from the upper edge to the lines over the plot. */
  const heads = (spec: Readonly<Record<string, unknown>>): number[] => (spec['layer'] as { data: { values: { y: number }[] } }[]).flatMap(({ data }) => data.values.map(({ y }) => y + heights([spec])[0]));
  const one = framed(236, { title: 'A', subtitle: 'short', plot: 200, layers: [] }), two = framed(236, { title: 'B', subtitle: 'ticks, served calls only, lower is better', plot: 200, layers: [] });

  it('begin their plots at one height where a subtitle has two lines, and keep titles where they were', () => {
    expect(new Set(heights([one, two])).size).toBe(2);
    const level = levelled([one, two]);
    expect(new Set(heights(level)).size).toBe(1);
    expect(level.map(heads)).toEqual([heads(one), heads(two)]);
  });

  it('are left alone where they are level', () => expect(levelled([one, one])[1]).toBe(one));
});
