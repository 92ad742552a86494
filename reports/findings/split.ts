// Where the time of a call goes, in sentences: the largest part, what is waited, and what is lost to preemption.
import { count, list, percent } from '../numbers.ts';
import { PARTS, splitsOf, type Split } from '../splits.ts';
import type { Study } from '../study.ts';
import { fullNames } from './words.ts';

/** Places of parts that are waits, and of those that preemption costs. */
const WAITS = [0, 2], LOST = [5, 6];
/** Parts below it are told together. */
const SMALL = 0.01;

const share = ({ shares }: Split, parts: readonly number[]): number => parts.reduce((sum, p) => sum + shares[p], 0);
const largest = ({ shares }: Split): number => shares.indexOf(Math.max(...shares));

/** Settings whose engines do not tell where the time went, beside some that do. */
function untold(study: Study, splits: readonly Split[]): string[] {
  const without = study.settings.filter((setting) => !splits.some((s) => s.setting === setting)),
    served = without.filter((s) => s.runs.some((r) => (r.metrics['completed'] ?? 0) > 0)),
    named = without.length <= 3 ? fullNames(study, without) : `${count(without.length, 'setting')} of ${study.settings.length}`;
  if (!without.length) return [];
  return [`Not drawn: ${named}. ${served.length ? 'Slots know no front end, prefill or decode: where time goes is told of batch engines alone.' : 'Nothing was completed there.'}`];
}

/** From the lowest to the highest, with who has them. */
function span(splits: readonly Split[], parts: readonly number[]): string {
  const low = splits.reduce((a, b) => (share(b, parts) < share(a, parts) ? b : a)),
    high = splits.reduce((a, b) => (share(b, parts) > share(a, parts) ? b : a));
  const [from, to] = [percent(share(low, parts)), percent(share(high, parts))];
  return from === to ? to : `${from} (${low.setting.name}) to ${to} (${high.setting.short})`;
}

function single(split: Split): string[] {
  const order = PARTS.map((_, p) => p).sort((a, b) => split.shares[b] - split.shares[a]),
    told = order.filter((p, i) => i === 0 || split.shares[p] >= SMALL),
    rest = 1 - share(split, told);
  const [first, ...more] = told.map((p) => `${percent(split.shares[p])} ${p === told[0] ? 'of the time of a call is ' : ''}${PARTS[p].word}`);
  return [`${list([first, ...more])}${rest > 0.0005 ? `; all else is ${percent(rest)}` : ''}.`, ...lost([split])];
}

function lost(splits: readonly Split[]): string[] {
  if (splits.every((s) => share(s, LOST) === 0)) return [];
  return [`Preemption costs ${span(splits, LOST)} of it, thrown out and computed again.`];
}

export function splitFinding(study: Study): string[] {
  const splits = splitsOf(study.settings);
  if (splits.length === 1) return [...single(splits[0]), ...untold(study, splits)];
  const groups = new Map<number, Split[]>();
  for (const split of splits) groups.set(largest(split), [...(groups.get(largest(split)) ?? []), split]);
  const most = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const lead = most.map(([part, of], i) => `${i ? '' : 'Of the time of a call, '}${PARTS[part].word} takes most ${of.length === splits.length ? 'in every setting' : `at ${fullNames(study, of.map((s) => s.setting))}`}: ${span(of, [part])}`);
  return [`${list(lead)}.`, `Waiting, at the gate and in the engine, is ${span(splits, WAITS)}.`, ...lost(splits), ...untold(study, splits)];
}

export function splitCaption(study: Study): string[] {
  const splits = splitsOf(study.settings),
    calls = splits.reduce((n, s) => n + s.calls, 0);
  return [
    'Shares of all response time: ',
    `over ${count(calls, 'completed call')}, all replications of a setting together, without an interval; the parts add up to the response of every call. At the right, the mean response.`,
    ` Parts of no length are not drawn, and the table has all: ${PARTS.map(({ word, told }) => `${word}, ${told}`).join('; ')}.`,
  ];
}
