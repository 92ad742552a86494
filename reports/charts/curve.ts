// The headline metrics over the settings: curves with bands where a number is swept, dots with intervals where names are.
import { direction, phrase, type Asked } from '../asked.ts';
import { curveCaption, curveFinding } from '../findings/curve.ts';
import { keysHead } from '../findings/words.ts';
import { halfWidth, list } from '../numbers.ts';
import { summaryOf, type Study } from '../study.ts';
import { estimateColumn, type Table } from '../table.ts';
import { unitOf } from '../units.ts';
import { longGroups } from './curve-panel.ts';
import { metricPanel } from './metric-panel.ts';
import { longNames } from './values.ts';
import type { Chart } from './chart.ts';

/** One column of means with half-widths, in the unit of the largest. */
export function metricColumn(study: Study, metric: Asked): { head: string; unit: string; cells: string[] } {
  const summaries = study.settings.map((s) => summaryOf(s, metric.text));
  const unit = unitOf(metric.definition, Math.max(0, ...summaries.map((s) => Math.abs(s?.mean ?? 0))));
  const cells = estimateColumn(
    summaries.map((s) => (s?.mean === null || s === undefined ? null : s.mean * unit.factor)),
    summaries.map((s) => {
      const half = s && halfWidth(s);
      return half ? half * unit.factor : null;
    }),
  );
  return { head: phrase(metric), unit: [unit.word, direction(metric)].filter(Boolean).join(', '), cells };
}

export function settingsTable(study: Study, label: string, metrics: readonly Asked[]): Table {
  const columns = metrics.map((m) => metricColumn(study, m));
  return {
    label,
    columns: [
      { head: keysHead(study), words: true },
      ...columns.map((c) => ({ head: c.head, unit: c.unit })),
      { head: 'n' },
    ],
    rows: study.settings.map((s, i) => ({
      id: s.cell.id,
      base: s === study.baseline,
      cells: [s === study.baseline ? `${s.label} (baseline)` : s.label, ...columns.map((c) => c.cells[i]), String(s.cell.replications)],
    })),
  };
}

export const curve: Chart = {
  id: 'curve',
  short: 'Which setting?',
  question: (study) =>
    study.keys.length > 1
      ? `What do ${list(study.keys)} change?`
      : study.axis
        ? `What does ${study.axis.key} change?`
        : study.keys.length === 1
          ? `What does the ${study.keys[0]} change?`
          : 'What do the settings change?',
  applies: (study) => study.settings.length > 1 && study.headline.length > 0,
  abreast: (study) => ((study.axis ? longGroups(study) : longNames(study.settings)) ? 1 : (Math.min(3, study.shown.length) as 1 | 2 | 3)),
  panels: (study) => study.shown.map((m) => metricPanel(study, m)),
  finding: curveFinding,
  caption: curveCaption,
  table: (study) => settingsTable(study, 'headline metrics of every setting', study.headline),
};
