// Where the time of a program goes, in sentences: the largest part, what grew or shrank against the baseline, and what was lost.
import { duration } from '../charts/bars.ts';
import { count, list, percent } from '../numbers.ts';
import { occurring, PATH_PARTS, pathsOf, type PathSplit } from '../paths.ts';
import type { Study } from '../study.ts';
import { fullNames } from './words.ts';

/** Parts that change by less of the largest change are not told. */
const SMALL = 0.15;
/** Settings of which a change is told. */
const MOST_TOLD = 3;

const largest = ({ shares }: PathSplit): number => shares.indexOf(Math.max(...shares));
const byShare = ({ shares }: PathSplit): number[] => PATH_PARTS.map((_, p) => p).sort((a, b) => shares[b] - shares[a]);

/** From the lowest to the highest, with who has them. */
function span(splits: readonly PathSplit[], p: number): string {
  const low = splits.reduce((a, b) => (b.shares[p] < a.shares[p] ? b : a)),
    high = splits.reduce((a, b) => (b.shares[p] > a.shares[p] ? b : a)),
    [from, to] = [percent(low.shares[p]), percent(high.shares[p])];
  return from === to ? to : `${from} (${low.setting.name}) to ${to} (${high.setting.short})`;
}

function lead(study: Study, splits: readonly PathSplit[]): string {
  if (splits.length === 1) {
    const [split] = splits,
      told = byShare(split).filter((p, i) => i === 0 || split.shares[p] >= 0.05);
    return `${list(told.map((p, i) => `${percent(split.shares[p])} ${i ? '' : 'of the time of a program is '}${PATH_PARTS[p].word}`))}.`;
  }
  const groups = new Map<number, PathSplit[]>();
  for (const split of splits) groups.set(largest(split), [...(groups.get(largest(split)) ?? []), split]);
  const most = [...groups].sort(([, a], [, b]) => b.length - a.length);
  return `${list(most.map(([p, of], i) => `${i ? '' : 'Of the time of a program, '}${PATH_PARTS[p].word} takes most ${of.length === splits.length ? 'in every setting' : `at ${fullNames(study, of.map((s) => s.setting))}`}: ${span(of, p)}`))}.`;
}

/** What makes the mean response longer or shorter than the baseline's. */
function change(base: PathSplit, split: PathSplit): string {
  const by = split.meanS - base.meanS,
    parts = PATH_PARTS.map((part, p) => ({ word: part.word, by: split.seconds[p] - base.seconds[p] })).sort((a, b) => Math.abs(b.by) - Math.abs(a.by)),
    told = parts.filter((part, i) => i < 3 && Math.abs(part.by) > SMALL * Math.abs(parts[0].by) && part.by !== 0);
  if (told.length === 0) return `At ${split.setting.name} every part takes as long on average as at ${base.setting.short}.`;
  return `At ${split.setting.name} a program takes ${duration(Math.abs(by))} ${by < 0 ? 'less' : 'more'} than at ${base.setting.short} (${duration(split.meanS)}, not ${duration(base.meanS)}): ${list(told.map((part) => `${part.word} ${part.by < 0 ? 'shrinks' : 'grows'} by ${duration(Math.abs(part.by))}`))}.`;
}

function changes(study: Study, splits: readonly PathSplit[]): string[] {
  const base = splits.find(({ setting }) => setting === study.baseline);
  if (base === undefined) return [];
  const others = splits.filter((split) => split !== base && split.setting.featured);
  return others.slice(0, MOST_TOLD).map((split) => change(base, split));
}

/** Tokens and programs that served nobody, where there are any. */
function losses(study: Study): string[] {
  const worst = study.settings.reduce((a, b) => ((b.cell.metrics['wasted_share']?.mean ?? 0) > (a.cell.metrics['wasted_share']?.mean ?? 0) ? b : a)),
    at = (name: string): number => worst.cell.metrics[name]?.mean ?? 0,
    wasted = at('wasted_share');
  if (wasted === 0) return [];
  const what = [...(at('attempts_lost') > 0 ? [count(Math.round(at('attempts_lost')), 'lost attempt')] : []), ...(at('programs.lost') > 0 ? [count(Math.round(at('programs.lost')), 'lost program')] : [])];
  return [`${percent(wasted)} of the tokens produced served nobody${study.settings.length > 1 ? ` at ${worst.name}, the most` : ''}${what.length ? `, with ${list(what)} a replication` : ''}.`];
}

export function pathsFinding(study: Study): string[] {
  const splits = pathsOf(study.settings);
  return [lead(study, splits), ...changes(study, splits), ...losses(study)];
}

export function pathsCaption(study: Study): string[] {
  const splits = pathsOf(study.settings),
    programs = splits.reduce((n, s) => n + s.programs, 0);
  return [
    'Mean of the shares over completed programs of several calls, ',
    `${count(programs, 'program')} in all replications, each counting alike; the parts of each add up to its response. At the right, the mean response; the table has mean times, in which long programs weigh more, and so have the sentences.`,
    'The path is the way through a program that is longest when it runs alone; where what ends last alone was withdrawn or came too late, what really decided.',
    `Parts: ${occurring(splits).map((p) => `${PATH_PARTS[p].word}, ${PATH_PARTS[p].told}`).join('; ')}.`,
  ];
}
