// What the result says and what it does not: parameters, data, assumptions, notes, and what was not simulated.
import { count, fixed, list, plain, percent } from '../numbers.ts';
import { valueText } from '../setting-words.ts';
import type { Study } from '../study.ts';
import { isOfTrace } from './words.ts';
import { decidedTexts } from './decisions.ts';

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

/** Parameters that no cell varies, in words: `agents 10, ticks 500`. */
export function fixedParameters(study: Study): string {
  const first = study.settings[0];
  if (!first) return '';
  return Object.entries(first.cell.params)
    .filter(([key, value]) => value !== '' && study.settings.every((s) => s.cell.params[key] === value))
    .map(([key, value]) => `${key} ${typeof value === 'number' && Math.abs(value) >= 1000 ? plain(value) : valueText(value)}`)
    .join(', ');
}

export function conditions(study: Study): string[] {
  const { summary, manifest } = study.input,
    parameters = fixedParameters(study),
    out: string[] = [];
  if (parameters) out.push(`It holds for ${manifest.scenario} with ${parameters}.`);
  for (const file of manifest.data)
    out.push(
      `Data: ${file.path}, ${file.format}, ${count(file.rowsRead, 'row')} read, ${file.rowsDropped ? `${count(file.rowsDropped, 'row')} dropped` : 'none dropped'}${file.notes.length ? `; ${file.notes.join('; ')}` : ''}.`,
    );
  if (study.n.high < 2 && study.settings.length > 0)
    out.push(
      summary.comparisons.some(isOfTrace)
        ? 'One trace is one replication: the intervals speak for this trace, not for others like it.'
        : 'One run of each setting: no figure carries an interval.',
    );
  if (manifest.interrupted)
    out.push(
      `It was interrupted: ${fixed(
        study.settings.reduce((sum, s) => sum + s.cell.replications, 0),
        0,
      )} of ${fixed(Math.max(manifest.cells.length, study.settings.length) * manifest.reps, 0)} replications are in it.`,
    );
  out.push(
    manifest.study === 'terminating'
      ? 'Terminating study: the window is the question, and what comes after it is not asked.'
      : 'Steady state: the figures are meant to hold in the long run.',
  );
  for (const assumption of manifest.assumptions) out.push(`Assumed: ${sentence(assumption)}`);
  const decided = decidedTexts(study);
  if (decided.length) out.push(`Decisions, one by one: ${decided.join('; ')}.`);
  for (const note of summary.notes) out.push(sentence(note));
  const served = study.settings.map((s) => s.cell.metrics.served_share?.mean ?? null).filter((v): v is number => v !== null);
  if (served.length && Math.min(...served) < 0.9995)
    out.push(
      `Share of calls served: ${Math.min(...served) === Math.max(...served) ? percent(served[0]) : `${percent(Math.min(...served))} to ${percent(Math.max(...served))}`}; waits of served calls leave out the rest.`,
    );
  if (manifest.notSimulated.length) out.push(`Not simulated: ${list(manifest.notSimulated)}.`);
  return out;
}
