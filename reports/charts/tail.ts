// How long a call can wait: the share still waiting since arrival, by Kaplan–Meier, one curve a coloured setting.
import { curveClass, curveKeys, hasFallen, isLogTime, meanCurve, readingTimes, shareAt, type Knot } from '../curves.ts';
import { tailCaption, tailFinding } from '../findings/tail.ts';
import { percent } from '../numbers.ts';
import type { Study } from '../study.ts';
import type { Table } from '../table.ts';
import { durationUnit, roundTime } from '../units.ts';
import type { Chart, Panel } from './chart.ts';
import { lineOf, lines } from './lines.ts';
import { fitTicks } from './values.ts';
import { decades, ticks } from './parts.ts';

const curvesOf = (study: Study, key: string): (readonly Knot[])[] => study.featured.map((s) => meanCurve(s, key));
const title = (key: string): string => (curveClass(key) ? `Class ${curveClass(key)}: still waiting` : 'Calls still waiting');

function panel(study: Study, key: string, keys: readonly string[]): Panel {
  return {
    label: `Share of calls still waiting against time since arrival${curveClass(key) ? `, class ${curveClass(key)}` : ''}; the numbers are in the table.`,
    build: ({ width }) => {
      const all = keys.flatMap((k) => curvesOf(study, k)),
        log = isLogTime(all),
        end = Math.max(...all.flatMap((c) => c.map((k) => k.at))),
        unit = log ? { factor: 1, word: 's' } : durationUnit(end);
      const fell = Math.min(...all.flatMap((c) => c.filter((k) => hasFallen(c, k)).map((k) => k.at)), end / 10),
        x = log ? decades(fell, end, width - 110) : fitTicks((want) => ticks(0, end * unit.factor, want), width - 110, 6);
      const least = Math.min(...all.flatMap((c) => c.map((k) => k.mean).filter((v) => v > 0))),
        deep = least < 0.01;
      const floor = Math.max(1e-5, Number(`1e${Math.floor(Math.log10(least))}`)),
        shares = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5].filter((v) => v >= floor * 0.999).reverse();
      const y = deep
        ? { domain: [floor, 1] as const, values: shares, decimals: 0, labels: shares.map((v) => percent(v, 1)) }
        : { domain: [0, 1] as const, values: [0, 0.25, 0.5, 0.75, 1], decimals: 2, labels: [0, 0.25, 0.5, 0.75, 1].map((v) => percent(v)) };
      const of = study.featured.map((s) =>
        lineOf(
          s,
          meanCurve(s, key)
            .filter((k) => (!log || k.at >= x.domain[0]) && (!deep || k.mean >= floor))
            .map((k) => ({ x: k.at * (log ? 1 : unit.factor), y: k.mean, low: Math.max(k.low, deep ? floor : 0), high: k.high })),
        ),
      );
      return lines(of, {
        width,
        title: title(key),
        height: 240,
        x,
        y,
        xTitle: `time since arrival${log ? '' : `, ${unit.word}`}`,
        xLog: log,
        yLog: deep,
        step: study.n.high < 2,
      });
    },
  };
}

function table(study: Study): Table {
  const keys = curveKeys(study),
    columns = keys.flatMap((key) => study.featured.map((s) => ({ key, s, knots: meanCurve(s, key) }))),
    times = readingTimes(columns.map((c) => c.knots));
  return {
    label: 'share of calls still waiting',
    columns: [{ head: 'since arrival', words: true }, ...columns.map((c) => ({ head: c.s.label, unit: curveClass(c.key) || 'share' }))],
    rows: times.map((at) => {
      return {
        cells: [
          roundTime(at),
          ...columns.map((c) => {
            const share = shareAt(c.knots, at);
            return share === null ? 'not seen' : percent(share);
          }),
        ],
      };
    }),
  };
}

export const tail: Chart = {
  id: 'tail',
  short: 'How long?',
  question: () => 'How long can a call wait?',
  applies: (study) => curveKeys(study).some((key) => curvesOf(study, key).some((c) => c.length > 1 && c.some((k) => k.mean < 1 || k.at > 0))),
  abreast: (study) => Math.min(3, curveKeys(study).length) as 1 | 2 | 3,
  panels: (study) => {
    const keys = curveKeys(study).slice(0, 3);
    return keys.map((key) => panel(study, key, keys));
  },
  finding: tailFinding,
  caption: tailCaption,
  table,
};
