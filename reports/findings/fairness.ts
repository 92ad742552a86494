// Evenness: how the index over what was asked for runs, and the best and worst served agent behind it.
import { ask, type Asked } from '../asked.ts';
import { percent } from '../numbers.ts';
import { allListed, sharesOf } from '../shares.ts';
import { hasValues, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { metricSentence } from './curve.ts';
import { nText } from './words.ts';

export const fairnessMetrics = (study: Study): Asked[] =>
  ['jain.completed_over_arrived', 'jain.completed', 'jain.service']
    .map(ask)
    .filter((m): m is Asked => m !== undefined && hasValues(study.settings, m.text));

export function fairnessFinding(study: Study): string[] {
  const metric = fairnessMetrics(study)[0],
    first =
      study.settings.length > 1
        ? metricSentence(study, metric)
        : `Jain index of completed ÷ arrived: ${showEstimate(metric, summaryOf(study.settings[0], metric.text)!)}.`;
  if (!allListed(study)) return [first];
  const ends = study.featured.map((s) => {
    const of = sharesOf(s);
    return { s, low: of[0].share, high: of[of.length - 1].share };
  });
  const widest = ends.reduce((a, b) => (b.high - b.low > a.high - a.low ? b : a)),
    closest = ends.reduce((a, b) => (b.high - b.low < a.high - a.low ? b : a));
  const span = (e: (typeof ends)[number]): string =>
    percent(e.low) === percent(e.high)
      ? `every agent gets ${percent(e.low)} of its calls done`
      : `agents get from ${percent(e.low)} to ${percent(e.high)} of their calls done`;
  if (study.settings.length === 1) return [first, `${span(widest).replace(/^./, (c) => c.toUpperCase())}.`];
  if (span(widest) === span(closest)) return [first, `${span(widest).replace(/^./, (c) => c.toUpperCase())}, at every coloured setting.`];
  return [first, `At ${widest.s.name}, ${span(widest)}; at ${closest.s.name}, ${span(closest)}.`];
}

export function fairnessCaption(study: Study): string[] {
  return [
    'Estimand: ',
    `Jain index, (Σx)² ÷ (n Σx²), over agents with the zeros; 1 is even, 1 ÷ agents is all for one. ${study.n.high < 2 ? `One run of each setting (${nText(study)}).` : `Mean and 95\u00a0% t interval, ${nText(study)}.`}`,
    'Over completions it is below 1 even for a fair scheduler where demands differ; over completed ÷ arrived it is not.',
    ...(allListed(study)
      ? [`Lines: all replications together${study.settings.length > study.featured.length ? ', the coloured settings' : ''}.`]
      : []),
  ];
}
