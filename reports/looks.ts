// How a setting is marked: colour, shape and dash, the same in every chart. At most four settings are coloured, the rest are grey.
import { INK } from './tokens.ts';

export type Shape = 'circle' | 'square' | 'triangle-right' | 'diamond' | 'cross';
export interface Look {
  readonly color: string;
  readonly shape: Shape;
  readonly dash: readonly number[];
}

/** Blue, circle, solid: the candidate. Orange, square, dashed: the baseline. */
export const CANDIDATE: Look = { color: INK.c1, shape: 'circle', dash: [1, 0] };
export const BASELINE: Look = { color: INK.c2, shape: 'square', dash: [7, 3] };
export const FURTHER: readonly Look[] = [
  { color: INK.c5, shape: 'triangle-right', dash: [2, 3] },
  { color: INK.c6, shape: 'diamond', dash: [10, 3, 2, 3] },
  { color: INK.c7, shape: 'cross', dash: [5, 2, 1, 2] },
];
export const REST: Look = { color: INK.c8, shape: 'circle', dash: [1, 0] };
export const MOST_COLOURED = 4;

const PATHS: Readonly<Record<Shape, string>> = {
  circle: 'M10.5 6a4.5 4.5 0 1 1-9 0a4.5 4.5 0 1 1 9 0z',
  square: 'M2 2h8v8h-8z',
  'triangle-right': 'M2.5 1.5v9l8-4.5z',
  diamond: 'M6 .5l4.6 5.5l-4.6 5.5l-4.6-5.5z',
  cross: 'M4.4 1h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z',
};

/** The mark as path data in a 12 × 12 box, for the key of the page. */
export const markPath = (look: Look): string => PATHS[look.shape];
