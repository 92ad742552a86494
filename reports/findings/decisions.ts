// Whether the settings matter at all: decisions that differ from those of the baseline, for the strip, the answer and the conditions.
import type { DecisionContrast } from '../../sim/results.ts';
import { contrastText, differText, groupsOf, hasNoEffect, whyText } from '../decided.ts';
import { percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import type { Study } from '../study.ts';
import { names } from './words.ts';

const contrastsOf = ({ input, settings, baseline }: Study): readonly DecisionContrast[] =>
  baseline ? (input.summary.decisions ?? []).filter((one) => one.baseline === baseline.cell.id && settings.some((s) => s.cell.id === one.cell)) : [];

const settingsOf = ({ settings }: Study, contrasts: readonly DecisionContrast[]): Setting[] => settings.filter((s) => contrasts.some((one) => one.cell === s.cell.id));

/** Nothing differs, in any setting: the contrasts that say so; else none. */
function nothingDiffers(study: Study): readonly DecisionContrast[] {
  const contrasts = contrastsOf(study);
  return contrasts.length > 0 && contrasts.length === study.settings.length - 1 && contrasts.every(hasNoEffect) ? contrasts : [];
}

const reasons = (contrasts: readonly DecisionContrast[]): string[] => [...new Set(contrasts.filter(hasNoEffect).map(({ alike }) => whyText(alike)))];

/** Leads the strip where no setting has an effect; null where one has. */
export function noEffectFact(study: Study): { readonly label: string; readonly value: string; readonly detail: readonly string[] } | null {
  const contrasts = nothingDiffers(study);
  if (contrasts.length === 0) return null;
  const [one] = contrasts, seeds = `in ${one.pairs} of ${one.pairs} ${one.pairs === 1 ? 'seed' : 'seeds'}`;
  return { label: 'Decisions', value: differText(one).replace(/decisions? differs?$/, 'differ').trimEnd(), detail: [`${contrasts.length === 1 ? '' : 'at every setting, '}${seeds}: no effect here, because ${reasons(contrasts).join('; or because ')}`] };
}

/** For the answer: that nothing differs, and why; null where something does. */
export function noEffectSentence(study: Study): string | null {
  const contrasts = nothingDiffers(study);
  if (contrasts.length === 0) return null;
  const text = contrasts.length === 1 ? contrastText(contrasts[0]) : groupsOf(contrasts, () => '')[0].text;
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** For the answer, where only some settings have no effect: which, and why; null where there are none, or all. */
export function partSentence(study: Study): string | null {
  const contrasts = contrastsOf(study), none = contrasts.filter(hasNoEffect);
  if (!study.baseline || none.length === 0 || nothingDiffers(study).length > 0) return null;
  return `No decision at ${names(study, settingsOf(study, none))} differs from those at ${study.baseline.short}, because ${reasons(none).join('; or because ')}.`;
}

/** For the strip, where something differs: the share of the decisions that do, and the settings where none does; null where nothing was kept. */
export function decidedPart(study: Study): string | null {
  const contrasts = contrastsOf(study);
  if (!study.baseline || contrasts.length === 0 || nothingDiffers(study).length > 0) return null;
  const none = contrasts.filter((one) => one.equalPairs === one.pairs), shares = contrasts.filter((one) => !none.includes(one)).map((one) => one.differ / Math.max(1, one.compared));
  if (shares.length === 0) return `no decision differs from those at ${study.baseline.short}`;
  const [low, high] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  return `${low === high ? high : `${low} to ${high}`} of the decisions differ from those at ${study.baseline.short}${none.length > 0 ? `, none at ${names(study, settingsOf(study, none))}` : ''}`;
}

/** For the conditions: how many decisions differ, and which settings decide as the baseline does. Empty where nothing was kept, or where the strip leads with it. */
export function decidedTexts(study: Study): readonly string[] {
  const contrasts = contrastsOf(study), { baseline } = study;
  if (!baseline || contrasts.length === 0 || nothingDiffers(study).length > 0) return [];
  const nameOf = (cell: string): string => study.settings.find((s) => s.cell.id === cell)?.short ?? cell;
  return groupsOf(contrasts, nameOf).map(({ contrasts: group, text }) => `${names(study, settingsOf(study, group))} against ${baseline.name}: ${text}`);
}
