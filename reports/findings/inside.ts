// One run in a sentence: whether the queue grows, is empty or comes and goes, and how old the oldest call becomes.
import type { QueueSeries } from '../../sim/results.ts';
import { fixed, plain } from '../numbers.ts';
import { repeat, repeatCommand, type Repeat } from '../repeat.ts';
import type { Setting } from '../settings.ts';
import type { Study } from '../study.ts';
import { durationUnit } from '../units.ts';
import { names } from './words.ts';

export const seriesOf = (study: Study): { readonly setting: Setting; readonly series: QueueSeries }[] =>
  study.featured.flatMap((setting) => {
    const series = setting.runs.find((r) => r.detail.series && r.detail.series.atS.length > 1)?.detail.series;
    return series ? [{ setting, series }] : [];
  });

/** Whether the drawn settings have the same queue at every moment, as where work is conserved. */
export function sameSeries(study: Study, field: 'waiting' | 'oldestWaitS'): boolean {
  const all = seriesOf(study).map(({ series }) => series),
    [first] = all;
  return all.every((s) => s.atS.length === first.atS.length && s[field].every((v, i) => v === first[field][i] && s.atS[i] === first.atS[i]));
}

const duration = (s: number): string => {
  const unit = durationUnit(s);
  return `${plain(Number((s * unit.factor).toPrecision(3)))}\u00a0${unit.word}`;
};
/** Points are noted at arrivals, which come when it is busy: their mean is not the average over time. */
const onAverage = ({ waiting, meanWaiting }: QueueSeries): number => meanWaiting ?? waiting.reduce((sum, v) => sum + v, 0) / Math.max(1, waiting.length);
const digits = (n: number): string => (n < 10 ? plain(Number(n.toPrecision(2))) : fixed(n, 0));

export function insideFinding(study: Study): string[] {
  const all = seriesOf(study),
    unstable = study.settings.filter((s) => s.cell.stable === false),
    same = sameSeries(study, 'waiting') && all.length > 1,
    peaks = all.map(({ series }) => Math.max(...series.waiting));
  const stability =
    unstable.length === 0
      ? null
      : unstable.length === study.settings.length
        ? `Unstable: the queue grows${study.settings.length > 1 ? ' in every setting' : ''}.`
        : `Unstable: the queue grows at ${names(study, unstable)}.`;
  const top = Math.max(...peaks),
    who = all[peaks.indexOf(top)];
  const queue =
    top === 0
      ? 'No call waits at the moments that were noted.'
      : same
        ? `The queue is the same at every moment, whatever the setting: ${digits(onAverage(all[0].series))} calls wait on average, ${fixed(top, 0)} at the most.`
        : all.length === 1
          ? `${digits(onAverage(who.series))} calls wait on average, ${fixed(top, 0)} at the most.`
          : `At the most ${fixed(top, 0)} calls wait, at ${who.setting.name}; on average ${all.map(({ setting, series }) => `${digits(onAverage(series))} at ${setting.short}`).join(', ')}.`;
  const oldest = all.map(({ setting, series }) => ({ setting, age: Math.max(...series.oldestWaitS) })),
    old = oldest.reduce((a, b) => (b.age > a.age ? b : a)),
    young = oldest.reduce((a, b) => (b.age < a.age ? b : a));
  const age =
    old.age === 0
      ? null
      : all.length === 1 || old.age === young.age
        ? `The oldest waiting call is ${duration(old.age)} old at the worst moment${all.length > 1 ? ', whatever the setting' : ''}.`
        : `The oldest waiting call is ${duration(old.age)} old at the worst moment of ${old.setting.name}, and ${duration(young.age)} at ${young.setting.short}.`;
  return [stability, queue, age].filter((s): s is string => s !== null);
}

/** The drawn run whose oldest call becomes the oldest, with every call of it as a timeline. */
export function insideRepeats(study: Study): Repeat[] {
  const all = seriesOf(study).map(({ setting, series }) => ({ setting, age: Math.max(...series.oldestWaitS) }));
  if (!all.length) return [];
  const { setting } = all.reduce((a, b) => (b.age > a.age ? b : a)),
    run = setting.runs.find((r) => r.detail.series && r.detail.series.atS.length > 1);
  return repeat(
    `Every call of this run${study.settings.length > 1 ? ` at ${setting.name}` : ''}, as a timeline for ui.perfetto.dev:`,
    run ? repeatCommand(study, setting, run.replication, '--trace', 'timeline.json') : null,
  );
}

export function insideCaption(study: Study): string[] {
  return [
    'Illustration: ',
    `the first replication${study.settings.length > 1 ? ', with the same arrivals under every setting' : ''}; one run carries no interval.`,
    ...(study.settings.some((s) => s.cell.stable === false)
      ? ['Where the queue grows there is no steady state: every figure of this page is one of its window.']
      : []),
  ];
}
