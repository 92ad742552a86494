// Inside one run: calls waiting and the age of the oldest over time, first replication. An illustration, without an interval.
import { insideCaption, insideFinding, insideRepeats, seriesOf, sameSeries } from '../findings/inside.ts';
import { fixed, plain } from '../numbers.ts';
import { stepAt } from '../bands.ts';
import type { Study } from '../study.ts';
import type { QueueSeries } from '../../sim/results.ts';
import { valueColumn, type Table } from '../table.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';
import type { Chart, Panel } from './chart.ts';
import { lineOf, lines, type Line } from './lines.ts';
import { fitTicks } from './values.ts';
import { ticks } from './parts.ts';

const endOf = (study: Study): number => Math.max(...seriesOf(study).map(({ series }) => series.atS[series.atS.length - 1]));

function panel(study: Study, field: 'waiting' | 'oldestWaitS'): Panel {
  const waiting = field === 'waiting';
  return {
    label: `${waiting ? 'Calls waiting' : 'Age of the oldest waiting call'} over one run, one line a coloured setting.`,
    build: ({ width }) => {
      const all = seriesOf(study),
        end = endOf(study),
        time = durationUnit(end),
        top = Math.max(1e-9, ...all.flatMap(({ series }) => series[field])),
        age = waiting ? { factor: 1, word: '' } : durationUnit(top);
      const points = (series: QueueSeries): { x: number; y: number }[] =>
        series.atS.map((at, i) => ({ x: at * time.factor, y: series[field][i] * age.factor }));
      const one = sameSeries(study, field),
        of: Line[] =
          one && all.length > 1
            ? [{ setting: null, name: 'any setting', color: INK.text, dash: [1, 0], points: points(all[0].series) }]
            : all.map(({ setting, series }) => lineOf(setting, points(series)));
      const x = fitTicks((want) => ticks(0, end * time.factor, want), width - 140, 7);
      return lines(of, {
        width,
        title: waiting ? 'Calls waiting' : `Age of the oldest waiting call, ${age.word}`,
        height: waiting ? 140 : 200,
        x,
        y: ticks(0, top * age.factor, 4),
        xTitle: `time, ${time.word}`,
      });
    },
  };
}

function table(study: Study): Table {
  const all = seriesOf(study),
    end = endOf(study),
    time = durationUnit(end),
    oldest = Math.max(0, ...all.flatMap(({ series }) => series.oldestWaitS)),
    age = durationUnit(oldest),
    times = [0.1, 0.2, 0.4, 0.6, 0.8, 1].map((p) => p * end);
  const waiting = all.map(({ series }) => times.map((at) => stepAt(series.atS, series.waiting, at, 0))),
    ages = all.map(({ series }) => valueColumn(times.map((at) => stepAt(series.atS, series.oldestWaitS, at, 0) * age.factor)));
  return {
    label: 'queue inside one run',
    columns: [
      { head: 'time', unit: time.word, words: true },
      ...all.map(({ setting }) => ({ head: `waiting, ${setting.label}`, unit: 'calls' })),
      ...all.map(({ setting }) => ({ head: `oldest, ${setting.label}`, unit: age.word })),
    ],
    rows: times.map((at, i) => ({
      cells: [plain(Number((at * time.factor).toPrecision(3))), ...waiting.map((w) => fixed(w[i], 0)), ...ages.map((a) => a[i])],
    })),
  };
}

export const inside: Chart = {
  id: 'inside',
  short: 'Inside one run',
  question: () => 'What happens inside one run?',
  applies: (study) => seriesOf(study).length > 0,
  abreast: () => 1,
  panels: (study) => [panel(study, 'waiting'), panel(study, 'oldestWaitS')],
  finding: insideFinding,
  repeats: insideRepeats,
  caption: insideCaption,
  table,
};
