// One metric over all settings: a curve with its band where a number is swept, else a row of dots with intervals.
import { capital, phrase, type Asked } from '../asked.ts';
import type { Study } from '../study.ts';
import type { Panel } from './chart.ts';
import { curvePanel } from './curve-panel.ts';
import { dotsPanel } from './dots-panel.ts';

export function metricPanel(study: Study, metric: Asked): Panel {
  return {
    label: `${capital(phrase(metric))} ${study.axis ? `over ${study.axis.key}` : 'of each setting'}, mean and interval; the numbers are in the table.`,
    build: (at) => (study.axis ? curvePanel(study, metric, at) : dotsPanel(study, metric, at)),
  };
}
