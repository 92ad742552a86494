// Fairness: the Jain indices over the settings, and behind them the share of its calls that each agent gets done.
import type { Asked } from '../asked.ts';
import { fairnessCaption, fairnessFinding, fairnessMetrics } from '../findings/fairness.ts';
import { percent } from '../numbers.ts';
import { allListed, sharesOf } from '../shares.ts';
import { isConstant, type Study } from '../study.ts';
import type { Table } from '../table.ts';
import { settingsTable } from './curve.ts';
import type { Chart, Panel } from './chart.ts';
import { lineOf, lines } from './lines.ts';
import { longGroups } from './curve-panel.ts';
import { metricPanel } from './metric-panel.ts';
import { fitTicks, longNames } from './values.ts';
import { ticks } from './parts.ts';

/** Indices that the first chart does not show already; of a single setting there is nothing to draw. */
const drawn = (study: Study): Asked[] =>
  study.settings.length < 2
    ? []
    : fairnessMetrics(study)
        .filter((m) => !isConstant(study.settings, m) && !study.shown.some((h) => h.text === m.text))
        .slice(0, hasShares(study) ? 1 : 2);

/** Shares worth drawing: every agent is known, and not all get everything done. */
const hasShares = (study: Study): boolean => allListed(study) && study.featured.some((s) => sharesOf(s).some((a) => a.share < 0.9995));

function sharesPanel(study: Study): Panel {
  return {
    label: 'Share of its calls that each agent gets done, agents in order from the lowest, one line a coloured setting.',
    build: ({ width }) => {
      const of = study.featured.map((s) =>
          lineOf(
            s,
            sharesOf(s).map((a, i) => ({ x: i + 1, y: a.share })),
          ),
        ),
        n = Math.max(...of.map((l) => l.points.length));
      const top = Math.max(...of.flatMap((l) => l.points.map((p) => p.y))),
        high = top > 0.5 ? 1 : Math.max(0.05, top),
        y = ticks(0, high * 100, 4),
        x = fitTicks(
          (want) => {
            const t = ticks(1, n, want, false);
            return { ...t, values: [...new Set([1, ...t.values.filter((v) => v > 1 && Number.isInteger(v))])] };
          },
          width - 110,
          6,
        );
      return lines(
        of.map((l) => ({ ...l, points: l.points.map((p) => ({ x: p.x, y: p.y * 100 })) })),
        {
          width,
          title: 'Calls completed ÷ arrived, by agent',
          subtitle: '%, agents from the worst to the best served',
          height: 200,
          x,
          y,
          xTitle: 'agents, worst served first',
        },
      );
    },
  };
}

function table(study: Study): Table {
  const metrics = fairnessMetrics(study),
    base = settingsTable(study, 'fairness', metrics);
  if (!allListed(study)) return base;
  const ends = study.settings.map((s) => sharesOf(s)),
    cell = (i: number, last: boolean): string => {
      const a = ends[i][last ? ends[i].length - 1 : 0];
      return a ? percent(a.share) : 'no value';
    };
  return {
    ...base,
    columns: [
      ...base.columns.slice(0, -1),
      { head: 'worst agent', unit: 'completed ÷ arrived' },
      { head: 'best agent', unit: 'completed ÷ arrived' },
      ...base.columns.slice(-1),
    ],
    rows: base.rows.map((r, i) => ({ ...r, cells: [...r.cells.slice(0, -1), cell(i, false), cell(i, true), ...r.cells.slice(-1)] })),
  };
}

export const fairness: Chart = {
  id: 'fairness',
  short: 'How even?',
  question: () => 'How evenly is it shared out?',
  applies: (study) => fairnessMetrics(study).length > 0 && (drawn(study).length > 0 || hasShares(study)),
  abreast: (study) =>
    (study.axis ? longGroups(study) : longNames(study.settings)) && drawn(study).length
      ? 1
      : (Math.min(3, drawn(study).length + (hasShares(study) ? 1 : 0)) as 1 | 2 | 3),
  panels: (study) => [...drawn(study).map((m) => metricPanel(study, m)), ...(hasShares(study) ? [sharesPanel(study)] : [])],
  finding: fairnessFinding,
  caption: fairnessCaption,
  table,
};
