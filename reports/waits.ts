// Who waits: the wait of every call beside that of served calls, in total and by class. Total waiting is the yardstick.
import { ask, type Asked } from './asked.ts';
import type { Setting } from './settings.ts';
import { hasValues, meanOf, type Study } from './study.ts';

export const EVERY = ask('wait_all.mean')!;
export const SERVED = ask('wait.mean')!;
export const ofClass = (metric: Asked, callClass: string): Asked => ({ ...metric, callClass, text: `${metric.name}[class=${callClass}]` });

/** Classes whose wait of every call is known, those with the most arrivals first. */
export function waitingClasses(study: Study): string[] {
  const arrived = (c: string): number => meanOf(study.settings[0], `arrived[class=${c}]`) ?? 0;
  return study.classes.filter((c) => hasValues(study.settings, ofClass(EVERY, c).text)).sort((a, b) => arrived(b) - arrived(a) || (a < b ? -1 : 1));
}

/** Two classes can be set against each other; any other number is shown in rows. */
export const pairOfClasses = (study: Study): readonly [string, string] | null => {
  const classes = waitingClasses(study);
  return classes.length === 2 ? [classes[0], classes[1]] : null;
};

export interface Total {
  readonly settings: readonly Setting[];
  readonly low: Setting;
  readonly high: Setting;
  readonly equal: boolean;
  /** (highest − lowest) ÷ highest. */ readonly spread: number;
}

/** Mean wait of every call over the settings; `equal`: the same to nine digits, as where work is conserved and every service is alike. */
export function totalWait(study: Study): Total | null {
  const settings = study.settings.filter((s) => meanOf(s, EVERY.text) !== null);
  if (!settings.length) return null;
  const at = (s: Setting): number => meanOf(s, EVERY.text)!,
    low = settings.reduce((a, b) => (at(b) < at(a) ? b : a)),
    high = settings.reduce((a, b) => (at(b) > at(a) ? b : a));
  const spread = at(high) === 0 ? 0 : (at(high) - at(low)) / at(high);
  return { settings, low, high, spread, equal: spread < 1e-9 };
}
