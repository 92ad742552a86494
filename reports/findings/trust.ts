// Trust in a sentence: how precise the differences are, what pairing gains, which way that would mislead; windows for a single trace.
import { phrase, type Asked } from '../asked.ts';
import { highestWindow, oddest } from '../outliers.ts';
import { repeat, repeatCommand, type Repeat } from '../repeat.ts';
import { count, plain } from '../numbers.ts';
import { dotMetric, MOST_DOTS, narrowing, pairingGain, windowsOf } from '../precision.ts';
import type { Study } from '../study.ts';
import { differenceWord, durationUnit, showValue, unitOf } from '../units.ts';
import { rowsShown } from '../charts/values.ts';
import { isOfTrace, nText, numberedText } from './words.ts';

/** A half-width, with two significant digits. */
function size(metric: Asked, x: number): string {
  const unit = unitOf(metric.definition, x),
    word = differenceWord(unit);
  return `${plain(x * unit.factor, 2)}${word ? `\u00a0${word}` : ''}`;
}

export function trustFinding(study: Study): string[] {
  const windows = windowsOf(study);
  if (windows) {
    const n = Math.max(...windows.lines.map((l) => l.values.filter((v) => v !== null).length)),
      note = study.input.summary.notes.find((t) => /correlated/.test(t));
    if (!study.input.summary.comparisons.some(isOfTrace))
      return ['One trace is one replication: no interval is given, and the windows show how much the wait varies within it.'];
    return [
      `One trace is one replication: the intervals come from ${count(n, 'window')} of it${study.input.summary.comparisons.some((c) => c.method === 'sectioning') ? ', those of percentiles from ten equal parts,' : ','} and speak for this trace alone.`,
      note ? `With care: ${note}.` : 'Neighbouring windows show no correlation that would narrow the intervals too far.',
    ];
  }
  const metric = dotMetric(study)!,
    n = study.n.low,
    all = narrowing(study, metric);
  if (!all.length)
    return [
      n < 5
        ? `With care: ${count(n, 'replication')} ${n === 1 ? 'gives' : 'give'} wide t intervals, and one odd run moves them.`
        : `The intervals are over ${count(n, 'independent replication')}${study.settings.length > 1 && study.baseline ? '; the differences have no variance or were not paired' : ''}.`,
    ];
  const last = all.map((l) => ({ ...l, half: l.points[l.points.length - 1].half })),
    widest = last.reduce((a, b) => (b.half > a.half ? b : a));
  const gains = last.flatMap((l) => {
      const gain = pairingGain(study, l.setting, metric);
      return gain === null ? [] : [{ setting: l.setting, gain }];
    }),
    top = gains.length ? gains.reduce((a, b) => (b.gain > a.gain ? b : a)) : null,
    least = gains.length ? gains.reduce((a, b) => (b.gain < a.gain ? b : a)) : null;
  const precise = `After ${count(n, 'replication')} ${last.length > 1 ? 'the widest drawn difference' : 'the difference'} in ${phrase(metric)}, ${widest.setting.short} against ${study.baseline!.short}, is known within ±\u00a0${size(metric, widest.half)}.`;
  if (!top || !least) return [precise];
  if (least.gain < 1)
    return [
      precise,
      `Pairing by the same arrivals does not help at ${least.setting.short}: it multiplies the variance of the difference by ${plain(1 / least.gain, 2)}.`,
    ];
  return [
    precise,
    `Common random numbers cut the variance of the difference by a factor of ${plain(top.gain, 2)}${top === least ? '' : ` at ${top.setting.short} and ${plain(least.gain, 2)} at ${least.setting.short}`}.`,
  ];
}

/** The replication that is furthest from the others of its setting; of a single trace, the window with the longest waits. */
export function trustRepeats(study: Study): Repeat[] {
  const window = highestWindow(study);
  if (window) {
    const { setting, value } = window,
      run = setting.runs[0],
      unit = durationUnit(value);
    return repeat(
      `Window ${window.window}${study.settings.length > 1 ? ` at ${setting.name}` : ''} has the longest waits, ${plain(value * unit.factor)}\u00a0${unit.word} on average. Its calls:`,
      run ? repeatCommand(study, setting, run.replication, '--calls', 'calls.jsonl') : null,
    );
  }
  const metric = dotMetric(study),
    point = metric && oddest(study, metric);
  if (!metric || !point) return [];
  const size = plain(Math.abs(point.deviations), 2);
  return repeat(
    `Replication ${point.replication}${study.settings.length > 1 ? ` at ${point.setting.name}` : ''} sticks out the most: ${phrase(metric)} ${showValue(metric, point.value)}, ${size} standard deviations ${point.deviations > 0 ? 'above' : 'below'} the mean of its setting. Again:`,
    repeatCommand(study, point.setting, point.replication),
  );
}

export function trustCaption(study: Study): string[] {
  if (windowsOf(study))
    return ['Windows: ', 'consecutive stretches of the trace with equal numbers of calls; the mean of each, one run of each setting.'];
  const study_ =
    study.input.manifest.study === 'terminating'
      ? 'Terminating study: whole windows are replicated, nothing is cut as warm-up.'
      : 'Steady state: each replication is one long run.';
  return [
    'Dots: ',
    `one replication each, a bar for the mean; ${nText(study)}.`,
    ...(narrowing(study, dotMetric(study)!).length ? ['Right: 95\u00a0% t half-width of the paired difference after the first replications.'] : []),
    study_,
    ...numberedText(rowsShown(study, dotMetric(study)!, study.settings, MOST_DOTS)),
    ...(study.settings.length > MOST_DOTS ? ['Drawn: 16 settings, the coloured ones and those furthest from the baseline.'] : []),
  ];
}
