// Curves of waits: mean and band of the Kaplan–Meier curves of the replications, on common knots, ending where one has nobody left.
import { estimate, stepAt } from './bands.ts';
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';
import { durationUnit } from './units.ts';

export interface Knot {
  readonly at: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Name of a curve's calls: '' for all of them, else the class. */
export const curveClass = (key: string): string => (key === 'all' || key === '*' ? '' : key.replace(/^class=/, ''));

/** The curves that any run holds: all calls first, then the classes; without `all` where there are classes to tell it by parts. */
export function curveKeys(study: Study): string[] {
  const keys = [
    ...new Set(
      study.settings.flatMap((s) => s.runs.flatMap((r) => Object.keys(r.detail.waitCurves).filter((k) => r.detail.waitCurves[k].atS.length > 1))),
    ),
  ];
  const classes = keys.filter((k) => curveClass(k) !== '').sort();
  return classes.length > 1 && classes.length <= 3 ? classes : keys.filter((k) => curveClass(k) === '');
}

/** A curve is asked for by its chart, its sentence and its table. */
const found = new WeakMap<Setting, Map<string, readonly Knot[]>>();

/** Knots of one setting's curve: the union grid of its runs, up to the shortest of them. Empty where a run lacks it. */
export function meanCurve(setting: Setting, key: string): readonly Knot[] {
  const known = found.get(setting) ?? new Map<string, readonly Knot[]>();
  found.set(setting, known);
  if (!known.has(key)) known.set(key, findCurve(setting, key));
  return known.get(key)!;
}

function findCurve(setting: Setting, key: string): Knot[] {
  const curves = setting.runs.flatMap((r) => {
    const c = r.detail.waitCurves[key];
    return c && c.atS.length > 1 ? [c] : [];
  });
  if (!curves.length) return [];
  const end = Math.min(...curves.map((c) => c.atS[c.atS.length - 1]));
  const knots = [...new Set(curves.flatMap((c) => c.atS))].filter((at) => at <= end).sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(knots.length / 200)),
    kept = knots.filter((_, i) => i % step === 0 || i === knots.length - 1);
  return kept.map((at) => {
    const e = estimate(curves.map((c) => stepAt(c.atS, c.share, at, 1)));
    return { at, mean: e.mean!, low: Math.max(0, e.low ?? e.mean!), high: Math.min(1, e.high ?? e.mean!) };
  });
}

/** Share still waiting `at` seconds after arrival; null where the curve has ended. */
export function shareAt(knots: readonly Knot[], at: number): number | null {
  if (!knots.length || at > knots[knots.length - 1].at * (1 + 1e-12)) return null;
  return stepAt(
    knots.map((k) => k.at),
    knots.map((k) => k.mean),
    at,
    1,
  );
}

/** Whether a noticeable part of those who had to wait at all has been served by this knot. */
export const hasFallen = (knots: readonly Knot[], k: Knot): boolean => k.at > 0 && k.mean < 0.98 * knots[0].mean;

/** Whether times are better read in decades: the curves fall over more than two of them. */
export function isLogTime(curves: readonly (readonly Knot[])[]): boolean {
  let first = Infinity,
    last = 0;
  for (const knots of curves)
    for (const k of knots) {
      if (hasFallen(knots, k)) first = Math.min(first, k.at);
      if (k.mean > 0.001) last = Math.max(last, k.at);
    }
  return last / first > 100;
}

/** Round times at which a table reads the curves. */
export function readingTimes(curves: readonly (readonly Knot[])[]): number[] {
  const end = Math.max(0, ...curves.flatMap((c) => c.map((k) => k.at)));
  if (end === 0) return [];
  // Round in the unit of the longest time; a log scale counts in seconds.
  const log = isLogTime(curves),
    factor = log ? 1 : durationUnit(end).factor,
    power = Math.floor(Math.log10(end * factor)),
    times: number[] = [];
  for (let k = power - (log ? 3 : 1); k <= power; k++)
    for (const lead of log ? [1, 3] : [1, 2, 4, 6, 8]) {
      const at = (lead * Number(`1e${k}`)) / factor;
      if (at <= end * (1 + 1e-9)) times.push(at);
    }
  return times.slice(-9);
}
