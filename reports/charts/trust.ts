// Are the intervals to be trusted: every replication as a dot, and how the paired interval narrowed; or the windows of a single trace.
import { capital, phrase } from '../asked.ts';
import { extremes } from '../outliers.ts';
import { commandCell } from '../repeat.ts';
import { estimate } from '../bands.ts';
import { trustCaption, trustFinding, trustRepeats } from '../findings/trust.ts';
import { keysHead } from '../findings/words.ts';
import { dotMetric, narrowing, valuesOf, windowsOf } from '../precision.ts';
import type { Study } from '../study.ts';
import { estimateColumn, valueColumn, type Table } from '../table.ts';
import { durationUnit, unitOf } from '../units.ts';
import type { Chart } from './chart.ts';
import { dotsPanel, precisionPanel, windowsPanel } from './replications-panels.ts';

function table(study: Study): Table {
  const windows = windowsOf(study);
  if (windows) {
    const unit = durationUnit(Math.max(0, ...windows.lines.flatMap((l) => l.values.map((v) => v ?? 0)))),
      columns = windows.lines.map((l) => valueColumn(l.values.map((v) => (v === null ? null : v * unit.factor)))),
      n = Math.max(...windows.lines.map((l) => l.values.length));
    return {
      label: 'mean wait by window',
      columns: [{ head: 'window', words: true }, ...windows.lines.map((l) => ({ head: l.setting.label, unit: unit.word }))],
      rows: Array.from({ length: n }, (_, i) => ({ cells: [String(i + 1), ...columns.map((c) => c[i] ?? 'no value')] })),
    };
  }
  const metric = dotMetric(study)!,
    all = study.settings.map((s) => valuesOf(s, metric).map((v) => v.value)),
    unit = unitOf(metric.definition, Math.max(0, ...all.flat().map(Math.abs))),
    f = unit.factor,
    e = all.map(estimate);
  const mean = estimateColumn(
      e.map((x) => (x.mean === null ? null : x.mean * f)),
      e.map((x) => (x.half === null ? null : x.half * f)),
    ),
    low = valueColumn(all.map((v) => (v.length ? Math.min(...v) * f : null))),
    high = valueColumn(all.map((v) => (v.length ? Math.max(...v) * f : null))),
    ends = study.settings.map((s) => extremes(s, metric)),
    commands = study.settings.map((s, i) => [commandCell(study, s, ends[i]?.low), commandCell(study, s, ends[i]?.high)]),
    known = commands.some(([low]) => low !== '');
  return {
    label: `replications, ${phrase(metric)}`,
    columns: [
      { head: keysHead(study), words: true },
      { head: phrase(metric), unit: unit.word || 'mean' },
      { head: 'lowest', unit: 'replication' },
      { head: 'highest', unit: 'replication' },
      { head: 'n' },
      ...(known ? [{ head: 'repeat the lowest', code: true }, { head: 'repeat the highest', code: true }] : []),
    ],
    rows: study.settings.map((s, i) => ({
      id: s.cell.id,
      base: s === study.baseline,
      cells: [s.label, mean[i], low[i], high[i], String(all[i].length), ...(known ? commands[i] : [])],
    })),
  };
}

export const trust: Chart = {
  id: 'trust',
  short: 'Trust',
  question: () => 'Are the intervals to be trusted?',
  applies: (study) => windowsOf(study) !== null || (study.n.high > 1 && dotMetric(study) !== null),
  abreast: (study) => (!windowsOf(study) && narrowing(study, dotMetric(study)!).length ? 2 : 1),
  panels: (study) => {
    if (windowsOf(study)) return [windowsPanel(study)];
    const metric = dotMetric(study)!;
    return [
      {
        label: `${capital(phrase(metric))}: every replication of each setting as a dot, a bar for the mean.`,
        build: (at) => dotsPanel(study, metric, at),
      },
      ...(narrowing(study, metric).length ? [precisionPanel(study, metric)] : []),
    ];
  },
  finding: trustFinding,
  repeats: trustRepeats,
  caption: trustCaption,
  table,
};
