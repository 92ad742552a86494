// Which setting, by what, and with what doubt: lexicographic over the headline metrics, on the verdicts of the comparisons alone.
import type { Comparison, Verdict } from '../sim/results.ts';
import type { Asked } from './asked.ts';
import type { ReportInput } from './input.ts';
import type { Setting } from './settings.ts';

/**
 * invalid: nothing may be concluded. single: one cell. unjudged: differences without intervals. equal: the same numbers everywhere.
 * others: each setting has other work than the baseline. alike: none told apart on any headline metric. baseline: others differ, but none is better. better: one is chosen.
 */
export type DecisionKind = 'invalid' | 'single' | 'unjudged' | 'equal' | 'others' | 'alike' | 'baseline' | 'better';

export interface Decision {
  readonly kind: DecisionKind;
  readonly chosen: Setting | null;
  /** The metric that decided. */
  readonly by: Asked | null;
  /** Metrics before it, on which the kept settings cannot be told apart from the baseline or better than it. */
  readonly level: readonly Asked[];
  /** Settings kept until `by` decided, and those dropped as worse than the baseline before. */
  readonly kept: readonly Setting[];
  readonly dropped: readonly Setting[];
}

interface Question {
  readonly input: ReportInput;
  readonly settings: readonly Setting[];
  readonly baseline: Setting | null;
  readonly headline: readonly Asked[];
}

export const verdictOf = (comparisons: readonly Comparison[], setting: Setting, metric: string): Verdict | undefined =>
  comparisons.find((c) => c.metric === metric && c.cell === setting.cell.id && c.mean !== null && c.method !== 'none')?.verdict;

/** Whether a is ahead of b: by the mean of the first metric in which they differ. */
function ahead(a: Setting, b: Setting, metrics: readonly Asked[]): boolean {
  for (const metric of metrics) {
    const x = a.cell.metrics[metric.text]?.mean ?? null,
      y = b.cell.metrics[metric.text]?.mean ?? null;
    if (x === null || y === null || x === y) continue;
    return metric.definition.better === 'higher' ? x > y : x < y;
  }
  return false;
}

/** Whether a setting has other work than the baseline: a metric with a direction then tells a difference without one. */
export const hasOtherWork = (comparisons: readonly Comparison[], setting: Setting, metrics: readonly Asked[]): boolean =>
  metrics.some((m) => m.definition.better !== 'neither' && verdictOf(comparisons, setting, m.text) === 'different');

export function decide({ input, settings, baseline, headline }: Question): Decision {
  const none = { chosen: null, by: null, level: [], kept: settings, dropped: [] };
  if (!input.summary.valid || !input.manifest.valid) return { kind: 'invalid', ...none };
  if (settings.length < 2 || !baseline) return { kind: 'single', ...none };
  const comparisons = input.summary.comparisons;
  const judged = headline.filter(
    (m) => m.definition.better !== 'neither' && settings.some((s) => s !== baseline && verdictOf(comparisons, s, m.text) !== undefined),
  );
  if (!judged.length) return { kind: 'unjudged', ...none };

  const others = settings.filter((s) => s !== baseline);
  const words = judged.flatMap((m) => others.map((s) => verdictOf(comparisons, s, m.text)));
  if (words.every((v) => v === 'equal')) return { kind: 'equal', ...none, level: judged };
  if (words.every((v) => v === undefined || v === 'equal' || v === 'same')) return { kind: 'alike', ...none, level: judged };

  const isOther = (s: Setting): boolean => hasOtherWork(comparisons, s, judged);
  if (others.every(isOther)) return { kind: 'others', ...none };
  let kept = settings.filter((s) => !isOther(s));
  const dropped: Setting[] = [],
    level: Asked[] = [];
  for (const metric of judged) {
    const better = kept.filter((s) => s !== baseline && verdictOf(comparisons, s, metric.text) === 'better');
    if (better.length) {
      const chosen = better.reduce((best, s) => (ahead(s, best, judged.slice(judged.indexOf(metric))) ? s : best));
      return { kind: 'better', chosen, by: metric, level, kept, dropped };
    }
    const worse = kept.filter((s) => s !== baseline && verdictOf(comparisons, s, metric.text) === 'worse');
    dropped.push(...worse);
    kept = kept.filter((s) => !worse.includes(s));
    level.push(metric);
  }
  return { kind: 'baseline', chosen: baseline, by: null, level, kept, dropped };
}
