// The tail in a sentence: at a time when the curves differ, who still waits, by class and by setting.
import { curveClass, curveKeys, isLogTime, meanCurve, readingTimes, shareAt, type Knot } from '../curves.ts';
import { list, percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import type { Study } from '../study.ts';
import { roundTime } from '../units.ts';
import { names, nText } from './words.ts';

interface Reading {
  readonly setting: Setting;
  readonly knots: readonly Knot[];
}

/** The round time at which the most settings have been seen and their shares differ most. */
function tellingTime(readings: readonly Reading[]): number | null {
  let best: number | null = null,
    score = -1;
  for (const at of readingTimes(readings.map((r) => r.knots))) {
    const shares = readings.map((r) => shareAt(r.knots, at)).filter((s): s is number => s !== null);
    const spread = shares.length ? Math.max(...shares) - Math.min(...shares) : 0,
      middle = shares.reduce((a, b) => a + b, 0) / Math.max(1, shares.length),
      now = shares.length + spread + 1 - Math.abs(middle - 0.5);
    if (now > score) {
      score = now;
      best = at;
    }
  }
  return best;
}

function sentence(study: Study, key: string): string | null {
  const readings = study.featured.map((setting) => ({ setting, knots: meanCurve(setting, key) })).filter((r) => r.knots.length > 1),
    at = tellingTime(readings),
    who = curveClass(key) ? `of the calls of class ${curveClass(key)}` : 'of the calls';
  if (at === null) return null;
  const seen = readings.flatMap((r) => {
    const share = shareAt(r.knots, at);
    return share === null ? [] : [{ setting: r.setting, share }];
  });
  if (!seen.length) return null;
  const texts = seen.map((s) => percent(s.share));
  if (study.settings.length === 1) return `${roundTime(at)} after arrival ${texts[0]} ${who} still wait.`;
  if (new Set(texts).size === 1)
    return `${roundTime(at)} after arrival ${texts[0]} ${who} still wait${seen.length > 1 ? `, the same at ${list(seen.map((s) => s.setting.short))}` : ` at ${seen[0].setting.short}`}.`;
  const shares = [...new Set(texts)].map((text) => ({
    text,
    where: names(
      study,
      seen.filter((s) => percent(s.share) === text).map((s) => s.setting),
    ),
  }));
  return `${roundTime(at)} after arrival ${list(shares.map((s, i) => `${s.text}${i === 0 ? ` ${who} still wait` : ''} at ${s.where}`))}.`;
}

export function tailFinding(study: Study): string[] {
  const found = curveKeys(study)
    .slice(0, 3)
    .map((key) => sentence(study, key))
    .filter((s): s is string => s !== null);
  return found.length ? found : ['No call was seen long enough to say.'];
}

export function tailCaption(study: Study): string[] {
  const log = isLogTime(curveKeys(study).flatMap((key) => study.featured.map((s) => meanCurve(s, key))));
  return [
    'Estimand: ',
    'share of calls not yet served so long after their arrival, by Kaplan–Meier: calls that still wait at the end count as long as they were seen.',
    study.n.high < 2 ? `One run of each setting (${nText(study)}); no band.` : `Per replication, then mean and 95\u00a0% t band, ${nText(study)}.`,
    study.n.high < 2 ? 'A curve ends where nobody is left under observation.' : 'A curve ends where a replication has nobody left under observation.',
    ...(log ? ['Time in decades: the waits span more than two of them.'] : []),
    ...(study.settings.length > study.featured.length ? ['Drawn: the coloured settings.'] : []),
  ];
}
