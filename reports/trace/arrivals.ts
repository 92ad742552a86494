// When calls arrive, and how bursty they are.
import { lines } from '../charts/lines.ts';
import { ticks } from '../charts/parts.ts';
import { fitTicks } from '../charts/values.ts';
import { fixed, percent, plain } from '../numbers.ts';
import { valueColumn } from '../table.ts';
import { durationUnit } from '../units.ts';
import type { Spread, TraceDescription } from '../../sim/trace-results.ts';
import type { Question } from './frame.ts';
import { decadeTicks, distributionPanel, inCounts, inSeconds, lineOf, LOOKS, REFERENCE } from './curves.ts';

const three = (x: number): string => plain(Number(x.toPrecision(3)));
export const timeText = (seconds: number): string => { const unit = durationUnit(seconds); return `${three(seconds * unit.factor)}\u00a0${unit.word}`; };

/** Calls a second over the span. */
export function overTime({ arrivals }: TraceDescription): Question | undefined {
  const { overTime: { binS, rate }, rate: mean, spanS } = arrivals;
  if (rate.length < 3 || mean === null) return undefined;
  const most = Math.max(...rate), least = Math.min(...rate), at = rate.indexOf(most) * binS, unit = durationUnit(spanS);
  return {
    id: 'time', short: 'When?', question: 'When do calls arrive?',
    finding: [`${three(mean)} calls a second over ${timeText(spanS)}.`, most > 2 * mean ? `The busiest ${timeText(binS)}, after ${timeText(at)}, bring ${three(most / mean)} times the mean; the quietest ${three(least / mean)} times.` : `No ${timeText(binS)} bring more than ${three(most / mean)} times the mean.`],
    caption: ['Calls a second,', ` in bins of ${timeText(binS)}; the last bin is left out where the trace cuts it.`],
    abreast: 1,
    panels: [{
      label: 'Calls a second over the time of the trace; the numbers are in the table.',
      build: ({ width }) => lines([lineOf('', LOOKS[0], [...rate.map((y, i) => ({ x: i * binS * unit.factor, y })), { x: rate.length * binS * unit.factor, y: rate[rate.length - 1] }])], {
        width, title: 'Calls a second', height: 180, step: true, x: fitTicks((want) => ticks(0, rate.length * binS * unit.factor * 1.03, want, false), width - 70, 7), y: ticks(0, most, 4), xTitle: `time since the first call, ${unit.word}`,
      }),
    }],
    table: { label: 'calls a second', columns: [{ head: 'from', unit: unit.word, words: true }, { head: 'calls', unit: 'a second' }], rows: valueColumn(rate).map((value, i) => ({ cells: [three(i * binS * unit.factor), value] })) },
  };
}

/** Words for a squared coefficient of variation of gaps. */
export function burstWord({ cv2 }: Spread): string {
  return cv2 === null ? 'all at once' : cv2 > 1.5 ? 'burstier than Poisson arrivals' : cv2 < 0.67 ? 'more even than Poisson arrivals' : 'about as Poisson arrivals';
}

export function bursts({ arrivals }: TraceDescription): Question | undefined {
  const { gaps, dispersion, instants, calls } = arrivals;
  if (gaps === null || gaps.max === 0) return undefined;
  const last = dispersion[dispersion.length - 1], mean = gaps.mean;
  const shares = Array.from({ length: 99 }, (_, i) => (i + 1) / 100), poisson = { at: shares.map((share) => -mean * Math.log(1 - share)), share: shares };
  return {
    id: 'bursts', short: 'How bursty?', question: 'How bursty are arrivals?',
    finding: [
      `The squared coefficient of variation of the gaps is ${three(gaps.cv2 ?? 0)}: ${burstWord(gaps)}.`,
      instants < calls / 2 ? `${percent(gaps.zeros)} of the gaps are 0: times were recorded in steps.` : `Half of the gaps are at most ${timeText(gaps.p50)}, one in a hundred is longer than ${timeText(gaps.p99)}.`,
      last === undefined ? '' : `Calls in ${timeText(last.windowS)} vary ${last.index > 1.5 ? `${three(last.index)} times as much as` : last.index < 0.67 ? `${three(last.index)} times, less than` : 'about as'} those of Poisson arrivals do${last.index > 2 * (gaps.cv2 ?? 0) ? ': the rate itself changes' : ''}.`,
    ].filter((text) => text !== ''),
    caption: ['Gaps between arrivals, and calls in a window.', ' Dashed: Poisson arrivals of the same rate, whose variance of calls in a window is their mean.'],
    abreast: dispersion.length > 1 ? 2 : 1,
    panels: [
      distributionPanel({ title: 'Share of gaps that are at most so long', label: 'Distribution function of the gaps beside that of Poisson arrivals; the numbers are in the table.', xTitle: 'gap', say: inSeconds, of: [{ name: 'trace', look: LOOKS[0], curve: gaps.curve }, { name: 'Poisson', look: REFERENCE, curve: poisson, isLaw: true }] }),
      ...(dispersion.length > 1 ? [{
        label: 'Variance of the calls in a window over their mean, by the length of the window; the numbers are in the table.',
        build: ({ width }: { readonly width: number }) => {
          const x = decadeTicks(dispersion[0].windowS, last.windowS, width - 120, inSeconds), all = [1, ...dispersion.map(({ index }) => index).filter((index) => index > 0)], y = decadeTicks(Math.min(...all), Math.max(...all), 600, inCounts);
          return lines([lineOf('trace', LOOKS[0], dispersion.filter(({ index }) => index > 0).map(({ windowS, index }) => ({ x: windowS, y: index }))), lineOf('Poisson', REFERENCE, [{ x: dispersion[0].windowS, y: 1 }, { x: last.windowS, y: 1 }])],
            { width, title: 'Variance ÷ mean of the calls in a window', height: 220, x, y, xTitle: 'window', xLog: true, yLog: true });
        },
      }] : []),
    ],
    table: {
      label: 'calls in a window', columns: [{ head: 'window', words: true }, { head: 'variance ÷ mean' }, { head: 'calls', unit: 'in the fullest' }, { head: 'windows' }],
      rows: dispersion.map(({ windowS, index, most, windows }) => ({ cells: [timeText(windowS), three(index), fixed(most, 0), fixed(windows, 0)] })),
      note: `Gaps: mean ${timeText(gaps.mean)}, median ${timeText(gaps.p50)}, 95 % ${timeText(gaps.p95)}, 99 % ${timeText(gaps.p99)}, longest ${timeText(gaps.max)}.`,
    },
  };
}
