// Numbers as a reader sees them: three significant digits, true minus, thin spaces, nothing breaks inside a number.

export const NBSP = '\u00a0';
const THIN = '\u202f'; // narrow and non-breaking
const MINUS = '\u2212';

/** Decimals that show `digits` significant digits of x; 0 from 100 upwards. */
export function decimalsFor(x: number, digits = 3): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  const rounded = Number(Math.abs(x).toPrecision(digits)); // 0.9996 is 1.00
  return Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(rounded))));
}

/** Fixed decimals with thin spaces between thousands and a true minus. A rounded zero has no sign. */
export function fixed(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return x > 0 ? '∞' : x < 0 ? `${MINUS}∞` : 'no value';
  const [whole, fraction] = Math.abs(x).toFixed(Math.min(20, decimals)).split('.');
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN) : whole;
  const text = fraction ? `${grouped}.${fraction}` : grouped;
  return x < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** Three significant digits; whole numbers as they are, without a fraction. From 1000 upwards every digit is kept. */
export function plain(x: number, digits = 3): string {
  if (Number.isInteger(x)) return fixed(x, 0);
  return fixed(x, decimalsFor(x, digits));
}

/** With the sign that a difference needs. */
export const signed = (x: number, decimals = Number.isInteger(x) ? 0 : decimalsFor(x)): string => {
  const text = fixed(x, decimals);
  return x > 0 && /[1-9]/.test(text) ? `+${text}` : text;
};

/** A half-width that is missing, zero, or no more than rounding error beside its mean. */
export const isNothing = (mean: number, half: number | null): half is null => half === null || !(half > Math.abs(mean) * 1e-9);

/** Decimals for a mean with its half-width: three significant digits of the mean, at most two and at least one of the half-width. */
export function decimalsOf(mean: number, half: number | null): number {
  if (isNothing(mean, half)) return Number.isInteger(mean) ? 0 : decimalsFor(mean);
  const most = decimalsFor(half, 2),
    least = decimalsFor(half, 1);
  return Math.max(Math.min(mean === 0 ? most : decimalsFor(mean), most), Math.min(least, 6));
}

/** Decimals for a difference with its interval: two significant digits of the difference, one of the half-width. */
export function decimalsOfDifference(mean: number, half: number | null): number {
  return isNothing(mean, half)
    ? decimalsOf(mean, half)
    : Math.max(decimalsFor(half, 1), Math.min(mean === 0 ? 12 : decimalsFor(mean, 2), decimalsFor(half, 2)));
}

export interface Estimate {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

export const halfWidth = (e: { readonly low: number | null; readonly high: number | null }): number | null =>
  e.low === null || e.high === null ? null : (e.high - e.low) / 2;

/** `0.722 ± 0.008`; a number without variance or without an interval is a plain number. */
export function plusMinus(mean: number, half: number | null, decimals = decimalsOf(mean, half)): string {
  return isNothing(mean, half) ? fixed(mean, decimals) : `${fixed(mean, decimals)}${NBSP}±${NBSP}${fixed(half, decimals)}`;
}

/** `0.068 to 0.083`. */
export const range = (low: number, high: number, decimals: number): string => `${fixed(low, decimals)}${NBSP}to${NBSP}${fixed(high, decimals)}`;

/** Upper 95 % limit of a probability after `n` trials without one event: 1 − 0.05^(1/n), the exact binomial bound. */
export const noneOf = (n: number): number => 1 - Math.exp(Math.log(0.05) / n);

export function percent(share: number, digits = 2): string {
  const value = share * 100,
    rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(digits));
  return `${rounded === 100 && share < 1 ? `>${NBSP}99` : fixed(rounded, Number.isInteger(rounded) ? 0 : decimalsFor(rounded, String(rounded).replace(/^0\.0*|\./g, '').length))}${NBSP}%`;
}

/** `1 cell`, `5 cells`, `25 147 calls`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${fixed(n, 0)}${NBSP}${n === 1 ? one : many}`;

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Small counts as words, for the middle of a sentence. */
export const spell = (n: number): string => SMALL[n] ?? fixed(n, 0);

/** `a`, `a and b`, `a, b and c`. */
export const list = (items: readonly string[], word = 'and'): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${word} ${items[items.length - 1]}`;
