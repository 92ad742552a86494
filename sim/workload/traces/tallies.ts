// How often something was met in a file, and where first: why rows were left out, what else a reader should know.

export interface Tally { readonly what: string; readonly count: number; /** Line where it was met first, from 1. */ readonly line: number }

export class Tallies {
  readonly #of = new Map<string, { what: string; count: number; line: number }>();
  total = 0;

  count(what: string, line: number): void {
    this.total++;
    const tally = this.#of.get(what);
    if (tally === undefined) this.#of.set(what, { what, count: 1, line });
    else tally.count++;
  }

  /** In the order in which they were met. */
  list(): readonly Tally[] { return [...this.#of.values()]; }
}

export const rowsOf = (count: number): string => `${count} row${count === 1 ? '' : 's'}`;

/** What was left out, by reason: `2 rows dropped: no arrival (first at line 7)`. */
export const dropNote = ({ what, count, line }: Tally): string => `${rowsOf(count)} dropped: ${what} (first at line ${line})`;
export const remarkNote = ({ what, count, line }: Tally): string => `${rowsOf(count)} ${what} (first at line ${line})`;
