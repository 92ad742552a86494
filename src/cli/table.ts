// A table for a terminal: columns aligned by the decimal point, dropped from the right where the terminal is narrow.

export interface Column {
  readonly head: string;
  /** Second header line; empty: none. */
  readonly unit?: string;
  readonly align: 'left' | 'decimal';
  readonly cells: readonly string[];
  /** Paints a finished, padded cell. */
  readonly paint?: (text: string, row: number) => string;
}

export interface Table { readonly lines: readonly string[]; /** Heads of the columns that did not fit. */ readonly dropped: readonly string[] }

const GAP = '  ';

/** Columns of the terminal that text takes; every sign of ours is one wide, combining marks none, East Asian wide ones two. */
export function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const c of text) {
    const code = c.codePointAt(0) as number;
    if (/\p{M}|\u200d/u.test(c)) continue;
    columns += (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff) ? 2 : 1;
  }
  return columns;
}

export const padEnd = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)));

/** Where the number's units digit ends: the columns left of the decimal point. */
function wholePart(text: string): number {
  const number = /^[+−-]?[\d\u202f]+/.exec(text);
  return number ? width(number[0]) : 0;
}

/** Pads cells so that their first decimal points stand under each other; words stay at the left. */
export function alignDecimals(cells: readonly string[]): string[] {
  const most = Math.max(0, ...cells.map(wholePart));
  return cells.map((cell) => (wholePart(cell) ? ' '.repeat(most - wholePart(cell)) + cell : cell));
}

/** Lays columns out. The first always stays; the others leave from the right until the rest fits into `columns`. */
export function layout(columns: readonly Column[], available: number): Table {
  const placed = columns.map((column) => {
    const cells = column.align === 'decimal' ? alignDecimals(column.cells) : column.cells;
    return { ...column, cells, width: Math.max(width(column.head), width(column.unit ?? ''), ...cells.map(width)) };
  });
  let shown = placed.length;
  const total = (n: number): number => placed.slice(0, n).reduce((sum, column) => sum + column.width + GAP.length, -GAP.length);
  while (shown > 1 && total(shown) > available) shown--;
  const kept = placed.slice(0, shown);
  const line = (text: (column: (typeof kept)[number]) => string, paint?: (column: (typeof kept)[number], padded: string) => string): string =>
    kept.map((column) => { const padded = padEnd(text(column), column.width); return paint ? paint(column, padded) : padded; }).join(GAP).trimEnd();
  const lines = [line((column) => column.head)];
  if (kept.some((column) => column.unit)) lines.push(line((column) => column.unit ?? ''));
  const rows = Math.max(0, ...columns.map((column) => column.cells.length));
  for (let row = 0; row < rows; row++) {
    lines.push(line((column) => column.cells[row] ?? '', (column, padded) => column.paint?.(padded, row) ?? padded));
  }
  return { lines, dropped: placed.slice(shown).map((column) => column.head) };
}

/** The sentence that says what a narrow terminal left out; empty where nothing is. */
export function droppedSentence(table: Table, available: number): string {
  if (table.dropped.length === 0) return '';
  const names = table.dropped.map((head) => head.replace(/\s+/g, ' ')).filter((head) => head !== '');
  return `left out, ${available} columns being too few: ${names.join(', ')}`;
}
