// What the table of all figures holds, and what it leaves out.
import { count } from '../numbers.ts';
import type { Study } from '../study.ts';
import { nText } from './words.ts';

export function measuresFinding(study: Study): string[] {
  const first = study.settings[0],
    all = Object.keys(first.cell.metrics),
    empty = all.filter((name) => study.settings.every((s) => (s.cell.metrics[name]?.mean ?? null) === null));
  return [
    `${count(all.length, 'figure')} of ${study.settings.length === 1 ? 'the run' : 'each setting'} ${all.length === 1 ? 'was' : 'were'} taken${empty.length ? `; ${empty.length} ${empty.length === 1 ? 'has' : 'have'} no population here and ${empty.length === 1 ? 'carries' : 'carry'} no value` : ''}.`,
  ];
}

export function measuresCaption(study: Study): string[] {
  return [
    'Table: ',
    study.n.high < 2 ? `single runs (${nText(study)}), no intervals.` : `mean ± 95\u00a0% t half-width over replications, ${nText(study)}.`,
    ...(study.settings.length > study.featured.length
      ? ['The coloured settings; summary.csv has all of them, and the classes.']
      : ['summary.csv has them by class as well.']),
  ];
}
