// Where the time of a program goes: one bar a setting, split by what the nodes of its path were doing.
import { pathsCaption, pathsFinding } from '../findings/paths.ts';
import { fixed, percent } from '../numbers.ts';
import { occurring, PATH_PARTS, pathsOf } from '../paths.ts';
import type { Study } from '../study.ts';
import { valueColumn, type Table } from '../table.ts';
import { durationUnit } from '../units.ts';
import { stackedBars } from './bars.ts';
import type { Chart } from './chart.ts';
import { rowsShown } from './values.ts';

function table(study: Study): Table {
  const splits = pathsOf(study.settings),
    parts = occurring(splits),
    unit = durationUnit(Math.max(...splits.map((s) => s.meanS))),
    means = valueColumn(splits.map((s) => s.meanS * unit.factor)),
    shares = parts.map((p) => splits.map((s) => percent(s.shares[p], 3))),
    seconds = parts.map((p) => valueColumn(splits.map((s) => s.seconds[p] * unit.factor)));
  return {
    label: 'parts of the time of programs along their paths',
    columns: [
      { head: 'setting', words: true },
      ...parts.map((p) => ({ head: PATH_PARTS[p].word, unit: 'mean share' })),
      ...parts.map((p) => ({ head: PATH_PARTS[p].word, unit: `mean, ${unit.word}` })),
      { head: 'mean response', unit: unit.word },
      { head: 'completed', unit: 'programs' },
    ],
    rows: splits.map(({ setting, programs }, row) => ({
      id: setting.cell.id,
      base: setting === study.baseline,
      cells: [setting.label || 'the run', ...shares.map((c) => c[row]), ...seconds.map((c) => c[row]), means[row], fixed(programs, 0)],
    })),
  };
}

export const paths: Chart = {
  id: 'paths',
  short: 'Where programs spend time',
  question: () => 'Where does the time of a program go?',
  applies: (study) => pathsOf(study.settings).length > 0,
  abreast: () => 1,
  panels: (study) => [
    {
      label: 'Shares of the response of programs by what their path was doing, one bar a setting; the numbers are in the table.',
      build: ({ width }) => stackedBars(pathsOf(rowsShown(study, study.headline[0], study.settings)), PATH_PARTS, 'Parts of the response of a program along its path, mean share', width),
    },
  ],
  finding: pathsFinding,
  caption: pathsCaption,
  table,
};
