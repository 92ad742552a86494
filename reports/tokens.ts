// The colours of the report, by name, light and dark. Charts name them by the light hex; the page turns each into a CSS variable.

export const TOKENS = {
  page: ['#ffffff', '#14171c'],
  panel: ['#f6f7f9', '#1c2027'],
  text: ['#1a1d23', '#e8eaee'],
  muted: ['#565d69', '#a3abb8'],
  grid: ['#e4e7ec', '#2a303a'],
  axis: ['#b4bac5', '#4c5563'],
  set: ['#eceff4', '#232934'],
  c1: ['#1f5fbf', '#7fb2ff'],
  c2: ['#b45309', '#f5a855'],
  c3: ['#18794e', '#5ccb97'],
  c4: ['#b42318', '#ff8f84'],
  c5: ['#7042b8', '#c0a2f7'],
  c6: ['#0b7285', '#5cc7d9'],
  c7: ['#7a5c3e', '#cfae8a'],
  c8: ['#5f6672', '#aab2bf'],
  s2: ['#f5cdc6', '#52302c'],
  s3: ['#eba79d', '#78453f'],
  s4: ['#c8473a', '#d9796e'],
  s5: ['#a01d13', '#ff9f95'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type TokenName = keyof typeof TOKENS;
const names = Object.keys(TOKENS) as TokenName[];

/** The light hex of each token: what chart specs write. */
export const INK = Object.fromEntries(names.map((name) => [name, TOKENS[name][0]])) as Readonly<Record<TokenName, string>>;

const NAME_OF = new Map<string, TokenName>(names.map((name) => [TOKENS[name][0], name]));

/** `var(--c1,#1f5fbf)` for the hex of a token, undefined for any other text. The fallback keeps a copied-out SVG right. */
export function themed(hex: string): string | undefined {
  const name = NAME_OF.get(hex);
  return name && `var(--${name},${hex})`;
}

const declare = (theme: 0 | 1): string => names.map((name) => `--${name}:${TOKENS[name][theme]}`).join(';');

/** Light by default and on paper; dark by the system's wish or by the reader's choice. */
export const themeCss = (): string => `:root{color-scheme:light;${declare(0)}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${declare(1)}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${declare(1)}}}`;
