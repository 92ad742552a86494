// Latency against throughput, with both intervals: what a shorter wait costs in work done.
import { capital, direction, phrase, type Asked } from '../asked.ts';
import { tradeoffCaption, tradeoffFinding } from '../findings/tradeoff.ts';
import { latencyOf, NEGLIGIBLE, spreadOf, throughputOf } from '../latency.ts';
import { isConstant, summaryOf, type Study } from '../study.ts';
import { showEstimate, unitOf } from '../units.ts';
import { settingsTable } from './curve.ts';
import type { Chart } from './chart.ts';
import { fitTicks } from './values.ts';
import { ticks } from './parts.ts';
import { scatter, type Cross } from './scatter.ts';

export function crosses(study: Study, across: Asked, up: Asked): { points: Cross[]; xUnit: string; yUnit: string } {
  const both = study.settings.flatMap((setting) => {
    const x = summaryOf(setting, across.text),
      y = summaryOf(setting, up.text);
    return x && y && x.mean !== null && y.mean !== null ? [{ setting, x, y, xm: x.mean, ym: y.mean }] : [];
  });
  const xu = unitOf(across.definition, Math.max(0, ...both.map((b) => Math.abs(b.xm)))),
    yu = unitOf(up.definition, Math.max(0, ...both.map((b) => Math.abs(b.ym)))),
    at = (v: number | null, f: number): number | null => (v === null ? null : v * f);
  return {
    xUnit: xu.word,
    yUnit: yu.word,
    points: both.map(({ setting, x, y, xm, ym }) => ({
      setting,
      x: xm * xu.factor,
      y: ym * yu.factor,
      xLow: at(x.low, xu.factor),
      xHigh: at(x.high, xu.factor),
      yLow: at(y.low, yu.factor),
      yHigh: at(y.high, yu.factor),
      tip: `${setting.name}: ${phrase(up)} ${showEstimate(up, y)}, ${phrase(across)} ${showEstimate(across, x)}`,
    })),
  };
}

/** Lowest and highest of the means, with the intervals unless they would dwarf the means. */
export function extent(values: readonly { readonly mean: number; readonly low: number | null; readonly high: number | null }[]): [number, number] {
  // Differences of less than two percent are not blown up to the width of the page.
  const least = Math.min(...values.map((v) => v.low ?? v.mean)),
    most = Math.max(...values.map((v) => v.high ?? v.mean)),
    pad = Math.max(0, 0.02 * Math.abs(most) - (most - least)) / 2,
    low = least - pad,
    high = most + pad,
    margin = (high - low) * 0.05;
  const floor = values.every((v) => v.mean >= 0) ? 0 : -Infinity;
  return [Math.max(low - margin, floor), high + margin];
}

export const tradeoff: Chart = {
  id: 'tradeoff',
  short: 'At what cost?',
  question: () => 'What does latency cost in throughput?',
  applies: (study) =>
    study.settings.length > 1 &&
    latencyOf(study) !== undefined &&
    throughputOf(study) !== undefined &&
    crosses(study, throughputOf(study)!, latencyOf(study)!).points.length > 1,
  abreast: () => 1,
  panels: (study) => {
    const across = throughputOf(study)!,
      up = latencyOf(study)!;
    // Points on one upright line, or on one spot, tell less than the sentence does.
    if (isConstant(study.settings, across) || (spreadOf(study, across) < NEGLIGIBLE && spreadOf(study, up) < NEGLIGIBLE)) return [];
    return [
      {
        label: `${capital(phrase(up))} against ${phrase(across)}, one point a setting with both intervals; the numbers are in the table.`,
        build: ({ width, narrow }) => {
          const { points, xUnit, yUnit } = crosses(study, across, up),
            [xl, xh] = extent(points.map((p) => ({ mean: p.x, low: p.xLow, high: p.xHigh }))),
            [yl, yh] = extent(points.map((p) => ({ mean: p.y, low: p.yLow, high: p.yHigh })));
          return scatter(study, [{ points }], {
            title: capital(phrase(up)),
            subtitle: [yUnit, direction(up)].filter(Boolean).join(', '),
            xTitle: [phrase(across), xUnit].filter(Boolean).join(', '),
            x: fitTicks((want) => ticks(xl, xh, want), width - 80, narrow ? 4 : 7),
            y: ticks(yl < yh * 0.35 ? 0 : yl, yh, 5),
            width,
            height: narrow ? 230 : 270,
          });
        },
      },
    ];
  },
  finding: tradeoffFinding,
  caption: tradeoffCaption,
  table: (study) => settingsTable(study, 'latency and throughput', [latencyOf(study)!, throughputOf(study)!]),
};
