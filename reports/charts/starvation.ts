// Who starves, by which definition: the shares that starve over the settings, and every definition beside its figures.
import { capital, phrase, type Asked } from '../asked.ts';
import { starvationCaption, starvationFinding, starvationMetrics } from '../findings/starvation.ts';
import { hasValues, isConstant, summaryOf, type Study } from '../study.ts';
import type { Table } from '../table.ts';
import { showEstimate } from '../units.ts';
import type { Chart } from './chart.ts';
import { longGroups } from './curve-panel.ts';
import { metricPanel } from './metric-panel.ts';
import { longNames } from './values.ts';

/** Drawn where they differ from setting to setting, and are not shown first already. */
const DRAWN = ['starved.ratio', 'wait_all.max', 'starved.size', 'overtakes'];

const drawn = (study: Study): Asked[] =>
  study.settings.length < 2
    ? []
    : starvationMetrics(study)
        .filter((m) => DRAWN.includes(m.text) && !isConstant(study.settings, m) && !study.shown.some((h) => h.text === m.text))
        .slice(0, 2);

function table(study: Study): Table {
  return {
    label: 'definitions of starvation and evenness, and what each counts',
    columns: [
      { head: 'figure', words: true },
      ...study.featured.map((s) => ({ head: s.label, unit: s === study.baseline ? 'baseline' : '' })),
      { head: 'what it counts', words: true },
      { head: 'metric', words: true },
    ],
    rows: starvationMetrics(study).map((m) => ({
      cells: [
        capital(phrase(m)),
        ...study.featured.map((s) => {
          const e = summaryOf(s, m.text);
          return e ? showEstimate(m, e) : 'no value';
        }),
        `${m.definition.title}; over ${m.definition.population}`,
        m.text,
      ],
    })),
  };
}

export const starvation: Chart = {
  id: 'starvation',
  short: 'By which measure?',
  question: () => 'Does anybody starve, and by which definition?',
  applies: (study) => hasValues(study.featured, 'starved.ratio'),
  abreast: (study) => (drawn(study).length === 2 && !(study.axis ? longGroups(study) : longNames(study.settings)) ? 2 : 1),
  panels: (study) => drawn(study).map((m) => metricPanel(study, m)),
  finding: starvationFinding,
  caption: starvationCaption,
  table,
};
