// Everything that was measured, for the coloured settings: a table without a drawing.
import { parseMetric } from '../../src/observe/metrics.ts';
import { ask, phrase, type Asked } from '../asked.ts';
import { measuresCaption, measuresFinding } from '../findings/measures.ts';
import { hasValues, summaryOf, type Study } from '../study.ts';
import type { Table } from '../table.ts';
import { showEstimate } from '../units.ts';
import type { Chart } from './chart.ts';

/** Metrics of the dictionary with a value in a coloured setting, classes left to summary.csv. */
export function measured(study: Study): Asked[] {
  const names = new Set(study.featured.flatMap((s) => Object.keys(s.cell.metrics)));
  return [...names]
    .filter((name) => parseMetric(name) && !name.includes('['))
    .map((name) => ask(name)!)
    .filter((m) => hasValues(study.featured, m.text));
}

function table(study: Study): Table {
  return {
    label: 'every metric of the coloured settings',
    columns: [
      { head: 'metric', words: true },
      { head: 'what it is', words: true },
      ...study.featured.map((s) => ({ head: s.label, unit: s === study.baseline ? 'baseline' : '' })),
    ],
    rows: measured(study).map((m) => ({
      cells: [
        m.text,
        phrase(m),
        ...study.featured.map((s) => {
          const e = summaryOf(s, m.text);
          return e ? showEstimate(m, e) : 'no value';
        }),
      ],
    })),
  };
}

export const measures: Chart = {
  id: 'measures',
  short: 'All figures',
  question: () => 'What else was measured?',
  applies: (study) => measured(study).length > 0,
  abreast: () => 1,
  panels: () => [],
  finding: measuresFinding,
  caption: measuresCaption,
  table,
};
