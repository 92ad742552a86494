// Size laws by name, as scenarios spell them, taken at evenly spaced quantiles: what a policy is told of sizes, without any draw.

/** Points that a law is taken at. */
const POINTS = 256;
const MOST_STEPS = 200;

interface Law { readonly options: readonly string[]; readonly example: string; /** Quantile at u, in any scale. */ quantile(u: number, options: Readonly<Record<string, number>>): number; /** What is wrong with the options, if anything. */ refuse?(options: Readonly<Record<string, number>>): string | undefined }

const LAWS: Readonly<Record<string, Law>> = {
  deterministic: { options: [], example: 'deterministic', quantile: () => 1 },
  exponential: { options: [], example: 'exponential', quantile: (u) => -Math.log(1 - u) },
  uniform: { options: [], example: 'uniform', quantile: (u) => u },
  hyperexponential: {
    options: ['cv2'], example: 'hyperexponential:cv2=10', refuse: ({ cv2 }) => (cv2 >= 1 ? undefined : 'needs cv2 from 1'),
    quantile: (u, { cv2 }) => { const p = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2, tail = (x: number): number => p * Math.exp(-2 * p * x) + (1 - p) * Math.exp(-2 * (1 - p) * x); return solve((x) => 1 - tail(x), u, 1); },
  },
  pareto: {
    options: ['shape', 'ratio'], example: 'pareto:shape=1.5:ratio=10000', refuse: ({ shape, ratio }) => (shape > 0 && ratio > 1 ? undefined : 'needs shape above 0 and ratio above 1'),
    quantile: (u, { shape, ratio }) => Math.exp(-Math.log(1 + u * Math.expm1(-shape * Math.log(ratio))) / shape),
  },
};
const EMPIRICAL = 'empirical:0.1/0.5/2';

/** How sizes can be spelt, for help and completion. */
export const SIZE_LAWS: readonly string[] = [...Object.values(LAWS).map((law) => law.example), EMPIRICAL];

/** x with f(x) = u, for f that grows from 0 to 1. */
function solve(f: (x: number) => number, u: number, start: number): number {
  let high = start, low = 0;
  for (let i = 0; i < MOST_STEPS && f(high) < u; i++) { low = high; high *= 2; }
  for (let i = 0; i < MOST_STEPS && high - low > 1e-12 * high; i++) { const mid = (low + high) / 2; if (f(mid) < u) low = mid; else high = mid; }
  return (low + high) / 2;
}

const NUMBER = /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Sizes that stand for the law, scaled to the mean; in words what is wrong where the text names none. */
export function sizesOf(text: string, mean: number): readonly number[] | string {
  const [name, ...given] = text.split(':');
  if (name === 'empirical') {
    const parts = (given[0] ?? '').split(/[/,]/), values = parts.map(Number);
    return given.length === 1 && parts.every((part) => NUMBER.test(part)) && values.some((value) => value > 0) ? scaled(values, mean) : `needs sizes with slashes between them, as in ${EMPIRICAL}`;
  }
  const law = Object.hasOwn(LAWS, name) ? LAWS[name] : undefined;
  if (law === undefined) return `accepts learnt, or a law of sizes: ${SIZE_LAWS.join(', ')}`;
  const pairs = given.map((part) => part.split('=')), options = Object.fromEntries(pairs.map(([key, value]) => [key, Number(value)]));
  if (pairs.length !== law.options.length || !pairs.every(([key, value]) => law.options.includes(key) && NUMBER.test(value ?? '')) || Object.keys(options).length !== pairs.length) return `takes ${law.options.length === 0 ? 'nothing after' : `${law.options.join(' and ')} after`} ${name}, as in ${law.example}`;
  return law.refuse?.(options) ?? scaled(Array.from({ length: POINTS }, (_, k) => law.quantile((k + 0.5) / POINTS, options)), mean);
}

function scaled(values: readonly number[], mean: number): readonly number[] {
  const factor = mean * values.length / values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value * factor);
}
