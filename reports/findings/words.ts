// Phrases that several sentences share: numbers of runs, verdicts, where an interval comes from.
import { hasOtherWork } from '../decision.ts';
import type { Comparison } from '../../sim/results.ts';
import { phrase, type Asked } from '../asked.ts';
import { count, NBSP } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { fullNameList, nameList, type Listing } from '../setting-names.ts';
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
  if (methods.has('paired-t')) return `mean paired difference, ${study.settings.some((s) => hasOtherWork(study.input.summary.comparisons, s, study.headline)) ? 'same seed' : 'same arrivals'} in both, ${nText(study)} pairs`;
  if (methods.has('batch-means') || methods.has('sectioning'))
    return [
      ...(methods.has('batch-means') ? ['mean difference by call, batch means over windows of one trace'] : []),
      ...(methods.has('sectioning') ? ['difference of a percentile of the trace, its spread from ten parts of it (sectioning)'] : []),
    ].join('; ');
  if (methods.has('welch')) return `difference of means, different seeds (Welch), ${nText(study)} each`;
  return 'difference of means, without an interval';
}

/** `better by 0.075 (0.068 to 0.083)`; the interval is that of the family where it decided. */
export const byText = (metric: Asked, c: Comparison & { readonly mean: number }): string =>
  `by ${showSize(metric, c.mean, c.familyLow, c.familyHigh)}`;

export const names = (study: Study, settings: readonly Setting[], listing?: Listing): string => nameList(settings, study.settings, study.axis, listing);

/** The same where nothing has named the key: `alpha 0 and 0.25`. */
export const fullNames = (study: Study, settings: readonly Setting[], listing?: Listing): string =>
  fullNameList(settings, study.settings, study.axis, listing);

/** Head of a column of settings: the keys in the order of their names. */
export function keysHead({ keys, settings }: Study): string {
  const main = settings[0]?.words.key ?? '';
  return keys.length > 2 || !keys.includes(main) ? 'setting' : [main, ...keys.filter((key) => key !== main)].join(', ');
}

/** Where every pair is compared: replications, or the windows or parts of one trace. */
export const pairWord = (c: Comparison): string => (c.method === 'batch-means' ? 'window' : c.method === 'sectioning' ? 'part of the trace' : 'replication');

/** Whether an interval comes from within one trace. */
export const isOfTrace = (c: Comparison): boolean => c.method === 'batch-means' || c.method === 'sectioning';

/** `equal in every replication` where all are, else `cannot be told apart`: nearly equal is not equal. */
export function alikeText(study: Study, settings: readonly Setting[], metrics: readonly Asked[]): string {
  const rows = metrics.flatMap((metric) => judged(study, metric).filter((r) => settings.includes(r.setting)));
  return rows.length && rows.every((r) => r.c.verdict === 'equal') ? `equal in every ${pairWord(rows[0].c)}` : 'cannot be told apart';
}

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

/** What the numbers of columns stand for, where names are too long for them at some width. */
export const numberedText = (settings: readonly Setting[]): readonly string[] =>
  settings.length > 5 && settings.some((s) => s.label.length > 6)
    ? [`Where columns are numbered: ${settings.map((s, i) => `${i + 1}:${NBSP}${s.label}`).join('; ')}.`]
    : [];
