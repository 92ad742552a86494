// Starvation and evenness in every definition that was measured: what each says of the coloured settings, and what was not asked for.
import { METRICS, STARVED_RATIO } from '../../src/observe/metrics.ts';
import { ask, type Asked } from '../asked.ts';
import { list, NBSP, percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { hasValues, meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { nText } from './words.ts';

/** In the order of the table; what has no value in any setting is left out. */
const NAMES = [
  'starved', 'starved.ratio', 'wait_all.max', 'starved.size', 'overtakes', 'overtaken_most', 'service_gap', 'service_unit', 'service_gap_over_u',
  'jain.service', 'jain.service_over_weight', 'jain.completed', 'jain.completed_over_arrived', 'jain.slowdown', 'programs.begun', 'programs.completed', 'programs.unfinished', 'programs.lost', 'program_time.mean', 'program_time_all.mean',
];

export const starvationMetrics = (study: Study): Asked[] => NAMES.map((name) => ask(name)!).filter((metric) => hasValues(study.settings, metric.text));

/** Share of open programs from which on means of those that completed mislead. */
const OPEN_LIMIT = 0.05;

/** The lowest and the highest of the coloured settings, or the one number that all have. */
function ends(study: Study, name: string, said: (setting: Setting) => string): string {
  const known = study.featured.filter((s) => meanOf(s, name) !== null), by = (sign: number): Setting => known.reduce((a, b) => (sign * (meanOf(b, name)! - meanOf(a, name)!) > 0 ? b : a)), low = by(-1), high = by(1);
  return study.settings.length === 1 || said(low) === said(high) ? `${said(low)}${study.settings.length > 1 && known.length > 1 ? ' at every coloured setting' : ''}` : `${said(low)} at ${low.name}, ${said(high)} at ${high.name}`;
}

export function starvationFinding(study: Study): string[] {
  const out: string[] = [], shown = (name: string) => (s: Setting): string => showEstimate(ask(name)!, summaryOf(s, name)!);
  if (hasValues(study.featured, 'starved.ratio')) out.push(`Calls that waited ${STARVED_RATIO} times their service or longer: ${ends(study, 'starved.ratio', (s) => percent(meanOf(s, 'starved.ratio')!))}.`);
  if (hasValues(study.featured, 'wait_all.max')) out.push(`The longest wait of a call: ${ends(study, 'wait_all.max', shown('wait_all.max'))}.`);
  const open = study.featured.map((s) => ({ s, share: (meanOf(s, 'programs.unfinished') ?? 0) / (meanOf(s, 'programs.begun') || 1) })), most = open.reduce((a, b) => (b.share > a.share ? b : a));
  if (most.share > OPEN_LIMIT) {
    const all = summaryOf(most.s, 'program_time_all.mean'), done = summaryOf(most.s, 'program_time.mean'), name = ask('program_time_all.mean')!;
    out.push(`${study.settings.length > 1 ? `At ${most.s.name}, ` : ''}${percent(most.share)} of the programs are open when the window ends${all && done && done.mean !== null && all.mean !== null ? `: those that completed took ${showEstimate(name, done)} on average, all of them at least ${showEstimate(name, all)}` : ''}.`.replace(/^./, (c) => c.toUpperCase()));
  }
  return out;
}

export function starvationCaption(study: Study): string[] {
  const missing = METRICS.filter((metric) => metric.isOnRequest && !metric.name.startsWith('service_') && !hasValues(study.settings, metric.name)).map(({ name }) => name);
  return [
    'Definitions: ',
    `the table prints each beside its figures; ${study.n.high < 2 ? `single runs (${nText(study)}), no intervals.` : `mean and 95${NBSP}% t half-width over replications, ${nText(study)}.`} What is unfinished counts with the time that it waited or took until the end of the window: a lower bound.`,
    ...(missing.length > 0 ? [`Not measured here: ${list(missing)}; ask for one as --metric\u00a0NAME.`] : []),
  ];
}
