// Which programs are drawn one by one, the same ones under two settings; and on which lanes their nodes lie.
import type { ProgramPicture, ProgramPictures } from '../sim/results.ts';
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';

export interface Side { readonly setting: Setting; readonly program: ProgramPicture }
export interface Chosen {
  /** `the median`, `the largest gain`: what it was chosen for; several where it is all of that. */
  readonly why: readonly string[];
  /** The baseline first, where there are two. */
  readonly sides: readonly Side[];
}
export interface Choice {
  readonly base: Setting;
  readonly other: Setting | undefined;
  readonly parts: readonly string[];
  /** Programs that were kept in both, and those that completed in each. */
  readonly kept: number;
  readonly completed: readonly number[];
  /** One in so many programs was kept. */
  readonly every: number;
  readonly chosen: readonly Chosen[];
}

const picturesOf = (setting: Setting): ProgramPictures | undefined => setting.runs.find((run) => run.detail.programs)?.detail.programs;

/** The baseline beside what was chosen against it, else the first coloured setting that has pictures. */
function pairOf(study: Study): readonly Setting[] {
  const drawn = study.featured.filter((s) => picturesOf(s) !== undefined),
    base = drawn.find((s) => s === study.baseline) ?? drawn[0],
    others = drawn.filter((s) => s !== base),
    other = others.find((s) => s === study.decision.chosen) ?? others[0];
  return [base, other].filter((s) => s !== undefined);
}

/** Median and 95th percentile by response under the baseline, largest gain and largest loss against it; in a single setting median, 95th percentile and the longest. */
export function choose(study: Study): Choice | undefined {
  const [base, other] = pairOf(study),
    first = base && picturesOf(base),
    second = other && picturesOf(other);
  if (base === undefined || first === undefined) return undefined;
  const theirs = new Map(second?.programs.map((p) => [p.program, p])),
    all = first.programs.flatMap((mine): Side[][] => {
      const its = theirs.get(mine.program);
      return other === undefined ? [[{ setting: base, program: mine }]] : its ? [[{ setting: base, program: mine }, { setting: other, program: its }]] : [];
    });
  if (all.length === 0) return undefined;
  const length = (sides: readonly Side[]): number => sides[0].program.responseS,
    gain = (sides: readonly Side[]): number => (sides.length < 2 ? 0 : sides[0].program.responseS - sides[1].program.responseS),
    order = [...all].sort((a, b) => length(a) - length(b) || a[0].program.program - b[0].program.program),
    most = (of: (sides: readonly Side[]) => number): Side[] => all.reduce((a, b) => (of(b) > of(a) ? b : a));
  const wanted: (readonly [string, readonly Side[] | undefined])[] = [
    ['the median', order[(order.length - 1) >> 1]],
    ['the 95th percentile', order[Math.ceil(0.95 * order.length) - 1]],
    ...(other === undefined ? [['the longest', order[order.length - 1]] as const] : [['the largest gain', gain(most(gain)) > 0 ? most(gain) : undefined] as const, ['the largest loss', gain(most((s) => -gain(s))) < 0 ? most((s) => -gain(s)) : undefined] as const]),
  ];
  const chosen: { why: string[]; sides: readonly Side[] }[] = [];
  for (const [why, sides] of wanted) {
    if (sides === undefined) continue;
    const same = chosen.find((one) => one.sides[0].program.program === sides[0].program.program);
    if (same) same.why.push(why);
    else chosen.push({ why: [why], sides });
  }
  return { base, other, parts: first.parts, kept: all.length, completed: [first.completed, ...(second ? [second.completed] : [])], every: Math.max(first.every, second?.every ?? 1), chosen };
}

/**
 * A lane for each node: whoever goes on after a branch stays on its lane, and a new branch takes one whose last node it waits for. The path has the first.
 * The same for a program under every setting, because it depends on what waits for what alone. O(nodes²).
 */
export function lanesOf({ nodes, path }: ProgramPicture): readonly number[] {
  const above = nodes.map(() => new Set<number>()),
    last: number[] = [],
    lanes = nodes.map(() => -1),
    isPath = new Set(path);
  nodes.forEach(([, , , parents], i) => {
    for (const parent of parents) {
      above[i].add(parent);
      for (const one of above[parent]) above[i].add(one);
    }
  });
  last.push(-1);
  nodes.forEach(([, , , parents], i) => {
    const isFree = (lane: number): boolean => lane !== 0 && above[i].has(last[lane]),
      mine = isPath.has(i) ? 0 : (parents.map((p) => lanes[p]).find((lane) => isFree(lane) && parents.includes(last[lane])) ?? last.findIndex((_, lane) => isFree(lane)));
    const lane = mine < 0 ? last.length : mine;
    last[lane] = i;
    lanes[i] = lane;
  });
  return lanes;
}

/** µs of each part along the path, the wait for what stands beside it included. */
export function pathUs({ path, nodes, responseS }: ProgramPicture, parts: readonly string[]): number[] {
  const us = parts.map(() => 0);
  for (const node of path) for (let i = 0, spans = nodes[node][4]; i < spans.length; i += 2) us[spans[i]] += spans[i + 1];
  const siblings = parts.indexOf('siblings');
  if (siblings >= 0) us[siblings] = Math.max(0, Math.round(responseS * 1e6) - us.reduce((a, b) => a + b, 0));
  return us;
}
