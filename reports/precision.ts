// What the replications themselves say about the intervals: their spread, their pairing, and how the interval narrowed.
import type { Asked } from './asked.ts';
import { estimate } from './bands.ts';
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';

/** Settings whose replications are drawn. */
export const MOST_DOTS = 16;

export const valuesOf = (setting: Setting, metric: Asked): { readonly replication: number; readonly value: number }[] =>
  setting.runs.flatMap((r) => {
    const value = r.metrics[metric.text] ?? null;
    return value === null ? [] : [{ replication: r.replication, value }];
  });

/** The headline metric whose replications are drawn: the one that decided where it varies, else the first that varies. */
export function dotMetric(study: Study): Asked | null {
  const varies = (m: Asked): boolean => study.settings.some((s) => new Set(valuesOf(s, m).map((v) => v.value)).size > 1);
  const ranked = [...(study.decision.by ? [study.decision.by] : []), ...study.headline];
  return ranked.find(varies) ?? null;
}

/** Paired differences from the baseline, by replication. */
export function differences(study: Study, setting: Setting, metric: Asked): number[] {
  const base = new Map(valuesOf(study.baseline!, metric).map((v) => [v.replication, v.value]));
  return valuesOf(setting, metric).flatMap((v) => {
    const b = base.get(v.replication);
    return b === undefined ? [] : [v.value - b];
  });
}

export interface Narrowing {
  readonly setting: Setting;
  readonly points: readonly { readonly n: number; readonly half: number }[];
}

/** Half-width of the paired difference after the first n replications, from the third on; settings without variance are left out. */
export function narrowing(study: Study, metric: Asked): Narrowing[] {
  if (!study.baseline || study.n.low < 5 || !study.input.summary.comparisons.some((c) => c.method === 'paired-t' && c.metric === metric.text))
    return [];
  return study.featured
    .filter((s) => s !== study.baseline)
    .flatMap((setting) => {
      const d = differences(study, setting, metric),
        points = d.slice(2).map((_, i) => ({ n: i + 3, half: estimate(d.slice(0, i + 3)).half ?? 0 }));
      return points.length > 2 && points.some((p) => p.half > 1e-9 * Math.abs(d.reduce((a, b) => a + b, 0) / d.length)) ? [{ setting, points }] : [];
    });
}

/** Factor by which pairing cuts the variance of a difference: (variance apart) ÷ (variance paired); null where either is zero. */
export function pairingGain(study: Study, setting: Setting, metric: Asked): number | null {
  const variance = (values: readonly number[]): number => {
    const m = values.reduce((a, b) => a + b, 0) / values.length;
    return values.reduce((a, b) => a + (b - m) * (b - m), 0) / Math.max(1, values.length - 1);
  };
  const paired = variance(differences(study, setting, metric)),
    apart = variance(valuesOf(setting, metric).map((v) => v.value)) + variance(valuesOf(study.baseline!, metric).map((v) => v.value));
  return paired > apart * 1e-12 ? apart / paired : null;
}

/** Windows of one trace, where one run stands for each setting: means by window, per coloured setting. */
export function windowsOf(
  study: Study,
): { readonly key: string; readonly lines: readonly { readonly setting: Setting; readonly values: readonly (number | null)[] }[] } | null {
  if (study.n.high > 1) return null;
  const keys = [...new Set(study.featured.flatMap((s) => s.runs.flatMap((r) => Object.keys(r.detail.batches ?? {}))))];
  const key = keys.find((k) => k === 'wait_all' || k === 'wait_all.mean') ?? keys.find((k) => /^wait_all/.test(k) && !k.includes('[')) ?? keys[0];
  if (key === undefined) return null;
  const lines = study.featured.flatMap((setting) => {
    const values = setting.runs[0]?.detail.batches?.[key];
    return values && values.filter((v) => v !== null).length > 2 ? [{ setting, values }] : [];
  });
  return lines.length ? { key, lines } : null;
}
