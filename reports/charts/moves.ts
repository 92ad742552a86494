// Does the choice shorten waiting or only move it: class against class with the line of equal total waiting, or every call beside the served.
import { capital, phrase, type Asked } from '../asked.ts';
import { movesCaption, movesFinding } from '../findings/moves.ts';
import { ask } from '../asked.ts';
import { hasValues, meanOf, type Study } from '../study.ts';
import { INK } from '../tokens.ts';
import { EVERY, ofClass, pairOfClasses, SERVED, totalWait, waitingClasses } from '../waits.ts';
import { settingsTable } from './curve.ts';
import type { Chart, Panel } from './chart.ts';
import { fitTicks, labelRoom, longNames, pointsOf, rowsShown, valueTicks } from './values.ts';
import { fields, framed, layer, lit, markOf, rowLabels, scaled, ticks } from './parts.ts';
import { scatter, type Cross } from './scatter.ts';
import { crosses, extent } from './tradeoff.ts';
import type { Spec } from '../svg.ts';

/** Points (x, y) of equal total waiting, from the counts of arrivals by class; none where counts are unknown or the total differs. */
function equalTotal(study: Study, [a, b]: readonly [string, string], every: readonly Cross[], from: number, to: number): { x: number; y: number }[] {
  const total = totalWait(study),
    na = meanOf(study.settings[0], `arrived[class=${a}]`),
    nb = meanOf(study.settings[0], `arrived[class=${b}]`);
  if (!total || total.spread > 0.005 || !na || !nb) return [];
  const level = every.reduce((sum, p) => sum + na * p.x + nb * p.y, 0) / every.length;
  return [from, to].map((x) => ({ x, y: (level - na * x) / nb }));
}

function pairPanel(study: Study, pair: readonly [string, string]): Panel {
  const [a, b] = pair;
  return {
    label: `Mean wait of class ${b} against class ${a}, every call and served calls only, one point a setting; the numbers are in the table.`,
    build: ({ width, narrow }) => {
      const every = crosses(study, ofClass(EVERY, a), ofClass(EVERY, b)),
        served = hasValues(study.settings, ofClass(SERVED, a).text)
          ? crosses(study, ofClass(SERVED, a), ofClass(SERVED, b))
          : { points: [], xUnit: '', yUnit: '' };
      const same = served.xUnit === every.xUnit && served.yUnit === every.yUnit,
        hollow = same ? served.points : [];
      const all = [...every.points, ...hollow],
        [xl, xh] = extent(all.map((p) => ({ mean: p.x, low: p.xLow, high: p.xHigh }))),
        [, yh] = extent(all.map((p) => ({ mean: p.y, low: p.yLow, high: p.yHigh })));
      const x = fitTicks((want) => ticks(xl, xh, want), width - 80, narrow ? 4 : 8),
        y = ticks(0, yh, 5),
        line = equalTotal(study, pair, every.points, x.domain[0], x.domain[1]);
      return scatter(study, [{ points: hollow, hollow: true }, { points: every.points }], {
        title: `Mean wait of class ${b}, ${every.yUnit}`,
        subtitle: 'filled: every call, to the end of the window; hollow: served calls only',
        xTitle: `mean wait of class ${a}, ${every.xUnit}`,
        x,
        y,
        width,
        height: narrow ? 260 : 340,
        under: (X, Y) =>
          line.length
            ? [layer(line, { type: 'line', color: INK.axis, strokeWidth: 8, opacity: 0.4, strokeCap: 'butt', clip: true }, { x: X('x'), y: Y('y') })]
            : [],
      });
    },
  };
}

/** Filled dot: every call; hollow dot: served calls. One row a setting. */
function rowsPanel(study: Study, callClass: string | undefined): Panel {
  const every = callClass === undefined ? EVERY : ofClass(EVERY, callClass),
    served = callClass === undefined ? SERVED : ofClass(SERVED, callClass),
    title = callClass === undefined ? 'Mean wait' : `Mean wait, class ${callClass}`;
  return {
    label: `${title} of every call and of served calls, one row a setting; the numbers are in the table.`,
    build: ({ width }): Spec => {
      const shown = rowsShown(study, every, study.settings),
        a = pointsOf(shown, every),
        b = pointsOf(shown, served),
        left = labelRoom(shown, width),
        right = 22,
        plot = width - left - right;
      const hollow =
        b.unit.word === a.unit.word
          ? b.points
          : b.points.map((p) => ({
              ...p,
              mean: p.mean * (a.unit.factor / b.unit.factor),
              low: p.low === null ? null : p.low * (a.unit.factor / b.unit.factor),
              high: p.high === null ? null : p.high * (a.unit.factor / b.unit.factor),
            }));
      const of = fitTicks((want) => valueTicks([...a.points, ...hollow], true, want), plot, 6),
        x = scaled(of),
        y = scaled({ domain: [-0.6, shown.length - 0.4], values: [], decimals: 0 }, { reverse: true, hidden: true });
      const row = (p: (typeof a.points)[number], up: number): object => ({
        ...markOf(p.setting, 80, 44),
        row: shown.indexOf(p.setting) + up,
        mean: p.mean,
        low: Math.max(p.low ?? p.mean, of.domain[0]),
        high: p.high ?? p.mean,
        tip: p.tip,
      });
      const filled = a.points.map((p) => row(p, -0.16) as Record<string, unknown>),
        open = hollow.map((p) => row(p, 0.2) as Record<string, unknown>),
        bars = [...filled, ...open].filter((r) => (r.high as number) > (r.low as number));
      return framed(width, {
        title,
        subtitle: `${a.unit.word}; filled: every call; hollow: served calls only`,
        plot: Math.max(44, shown.length * 32),
        left,
        right,
        bottom: 30,
        layers: [
          layer(
            shown.map((_, i) => ({ row: i })),
            { type: 'rule', color: INK.grid },
            { x: { value: 0 }, x2: { value: plot }, y: y('row') },
          ),
          layer(bars, { type: 'rule', strokeWidth: 2 }, { x: x('low'), x2: { field: 'high' }, y: y('row'), color: fields.color, opacity: lit(0.7) }),
          layer(
            open,
            { type: 'point', fill: INK.page, strokeWidth: 1.6, size: 52 },
            { x: x('mean'), y: y('row'), stroke: fields.color, shape: fields.shape, opacity: lit(), tooltip: fields.tip },
          ),
          layer(
            filled,
            { type: 'point' },
            { x: x('mean'), y: y('row'), color: fields.color, shape: fields.shape, size: fields.size, opacity: lit(), tooltip: fields.tip },
          ),
          rowLabels(shown, left, y),
        ],
      });
    },
  };
}

const rowClasses = (study: Study): readonly (string | undefined)[] => {
  const classes = waitingClasses(study);
  return classes.length > 2 ? classes.slice(0, 3) : [undefined];
};

export const moves: Chart = {
  id: 'moves',
  short: 'Shorten or move?',
  question: (study) =>
    study.keys.length === 1 ? `Does ${study.axis ? '' : 'the '}${study.keys[0]} shorten waiting, or move it?` : 'Is waiting shortened, or moved?',
  applies: (study) => study.settings.length > 1 && hasValues(study.settings, EVERY.text),
  abreast: (study) => (pairOfClasses(study) || longNames(study.settings) ? 1 : (rowClasses(study).length as 1 | 2 | 3)),
  panels: (study) => {
    const pair = pairOfClasses(study);
    return pair ? [pairPanel(study, pair)] : rowClasses(study).map((c) => rowsPanel(study, c));
  },
  finding: movesFinding,
  caption: movesCaption,
  table: (study) => {
    const pick = (text: string): Asked[] => {
      const m = ask(text);
      return m && hasValues(study.settings, text) ? [m] : [];
    };
    const classes = waitingClasses(study).slice(0, 3),
      by = (name: string): Asked[] => (classes.length > 1 ? classes.flatMap((c) => pick(`${name}[class=${c}]`)) : pick(name));
    return settingsTable(study, `waits of every call and of served calls: ${capital(phrase(EVERY))}`, [
      ...pick('wait_all.mean'),
      ...(classes.length > 1 ? by('wait_all.mean') : []),
      ...by('wait.mean'),
      ...by('served_share'),
    ]);
  },
};
