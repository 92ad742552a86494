// Fits laws to the values of one quantity, measures how far each is from them, and chooses one.
import { SchedlabError } from '../../../src/errors.ts';
import { unknownName } from '../../../src/options.ts';
import type { LawFit, QuantityFit } from '../../trace-results.ts';
import { curveOf, type Weighted } from '../describe/spread.ts';
import { LAWS, momentsOf, type Fitted, type Law, type Moments } from './laws.ts';

/** Values of an empirical law: each stands for as large a part of the calls. */
const EMPIRICAL_VALUES = 200;
/** Beyond this distance from the values no law of a few parameters is chosen. */
const DISTANCE_MOST = 0.1;
/** Points of a law that are drawn. */
const CURVE_POINTS = 120;
const LAW_NAMES: readonly string[] = [...LAWS.map(({ name }) => name), 'empirical'];

/**
 * Kolmogorov–Smirnov: the largest distance of a distribution function from that of the values, on both sides of each step. `before`: its
 * value just below x, where it has steps of its own.
 */
export function distance({ values, counts, n }: Weighted, cdf: (x: number) => number, before = cdf): number {
  let seen = 0, most = 0;
  for (let i = 0; i < values.length; i++) {
    most = Math.max(most, Math.abs(before(values[i]) - seen / n));
    seen += counts[i];
    most = Math.max(most, Math.abs(seen / n - cdf(values[i])));
  }
  return most;
}

/** Akaike's criterion, 2 k − 2 ln L; the smaller the better, between laws for the same values. */
function akaike({ values, counts }: Weighted, { logDensity }: Fitted, free: number): number {
  let logLikelihood = 0;
  for (let i = 0; i < values.length; i++) logLikelihood += counts[i] * logDensity(values[i]);
  return 2 * free - 2 * logLikelihood;
}

function positiveOf({ values, counts, n }: Weighted): { readonly positive: Weighted; readonly zeros: number } {
  const first = values.findIndex((value) => value > 0), from = first < 0 ? values.length : first;
  const zeros = counts.subarray(0, from).reduce((sum, count) => sum + count, 0);
  return { positive: { values: values.subarray(from), counts: counts.subarray(from), n: n - zeros }, zeros };
}

function fitLaw(law: Law, moments: Moments): LawFit {
  const fitted = law.fit(moments), { name, method } = law;
  if (typeof fitted === 'string') return { law: name, method, text: null, mean: null, cv2: null, parameters: {}, distance: null, aic: null, why: fitted, curve: null };
  const aic = akaike(moments, fitted, law.free);
  return { law: name, method, text: fitted.text, mean: fitted.mean, cv2: fitted.cv2, parameters: fitted.parameters, distance: distance(moments, (x) => fitted.cdf(x)), aic: Number.isFinite(aic) ? aic : null, why: null, curve: lawCurve(moments, (x) => fitted.cdf(x)) };
}

/** A distribution function at values that are evenly spread over the logarithms between the least and the largest. */
function lawCurve({ min, max }: Moments, cdf: (x: number) => number): LawFit['curve'] {
  const at = min === max ? [min] : Array.from({ length: CURVE_POINTS }, (_, i) => min * Math.exp((Math.log(max / min) * i) / (CURVE_POINTS - 1)));
  return { at, share: at.map(cdf) };
}

/**
 * Two hundred values, each for as many of the sorted ones: the middle of them, so that lengths stay those that occur, or their mean where the
 * largest is more than twice the least, so that a long tail keeps its weight.
 */
function partsOf({ values, counts, n }: Weighted): number[] {
  const size = n / Math.min(EMPIRICAL_VALUES, n), parts: number[] = [];
  let i = 0, left = counts[0];
  while (i < values.length) {
    const first = values[i];
    let room = size, sum = 0, middle = first, last = first;
    while (room > size * 1e-9 && i < values.length) {
      const taken = Math.min(left, room);
      sum += taken * values[i];
      last = values[i];
      if (room > size / 2) middle = last;
      room -= taken;
      left -= taken;
      if (left <= size * 1e-9) left = counts[++i] ?? 0;
    }
    parts.push(Number((last > 2 * first ? sum / (size - room) : middle).toPrecision(5)));
  }
  return parts;
}

function empiricalOf(moments: Moments): LawFit {
  const parts = partsOf(moments), own = Float64Array.from(parts).sort(), mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  const below = (x: number, orAt: boolean): number => { let low = 0, high = own.length; while (low < high) { const mid = (low + high) >> 1; if (own[mid] < x || (orAt && own[mid] === x)) low = mid + 1; else high = mid; } return low / own.length; };
  const cdf = (x: number): number => below(x, true);
  return {
    law: 'empirical', method: 'the values themselves', text: `empirical:${parts.join('/')}`, mean: moments.mean, cv2: own.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / own.length / (mean * mean), parameters: { values: own.length },
    distance: distance(moments, cdf, (x) => below(x, false)), aic: null, why: null, curve: lawCurve(moments, cdf),
  };
}

function choose(fits: readonly LawFit[], wanted: string | undefined, what: string): { readonly chosen: LawFit; readonly because: string } {
  const empirical = fits[fits.length - 1];
  if (wanted !== undefined) {
    const chosen = fits.find(({ law }) => law === wanted)!;
    if (chosen.text === null) throw new SchedlabError('ERR_OPTION_RANGE', `${what}=${wanted} in trace fit does not fit: ${chosen.why}. Choose another law, or leave it out.`, { name: what });
    return { chosen, because: 'asked for' };
  }
  const best = fits.filter((fit) => fit.aic !== null).sort((a, b) => a.aic! - b.aic!)[0];
  if (best === undefined) return { chosen: empirical, because: 'no law has such values' };
  if (best.distance! > DISTANCE_MOST) return { chosen: empirical, because: `${best.law} has the least AIC, and is off by ${best.distance!.toFixed(2)}: more than ${DISTANCE_MOST}` };
  return { chosen: best, because: 'the least AIC' };
}

/**
 * Fits all laws to the positive values of a quantity; zeros are a share of their own. `wanted`: the law to choose; else the one with the
 * least AIC, or the values themselves where even that is further than 0.1 from them. Undefined: no value is positive.
 * Throws ERR_OPTION_UNKNOWN, ERR_OPTION_RANGE. O(laws × distinct values).
 */
export function fitQuantity(name: 'gaps' | 'prompt' | 'output', unit: string, weighted: Weighted, wanted?: string): QuantityFit | undefined {
  if (wanted !== undefined && !LAW_NAMES.includes(wanted)) throw unknownName('law', wanted, LAW_NAMES, `${name}= of trace fit`);
  const { positive, zeros } = positiveOf(weighted);
  if (positive.n === 0) return undefined;
  const moments = momentsOf(positive), fits = [...LAWS.map((law) => fitLaw(law, moments)), empiricalOf(moments)], { chosen, because } = choose(fits, wanted, name), share = zeros / weighted.n;
  const zeroText = share > 0 ? `:zeros=${Number(share.toPrecision(6))}` : '';
  return {
    quantity: name, unit, n: weighted.n, zeros: share, mean: moments.mean * (1 - share), cv2: (1 + moments.cv2) / (1 - share) - 1,
    // Expected by chance alone for a law known beforehand: 1.36 ÷ √n once in twenty (Kolmogorov).
    chance: 1.36 / Math.sqrt(positive.n), fits, chosen: chosen.law, because, text: chosen.text! + zeroText, chosenMean: chosen.mean! * (1 - share), curve: curveOf(positive),
  };
}
