// The results as the report sees them, worked out once: settings, headline metrics, classes, the decision, who is coloured.
import type { Comparison, MetricSummary } from '../sim/results.ts';
import { parseMetric } from '../src/observe/metrics.ts';
import { ask, type Asked } from './asked.ts';
import { decide, type Decision } from './decision.ts';
import type { ReportInput } from './input.ts';
import { BASELINE, CANDIDATE, FURTHER, MOST_COLOURED, type Look } from './looks.ts';
import { nameSettings, type Axis, type Setting } from './settings.ts';

export interface Study {
  readonly input: ReportInput;
  readonly settings: readonly Setting[];
  readonly baseline: Setting | null;
  readonly axis: Axis | null;
  /** Swept keys, in words: `alpha`, `policy and balancer`. */
  readonly keys: readonly string[];
  /** What is decided on, most important first: at most four, each with a value somewhere. */
  readonly headline: readonly Asked[];
  /** The same, those first that differ between settings; at most three. */
  readonly ranked: readonly Asked[];
  /** What is drawn: those that differ; where none does, all. */
  readonly shown: readonly Asked[];
  readonly classes: readonly string[];
  readonly featured: readonly Setting[];
  readonly decision: Decision;
  /** Replications of a cell, lowest and highest. */
  readonly n: { readonly low: number; readonly high: number };
}

const FALLBACK = ['starved', 'jain.completed', 'wait_all.mean', 'wait.p95', 'response.mean', 'throughput.calls', 'completed'];

export const summaryOf = (setting: Setting, metric: string): MetricSummary | undefined => setting.cell.metrics[metric];
export const meanOf = (setting: Setting, metric: string): number | null => summaryOf(setting, metric)?.mean ?? null;
export const hasValues = (settings: readonly Setting[], metric: string): boolean => settings.some((s) => meanOf(s, metric) !== null);

export function comparisonOf(study: Pick<Study, 'input'>, setting: Setting, metric: string): Comparison | undefined {
  return study.input.summary.comparisons.find((c) => c.metric === metric && c.cell === setting.cell.id);
}

/** The same mean in every setting that has one. */
export const isConstant = (settings: readonly Setting[], metric: Asked): boolean =>
  new Set(settings.map((s) => meanOf(s, metric.text)).filter((v) => v !== null)).size < 2;

function findHeadline(input: ReportInput, settings: readonly Setting[]): Asked[] {
  const named = [...(input.manifest.headline ?? []), ...input.summary.comparisons.map((c) => c.metric)];
  const usable = (names: readonly string[]): Asked[] =>
    [...new Set(names)].map(ask).filter((m): m is Asked => m !== undefined && hasValues(settings, m.text));
  const asked = usable(named);
  return (asked.length ? asked : usable(FALLBACK)).slice(0, 4);
}

function findClasses(settings: readonly Setting[]): string[] {
  const classes = new Set<string>();
  for (const setting of settings)
    for (const name of Object.keys(setting.cell.metrics)) {
      const callClass = parseMetric(name)?.callClass;
      if (callClass !== undefined && meanOf(setting, name) !== null) classes.add(callClass);
    }
  return [...classes].sort();
}

/** Chosen and baseline first, then the worst on what decided, then the one in the middle of the rest. */
function feature(settings: readonly Setting[], baseline: Setting | null, decision: Decision, headline: readonly Asked[]): Setting[] {
  const picked: Setting[] = [];
  const take = (setting: Setting | null | undefined, look: Look): void => {
    if (!setting || picked.includes(setting) || picked.length >= MOST_COLOURED) return;
    setting.look = look;
    setting.featured = true;
    picked.push(setting);
  };
  const metric = decision.by ?? headline.find((m) => m.definition.better !== 'neither') ?? headline[0];
  const badness = (s: Setting): number => (meanOf(s, metric?.text ?? '') ?? 0) * (metric?.definition.better === 'higher' ? -1 : 1);
  // A setting that does what a coloured one does would hide it: those that differ come first.
  const isTwin = (s: Setting): boolean =>
    picked.some((p) => headline.every((m) => summaryOf(s, m.text)?.mean === summaryOf(p, m.text)?.mean && summaryOf(s, m.text)?.sd === summaryOf(p, m.text)?.sd));
  const rest = (): Setting[] => {
    const left = settings.filter((s) => !picked.includes(s)).sort((a, b) => badness(b) - badness(a) || a.index - b.index),
      others = left.filter((s) => !isTwin(s));
    return others.length ? others : left;
  };
  take(
    decision.chosen === baseline && settings.length === 2
      ? settings.find((s) => s !== baseline)
      : decision.chosen === baseline
        ? null
        : decision.chosen,
    CANDIDATE,
  );
  take(baseline, BASELINE);
  if (!baseline) take(settings[0], CANDIDATE);
  const spare = [...(picked.some((s) => s.look === CANDIDATE) ? [] : [CANDIDATE]), ...FURTHER];
  if (settings.length <= MOST_COLOURED)
    for (const setting of settings) {
      if (!picked.includes(setting)) take(setting, spare.shift()!);
    }
  else {
    take(rest()[0], spare.shift()!);
    while (picked.length < MOST_COLOURED) {
      const left = rest();
      take(left[Math.floor((left.length - 1) / 2)], spare.shift()!);
    }
  }
  return picked.sort((a, b) => a.index - b.index);
}

export function studyOf(input: ReportInput): Study {
  const { settings, axis, keys } = nameSettings(input.summary.cells, input.manifest, input.replications);
  const baseline = settings.find((s) => s.cell.id === input.summary.baseline) ?? null;
  const headline = findHeadline(input, settings);
  const decision = decide({ input, settings, baseline, headline });
  const varying = headline.filter((m) => !isConstant(settings, m));
  const counts = settings.map((s) => s.cell.replications);
  return {
    input,
    settings,
    baseline,
    axis,
    keys,
    headline,
    classes: findClasses(settings),
    decision,
    ranked: [...varying, ...headline.filter((m) => isConstant(settings, m))].slice(0, 3),
    shown: (varying.length ? varying : headline).slice(0, 3),
    featured: feature(settings, baseline, decision, headline),
    n: { low: Math.min(...counts, Infinity), high: Math.max(...counts, 0) },
  };
}
