// Tables for terminals: decimal points under each other, narrow terminals, wide letters.
import { describe, expect, it } from 'vitest';
import { alignDecimals, droppedSentence, layout, width } from '../../src/cli/table.ts';

describe('a table', () => {
  it('puts decimal points under each other', () => {
    expect(alignDecimals(['0', '12.25 ± 0.10', '−3', 'baseline', '+0.5'])).toEqual([' 0', '12.25 ± 0.10', '−3', 'baseline', '+0.5']);
  });
  it('has a line of units only where there are units', () => {
    const cells = ['1', '2'];
    expect(layout([{ head: 'a', align: 'left', cells }], 80).lines).toHaveLength(3);
    expect(layout([{ head: 'a', unit: 's', align: 'left', cells }], 80).lines).toHaveLength(4);
  });
  it('drops columns from the right where the terminal is narrow, and says which', () => {
    const columns = ['one', 'two', 'three'].map((head) => ({ head, align: 'left' as const, cells: ['0123456789'] }));
    const table = layout(columns, 25);
    expect(table.dropped).toEqual(['three']);
    expect(table.lines.every((line) => width(line) <= 25)).toBe(true);
    expect(droppedSentence(table, 25)).toBe('left out, 25 columns being too few: three');
    expect(droppedSentence(layout(columns, 80), 80)).toBe('');
  });
  it('keeps the first column however narrow the terminal', () => {
    expect(layout([{ head: 'long name', align: 'left', cells: ['x'] }, { head: 'b', align: 'left', cells: ['y'] }], 3).lines[0]).toBe('long name');
  });
  it('measures wide and combining letters as a terminal shows them', () => {
    expect(width('日本')).toBe(4);
    expect(width('é')).toBe(1);
    expect(width('a\u202fb ± −')).toBe(7);
  });
});
