// Which settings differ from the baseline: each metric in a sentence, by the verdicts of the family.
import { capital, phrase, type Asked } from '../asked.ts';
import { list } from '../numbers.ts';
import type { Study } from '../study.ts';
import { byText, judged, judgedMetrics, methodText, names, pairWord } from './words.ts';

type Judged = ReturnType<typeof judged>[number];

const strongest = (rows: readonly Judged[]): Judged => rows.reduce((a, b) => (Math.abs(b.c.mean) > Math.abs(a.c.mean) ? b : a));

/** `0 is better, by 0.075 (…)` or `0.5 to 1 are worse, most of all 1, by 0.15 (…)`. */
function side(study: Study, metric: Asked, rows: readonly Judged[], word: string): string {
  const top = strongest(rows),
    who = names(
      study,
      rows.map((r) => r.setting),
    );
  return rows.length === 1
    ? `${who} is ${word}, ${byText(metric, top.c)}`
    : `${who} are ${word}, most of all ${top.setting.short}, ${byText(metric, top.c)}`;
}

/** `loco cannot be told apart`, `neither loco nor atlas can be told apart`; a range or a number of settings is said as it is. */
function notApart(who: string, n: number): string {
  if (n < 2 || / to | with |settings$/.test(who)) return `${who} cannot be told apart`;
  return n === 2 ? `neither ${who.replace(/ (and|or) /, ' nor ')} can be told apart` : `none of ${who} can be told apart`;
}

/** `0.5 equals it in every replication`, `a and b cannot be told apart from it`. */
function level(study: Study, rows: readonly Judged[], from: string): string[] {
  const of = (verdict: string): Judged[] => rows.filter((r) => r.c.verdict === verdict),
    who = (some: readonly Judged[], every: boolean): string =>
      names(
        study,
        some.map((r) => r.setting),
        { every, but: study.baseline },
      ),
    [same, equal] = [of('same'), of('equal')];
  return [
    ...(same.length ? [`${notApart(who(same, false), same.length)} from ${from}`] : []),
    ...(equal.length ? [`${who(equal, true)} ${equal.length === 1 ? 'equals' : 'equal'} ${same.length ? 'it' : from} in every ${pairWord(equal[0].c)}`] : []),
  ];
}

/** `against`: whether the baseline is named; where one sentence has named it, the next ones need not. */
export function forestSentence(study: Study, metric: Asked, against = true): string {
  const rows = judged(study, metric),
    of = (verdict: string): Judged[] => rows.filter((r) => r.c.verdict === verdict),
    base = study.baseline!.short;
  const word = capital(phrase(metric));
  if (rows.every((r) => r.c.verdict === 'equal'))
    return `${word}: equal to ${base} in every ${pairWord(rows[0].c)}${rows.length === 1 ? '' : ' at all others'}.`;
  const alike = [...of('same'), ...of('equal')];
  if (alike.length === rows.length) return `On ${phrase(metric)}, ${level(study, rows, base).join('; ')}.`;
  const parts = [
    of('better').length ? side(study, metric, of('better'), 'better') : '',
    of('worse').length ? side(study, metric, of('worse'), 'worse') : '',
    of('different').length ? side(study, metric, of('different'), 'different') : '',
  ].filter(Boolean);
  return `On ${phrase(metric)}${against ? `, against ${base}` : ''}: ${[...parts, ...level(study, alike, 'it')].join('; ')}.`;
}

/** Metrics that differ first; those that are equal throughout in one sentence. */
export function forestFinding(study: Study): string[] {
  const all = judgedMetrics(study),
    equal = all.filter((m) => judged(study, m).every((r) => r.c.verdict === 'equal')),
    differing = all.filter((m) => !equal.includes(m));
  if (!differing.length) return equal.slice(0, 3).map((m) => forestSentence(study, m));
  return [
    ...differing.slice(0, 3).map((m, i) => forestSentence(study, m, i === 0)),
    ...(equal.length ? [`Equal in every pair: ${list(equal.map(phrase))}.`] : []),
  ];
}

export function forestCaption(study: Study): string[] {
  const metrics = judgedMetrics(study),
    family = Math.max(...metrics.map((m) => judged(study, m).length)),
    many = study.settings.length - 1 > 24;
  return [
    'Estimand: ',
    `${methodText(study)}; dashed: ${study.baseline!.name}.`,
    family > 1
      ? `Thick: 95\u00a0% interval of the one comparison. Thin: 95\u00a0% for the family of ${family} comparisons of a metric (Bonferroni), which decides the word.`
      : 'Line: 95\u00a0% interval, which decides the word.',
    ...(metrics.some((m) => judged(study, m).some((r) => r.c.verdict === 'equal')) ? ['Where all pairs are equal the interval is a point.'] : []),
    ...(many ? [`Of ${study.settings.length - 1} settings the 24 furthest from the baseline are drawn; the table has all.`] : []),
  ];
}
