// Lines without settings: distribution functions, rates, dispersion. Up to four lines, each with its name at its end.
import type { Panel } from '../charts/chart.ts';
import { lines, type Line, type LinePoint } from '../charts/lines.ts';
import type { Ticks } from '../charts/parts.ts';
import { BASELINE, CANDIDATE, FURTHER, type Look } from '../looks.ts';
import { decimalsFor, fixed, NBSP, percent } from '../numbers.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';

export const LOOKS: readonly Look[] = [CANDIDATE, BASELINE, ...FURTHER];
export const REFERENCE: Look = { color: INK.c8, shape: 'circle', dash: [4, 4] };

export const lineOf = (name: string, look: Look, points: readonly LinePoint[]): Line => ({ setting: null, name, color: look.color, dash: look.dash, points });

export interface Curve { readonly at: readonly number[]; readonly share: readonly number[] }
export interface NamedCurve { readonly name: string; readonly look: Look; readonly curve: Curve; /** A law has values below the first point. */ readonly isLaw?: boolean }

/** What one value of an axis is called. */
export const inSeconds = (v: number): string => { const unit = v >= 60 ? { factor: 1, word: 's' } : durationUnit(v); return `${fixed(v * unit.factor, decimalsFor(v * unit.factor, 1))}${NBSP}${unit.word}`; };
export const inCounts = (v: number): string => (v >= 1e6 ? `${fixed(v / 1e6, 0)}${NBSP}M` : fixed(v, decimalsFor(v, 1)));

/** 1, 2 and 5 of every decade in [low, high]. */
function steps(low: number, high: number): number[] {
  const values: number[] = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) for (const lead of [1, 2, 5]) values.push(Number(`${lead}e${k}`));
  return values.filter((v) => v >= low && v <= high);
}

/** A logarithmic axis with room at both ends: decades, or steps within one where it spans less than two, with labels that do not touch. */
export function decadeTicks(low: number, high: number, length: number, say: (v: number) => string): Ticks & { readonly labels: readonly string[] } {
  let [from, to] = [low / 1.15, high * 1.3], values = steps(from, to);
  for (; values.length < 2; values = steps(from, to)) { from /= 1.25; to *= 1.25; }
  const decades = values.filter((v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9);
  if (decades.length >= 2) values = decades;
  const every = Math.ceil((values.length * 62) / length);
  return { domain: [from, to], values, decimals: 0, labels: values.map((v, i) => (i % every ? '' : say(v))) };
}

const SHARES = [0, 0.25, 0.5, 0.75, 1];
export const shareTicks = { domain: [0, 1] as const, values: SHARES, decimals: 2, labels: SHARES.map((v) => percent(v)) };

/** Axis of time or of tokens, one label a decade. */
export interface CurvePanel { readonly title: string; readonly subtitle?: string; readonly label: string; readonly xTitle: string; readonly say: (v: number) => string; readonly of: readonly NamedCurve[]; readonly height?: number }

/** Distribution functions over a logarithmic axis; zeros are where a curve begins. */
export function distributionPanel({ title, subtitle, label, xTitle, say, of, height = 220 }: CurvePanel): Panel {
  return {
    label,
    build: ({ width }) => {
      const positive = of.flatMap(({ curve }) => curve.at.filter((x) => x > 0)), x = decadeTicks(Math.min(...positive), Math.max(...positive), width - 120, say);
      const drawn = of.map(({ name, look, curve, isLaw }) => {
        const points = curve.at.flatMap((at, i) => (at > 0 ? [{ x: at, y: curve.share[i] }] : [])), zero = curve.at.findIndex((at) => at > 0), before = zero > 0 ? curve.share[zero - 1] : 0;
        // The share of zeros stands at the left edge; a curve that is all there rises from the axis.
        return lineOf(name, look, points.length > 0 && !isLaw ? [{ x: Math.min(points[0].x, x.domain[0]), y: before }, { x: points[0].x, y: before }, ...points] : points);
      });
      return lines(drawn, { width, title, ...(subtitle ? { subtitle } : {}), height, x, y: shareTicks, xTitle, xLog: true });
    },
  };
}

/** Share of values at most `x`: the last point that is not beyond it. */
export function shareUpTo({ at, share }: Curve, x: number): number {
  let found = 0;
  for (let i = 0; i < at.length && at[i] <= x; i++) found = share[i];
  return found;
}
