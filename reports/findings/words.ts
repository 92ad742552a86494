// Phrases that several sentences share: numbers of runs, verdicts, where an interval comes from.
import type { Comparison } from '../../sim/results.ts';
import { phrase, type Asked } from '../asked.ts';
import { count, NBSP } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { nameList } from '../settings.ts';
import { comparisonOf, type Study } from '../study.ts';
import { showSize } from '../units.ts';

/** `20 replications`, `18 to 20 replications`, `1 replication`. */
export const runsText = ({ n }: Study): string => (n.low === n.high ? count(n.low, 'replication') : `${n.low} to ${n.high} replications`);

export const nText = ({ n }: Study): string => (n.low === n.high ? `n${NBSP}=${NBSP}${n.low}` : `n${NBSP}=${NBSP}${n.low} to ${n.high}`);

/** Comparisons of a metric that can be judged, in the order of the settings; of an invalid result, none. */
export const judged = (study: Study, metric: Asked): { readonly setting: Setting; readonly c: Comparison & { readonly mean: number } }[] =>
  study.decision.kind === 'invalid'
    ? []
    : study.settings.flatMap((setting) => {
        const c = comparisonOf(study, setting, metric.text);
        return setting !== study.baseline && c && c.mean !== null && c.method !== 'none' ? [{ setting, c: { ...c, mean: c.mean } }] : [];
      });

/** The metrics whose comparisons carry intervals. */
export const judgedMetrics = (study: Study): readonly Asked[] => study.headline.filter((m) => judged(study, m).length > 0);

/** How the interval of a comparison was found, in words. */
export function methodText(study: Study): string {
  const methods = new Set(study.input.summary.comparisons.filter((c) => c.mean !== null).map((c) => c.method));
  if (methods.has('paired-t')) return `mean paired difference, same arrivals in both, ${nText(study)} pairs`;
  if (methods.has('batch-means')) return 'mean difference by call, batch means over windows of one trace';
  if (methods.has('welch')) return `difference of means, different seeds (Welch), ${nText(study)} each`;
  return 'difference of means, without an interval';
}

/** `better by 0.075 (0.068 to 0.083)`; the interval is that of the family where it decided. */
export const byText = (metric: Asked, c: Comparison & { readonly mean: number }): string =>
  `by ${showSize(metric, c.mean, c.familyLow, c.familyHigh)}`;

export const names = (study: Study, settings: readonly Setting[], word?: string): string => nameList(settings, study.settings, study.axis, word);

/** `alpha 0.25`: a setting inside a sentence, with the key where its short name is a bare value. */
export const called = (setting: Setting): string => setting.name;

/** The largest share of calls that stay unserved in a setting: waits of served calls flatter there. Null where nothing is known. */
export function leastServed(study: Study): { readonly setting: Setting; readonly share: number } | null {
  let least: { setting: Setting; share: number } | null = null;
  for (const setting of study.settings) {
    const share = setting.cell.metrics.served_share?.mean ?? null;
    if (share !== null && (!least || share < least.share)) least = { setting, share };
  }
  return least;
}

export const isServedOnly = (metric: Asked): boolean => metric.definition.distribution && /^(served|completed)/.test(metric.definition.population);

export const plural = (n: number, one: string, many: string): string => (n === 1 ? one : many);
export { phrase };
