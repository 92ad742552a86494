// What a chart is: a question, the panels that answer it, the sentences found from the numbers, and a table of what is drawn.
import type { Repeat } from '../repeat.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import type { Table } from '../table.ts';

/** Where a panel is drawn. `first`: leftmost, so that shared row labels stand here alone. */
export interface Place {
  readonly width: number;
  readonly narrow: boolean;
  readonly first: boolean;
}

export interface Panel {
  /** Read out instead of the drawing; the table is the full text alternative. */
  readonly label: string;
  build(at: Place): Spec;
}

export interface Chart {
  readonly id: string;
  /** The title of its section. */
  question(study: Study): string;
  /** A few words for the list of questions. */
  readonly short: string;
  applies(study: Study): boolean;
  panels(study: Study): readonly Panel[];
  /** Panels abreast on a wide page. */
  abreast(study: Study): 1 | 2 | 3;
  /** One to three sentences, computed. */
  finding(study: Study): readonly string[];
  /** What sticks out, each with the command that repeats it. */
  repeats?(study: Study): readonly Repeat[];
  /** What is estimated, over what, n, which interval. The first part is set in bold. */
  caption(study: Study): readonly string[];
  /** True where the caption explains the marks of better, worse and cannot be told apart. */
  readonly verdictMarks?: boolean;
  table(study: Study): Table;
}

/** Width of a panel on a wide page, by how many stand abreast; and on a narrow one. */
export const WIDE = { 1: 768, 2: 372, 3: 240 } as const;
export const NARROW = 328;
