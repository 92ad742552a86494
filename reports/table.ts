// Tables: numbers to the right with one number of decimals a column, words to the left, units in a second header line.
import { decimalsFor, decimalsOfDifference, fixed, plusMinus, signed } from './numbers.ts';
import { html, type Html } from './html.ts';

export interface Column {
  readonly head: string;
  readonly unit?: string;
  readonly words?: boolean;
  /** A command: words in the type of code; an empty one is left empty. */
  readonly code?: boolean;
}
export interface Row {
  readonly cells: readonly string[];
  /** Cell id, lit up with its setting. */ readonly id?: string;
  readonly base?: boolean;
}
export interface Table {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly note?: string;
}

/** Decimals for a whole column: three significant digits of its middle value, none where all are whole numbers. */
export function columnDecimals(values: readonly (number | null)[], halves: readonly (number | null)[] = []): number {
  const sizes = values
    .filter((v): v is number => v !== null && v !== 0 && Number.isFinite(v))
    .map(Math.abs)
    .sort((a, b) => a - b);
  const spread = halves.filter((v): v is number => v !== null && v > 0).sort((a, b) => a - b);
  if (!sizes.length || (sizes.every(Number.isInteger) && !spread.length)) return 0;
  const middle = decimalsFor(sizes[sizes.length >> 1]);
  return spread.length
    ? Math.max(Math.min(middle, decimalsFor(spread[spread.length >> 1], 2)), Math.min(decimalsFor(spread[spread.length >> 1], 1), 4))
    : middle;
}

/** Formats a column of estimates; null becomes `no value`. */
export function estimateColumn(means: readonly (number | null)[], halves: readonly (number | null)[]): string[] {
  const decimals = columnDecimals(means, halves);
  return means.map((mean, i) =>
    mean === null
      ? 'no value'
      : plusMinus(
          mean,
          halves[i] ?? null,
          halves[i] ? decimals : Number.isInteger(mean) && means.every((m) => m === null || Number.isInteger(m)) ? 0 : decimals,
        ),
  );
}

export const valueColumn = (values: readonly (number | null)[]): string[] =>
  estimateColumn(
    values,
    values.map(() => null),
  );

/** Decimals of each row of differences: those of the column, and more where they would show a difference or its interval as zero. */
export function differenceDecimals(values: readonly (number | null)[], halves: readonly (number | null)[]): number[] {
  const decimals = columnDecimals(values, halves),
    largest = Math.max(0, ...values.map((v) => Math.abs(v ?? 0)), ...halves.map((h) => h ?? 0));
  // What is that small beside the rest of the column is rounding error.
  const isHidden = (x: number | null): boolean => x !== null && Math.abs(x) > largest * 1e-9 && !/[1-9]/.test(fixed(x, decimals));
  return values.map((v, i) => (v !== null && (isHidden(v) || isHidden(halves[i])) ? Math.max(decimals, decimalsOfDifference(v, halves[i])) : decimals));
}

export function signedColumn(values: readonly (number | null)[], halves: readonly (number | null)[]): string[] {
  const decimals = differenceDecimals(values, halves);
  return values.map((v, i) => (v === null ? 'no value' : v === 0 ? fixed(0, decimals[i]) : signed(v, decimals[i])));
}

const WORD_CLASS: Readonly<Record<string, string>> = { better: 'better', worse: 'worse' };

export function tableHtml(table: Table): Html {
  const align = (i: number): string => (table.columns[i]?.words || table.columns[i]?.code ? 'l' : '');
  const head = table.columns.map(
    (c, i) => html`<th scope="col"${align(i) && i ? html` class="l"` : ''}>${c.head}${c.unit ? html`<span>${c.unit}</span>` : ''}</th>`,
  );
  const rows = table.rows.map(
    (row) =>
      html`<tr${row.base ? html` class="base"` : ''}${row.id ? html` data-setting="${row.id}"` : ''}>${row.cells.map((cell, i) => {
        if (i === 0) return html`<th scope="row">${cell}</th>`;
        const kind = [align(i), table.columns[i]?.words ? (WORD_CLASS[cell] ?? '') : ''].filter(Boolean).join(' ');
        return html`<td${kind ? html` class="${kind}"` : ''}>${table.columns[i]?.code && cell ? html`<code>${cell}</code>` : cell}</td>`;
      })}</tr>`,
  );
  return html`<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}
