// What the headline metrics do over the settings: constant, rising, falling, turning; best and worst with their intervals.
import { capital, phrase, type Asked } from '../asked.ts';
import { count, fixed, halfWidth, list, percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { isConstant, meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { isServedOnly, judged, leastServed, names, nText, runsText } from './words.ts';
import { hasRegion, MOST_BANDS } from '../charts/curve-panel.ts';
import { pointsOf, startsAtZero, valueTicks } from '../charts/values.ts';

/** Groups on the axis that a sentence can tell one by one. */
const MOST_GROUPS = 3;

const show = (metric: Asked, setting: Setting): string => {
  const s = summaryOf(setting, metric.text);
  return s ? showEstimate(metric, s) : 'no value';
};

const within = (setting: Setting, metric: Asked): number => halfWidth(summaryOf(setting, metric.text)!) ?? 0;

type Valued = { readonly setting: Setting; readonly value: number };

/** Over one group on the axis: `rising from 0 at 0 to 3.85 ± 0.46 at 1`; null where it turns. `isAlone`: it is the only group. */
function trend(metric: Asked, group: readonly Valued[], key: string, isAlone: boolean): string | null {
  const sorted = [...group].sort((a, b) => a.setting.at! - b.setting.at!),
    steps = sorted.slice(1).map((s, i) => s.value - sorted[i].value),
    [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (steps.every((d) => d === 0)) return `${show(metric, first.setting)} at every ${key}`;
  const slack = (i: number): number => within(sorted[i].setting, metric) + within(sorted[i + 1].setting, metric),
    overall = last.value - first.value;
  // A step against the trend that is smaller than the intervals of its two ends is no turn.
  const rising = overall > 0 && steps.every((d, i) => d >= -slack(i)),
    falling = overall < 0 && steps.every((d, i) => d <= slack(i));
  if (!rising && !falling) return null;
  const slopes = steps.map((d, i) => Math.abs(d) / (sorted[i + 1].setting.at! - sorted[i].setting.at!)),
    steep = slopes.indexOf(Math.max(...slopes)),
    bare = (v: Valued): string => v.setting.words.bare;
  const isOne = steps.filter((d) => d !== 0).length === 1,
    steepest = isAlone && steps.length > 1 ? `, ${isOne ? 'all of it' : 'most steeply'} from ${bare(sorted[steep])} to ${bare(sorted[steep + 1])}` : '';
  return `${rising ? 'rising' : 'falling'} from ${show(metric, first.setting)} at ${isAlone ? bare(first) : first.setting.words.main} to ${show(metric, last.setting)} at ${bare(last)}${steepest}`;
}

/** Over a grid: each group on the axis by itself, those that go alike said once; null where one of them turns or there are many. */
function groupTrends(study: Study, metric: Asked, all: readonly Valued[]): string | null {
  const on = all.filter((v) => v.setting.at !== null),
    besides = all.filter((v) => v.setting.at === null);
  const groups = [...new Set(on.map((v) => v.setting.group))].map((g) => on.filter((v) => v.setting.group === g));
  if (!study.axis || groups.length + besides.length > MOST_GROUPS || groups.some((g) => g.length < 2)) return null;
  const byText = new Map<string, string[]>();
  for (const group of groups) {
    const text = trend(metric, group, study.axis.key, groups.length === 1);
    if (text === null) return null;
    byText.set(text, [...(byText.get(text) ?? []), group[0].setting.group]);
  }
  const texts = byText.size === 1 ? [...byText.keys()] : [...byText].map(([text, of]) => (of.some((g) => g === '') ? text : `with ${list(of)} ${text}`));
  return [...texts, ...besides.map((v) => `${show(metric, v.setting)} at ${v.setting.name}`)].join('; ');
}

/** One sentence on one metric over the settings that have a value. */
export function metricSentence(study: Study, metric: Asked): string {
  const all = study.settings.flatMap((setting): Valued[] => {
      const value = meanOf(setting, metric.text);
      return value === null ? [] : [{ setting, value }];
    }),
    missing = study.settings.length - all.length;
  const word = capital(phrase(metric));
  if (!all.length) return `${word}: no value in any setting.`;
  const gap = missing ? ` ${count(missing, 'setting has', 'settings have')} no value.` : '';
  if (all.length === 1) return `${word}: ${show(metric, all[0].setting)} at ${all[0].setting.short}.${gap}`;
  const low = all.reduce((a, b) => (b.value < a.value ? b : a)),
    high = all.reduce((a, b) => (b.value > a.value ? b : a));
  if (low.value === high.value) return `${word}: ${show(metric, low.setting)} in every setting, to the last digit.${gap}`;
  if (show(metric, low.setting) === show(metric, high.setting)) return `${word}: ${show(metric, low.setting)} in every setting, within rounding.${gap}`;
  const trends = groupTrends(study, metric, all);
  if (trends !== null) return `${word}: ${trends}.${gap}`;
  const where = (at: Valued): string =>
    names(
      study,
      all.filter((v) => v.value === at.value).map((v) => v.setting),
    );
  return `${word}: lowest at ${where(low)}, ${show(metric, low.setting)}; highest at ${where(high)}, ${show(metric, high.setting)}.${gap}`;
}

export function curveFinding(study: Study): string[] {
  const varying = study.headline.filter((m) => !isConstant(study.settings, m)),
    constant = study.headline.filter((m) => isConstant(study.settings, m));
  const same = constant.map(
    (m) =>
      `${phrase(m)} ${show(
        m,
        study.settings.find((s) => meanOf(s, m.text) !== null)!,
      )}`,
  );
  return [...varying.slice(0, 3).map((m) => metricSentence(study, m)), ...(same.length ? [`The same in every setting: ${list(same)}.`] : [])];
}

/** What the settings in the shaded region are to the baseline. */
function shadedText(study: Study, metrics: readonly Asked[]): string {
  const words = new Set(metrics.flatMap((m) => judged(study, m).map((r) => r.c.verdict))),
    [same, equal] = [words.has('same'), words.has('equal')];
  return same && equal ? 'equal to, or not to be told apart from,' : equal ? 'equal to' : 'cannot be told apart from';
}

export function curveCaption(study: Study): string[] {
  const metrics = study.shown,
    least = leastServed(study);
  const single = study.n.high < 2,
    groups = new Set(study.settings.filter((s) => s.at !== null).map((s) => s.group)).size,
    besides = study.settings.filter((s) => s.at === null);
  const raised = metrics.filter((m) => {
    const { points } = pointsOf(study.settings, m);
    return points.length > 0 && !startsAtZero(valueTicks(points, m.definition.unit === 'count'));
  });
  return [
    single ? 'Estimand: ' : 'Estimand: ',
    single
      ? `the metric in the one run of each setting; one run carries no interval (${nText(study)}).`
      : `mean over ${runsText(study)}. ${study.axis && groups > MOST_BANDS ? 'The 95\u00a0% t intervals of so many curves would hide each other; they are in the table.' : `${study.axis ? 'Band' : 'Bar'}: 95\u00a0% t interval; where it cannot be seen it is thinner than the mark.`}`,
    ...(study.axis && besides.length ? [`Dotted: ${list(besides.map((s) => s.name))}, which ${besides.length === 1 ? 'has' : 'have'} no ${study.axis.key}.`] : []),
    ...(hasRegion(study, metrics) ? [`Shaded: ${shadedText(study, metrics)} ${study.baseline!.name}.`] : []),
    ...(metrics.some(isServedOnly) && least && least.share < 0.9995
      ? [`Waits of served calls leave out those never served, up to ${percent(1 - least.share)} of the calls (${least.setting.name}).`]
      : []),
    ...(raised.length
      ? [
          `${raised.length === metrics.length ? (raised.length === 1 ? 'The scale does' : 'The scales do') : `The scale of ${raised.map((m) => phrase(m)).join(' and ')} does`} not start at zero.`,
        ]
      : []),
    ...(study.settings.length > 24 && !study.axis
      ? [`Of ${fixed(study.settings.length, 0)} settings the 24 furthest from the baseline are drawn; the table has all.`]
      : []),
  ];
}
