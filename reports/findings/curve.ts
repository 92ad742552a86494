// What the headline metrics do over the settings: constant, rising, falling, turning; best and worst with their intervals.
import { capital, phrase, type Asked } from '../asked.ts';
import { count, fixed, halfWidth, list, percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { isConstant, meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { isServedOnly, leastServed, names, nText, runsText } from './words.ts';
import { hasRegion, MOST_BANDS } from '../charts/curve-panel.ts';
import { pointsOf, startsAtZero, valueTicks } from '../charts/values.ts';

const show = (metric: Asked, setting: Setting): string => {
  const s = summaryOf(setting, metric.text);
  return s ? showEstimate(metric, s) : 'no value';
};

const within = (setting: Setting, metric: Asked): number => halfWidth(summaryOf(setting, metric.text)!) ?? 0;

/** One sentence on one metric over the settings that have a value. */
export function metricSentence(study: Study, metric: Asked): string {
  const with_ = study.settings.filter((s) => meanOf(s, metric.text) !== null),
    missing = study.settings.length - with_.length;
  const word = capital(phrase(metric)),
    value = (s: Setting): number => meanOf(s, metric.text)!;
  if (!with_.length) return `${word}: no value in any setting.`;
  const gap = missing ? ` ${count(missing, 'setting has', 'settings have')} no value.` : '';
  if (with_.length === 1) return `${word}: ${show(metric, with_[0])} at ${with_[0].short}.${gap}`;
  const low = with_.reduce((a, b) => (value(b) < value(a) ? b : a)),
    high = with_.reduce((a, b) => (value(b) > value(a) ? b : a));
  if (value(low) === value(high)) return `${word}: ${show(metric, low)} in every setting, to the last digit.${gap}`;
  if (show(metric, low) === show(metric, high)) return `${word}: ${show(metric, low)} in every setting, within rounding.${gap}`;
  const atLow = with_.filter((s) => value(s) === value(low)),
    atHigh = with_.filter((s) => value(s) === value(high));
  const where = (of: readonly Setting[]): string => names(study, of);
  if (study.axis && new Set(with_.map((s) => s.group)).size === 1) {
    const sorted = [...with_].sort((a, b) => a.at! - b.at!),
      steps = sorted.slice(1).map((s, i) => value(s) - value(sorted[i]));
    const first = sorted[0],
      last = sorted[sorted.length - 1],
      slack = (i: number): number => within(sorted[i], metric) + within(sorted[i + 1], metric),
      overall = value(last) - value(first);
    // A step against the trend that is smaller than the intervals of its two ends is no turn.
    const rising = overall > 0 && steps.every((d, i) => d >= -slack(i)),
      falling = overall < 0 && steps.every((d, i) => d <= slack(i));
    if (rising || falling) {
      const slopes = steps.map((d, i) => Math.abs(d) / (sorted[i + 1].at! - sorted[i].at!)),
        steep = slopes.indexOf(Math.max(...slopes));
      const steepest = steps.length > 1 ? `, most steeply from ${sorted[steep].short} to ${sorted[steep + 1].short}` : '';
      return `${word}: ${rising ? 'rising' : 'falling'} from ${show(metric, first)} at ${first.short} to ${show(metric, last)} at ${last.short}${steepest}.${gap}`;
    }
  }
  return `${word}: lowest at ${where(atLow)}, ${show(metric, low)}; highest at ${where(atHigh)}, ${show(metric, high)}.${gap}`;
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

export function curveCaption(study: Study): string[] {
  const metrics = study.shown,
    least = leastServed(study);
  const single = study.n.high < 2,
    groups = new Set(study.settings.map((s) => s.group)).size;
  const raised = metrics.filter((m) => {
    const { points } = pointsOf(study.settings, m);
    return points.length > 0 && !startsAtZero(valueTicks(points, m.definition.unit === 'count'));
  });
  return [
    single ? 'Estimand: ' : 'Estimand: ',
    single
      ? `the metric in the one run of each setting; one run carries no interval (${nText(study)}).`
      : `mean over ${runsText(study)}. ${study.axis && groups > MOST_BANDS ? 'The 95\u00a0% t intervals of so many curves would hide each other; they are in the table.' : `${study.axis ? 'Band' : 'Bar'}: 95\u00a0% t interval; where it cannot be seen it is thinner than the mark.`}`,
    ...(hasRegion(study, metrics) ? [`Shaded: cannot be told apart from ${study.baseline!.name}.`] : []),
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
