// Does a setting matter at all: the decisions of one cell against those of another, and where none differs, why.
import { BALANCERS } from '../../src/balancers/registry.ts';
import type { ParamValue } from '../../src/options.ts';
import { engineParams } from '../engines.ts';
import { differenceOf } from '../measure/trail-code.ts';
import type { DecisionCause, DecisionContrast, DecisionCounts, ReplicationRecord } from '../results.ts';
import type { TrailBook } from './trails.ts';

/** One cell's replications with their trails. */
export interface Decided { readonly id: string; readonly params: Readonly<Record<string, ParamValue>>; readonly records: readonly ReplicationRecord[]; readonly trails: TrailBook }

interface Pair { readonly a: ReplicationRecord & { readonly decisions: DecisionCounts }; readonly b: ReplicationRecord & { readonly decisions: DecisionCounts } }

const hasDecisions = (record: ReplicationRecord): record is Pair['a'] => record.decisions !== undefined;

/**
 * Compares the k-th decision of a replication with the k-th of the baseline's replication of the same seed: another call, another engine, or a
 * decision that one of the two did not make counts as one that differs. Once two runs have parted they stay apart where one of them inserts a
 * decision, so a count is how much differs in all, not how often a rule disagreed. Undefined where no pair of replications has the same seed
 * and decisions that were kept. O(decisions).
 */
export function contrastDecisions(cell: Decided, baseline: Decided): DecisionContrast | undefined {
  const other = new Map(baseline.records.filter(hasDecisions).map((record) => [record.replication, record]));
  const pairs: Pair[] = cell.records.filter(hasDecisions).flatMap((a) => { const b = other.get(a.replication); return b !== undefined && b.seed === a.seed ? [{ a, b }] : []; });
  let equalPairs = 0, samePairs = 0, compared = 0, differ = 0, isCut = false, used = 0;
  let first: DecisionContrast['first'] = null;
  for (const { a, b } of pairs) {
    const isEqual = a.decisions.digest === b.decisions.digest;
    const one = cell.trails.get(a), two = isEqual ? one : baseline.trails.get(b);
    if (one === undefined || two === undefined) continue;
    used++;
    if (isEqual) equalPairs++;
    if (a.orderDigest === b.orderDigest) samePairs++;
    if (one.program.length < a.decisions.count || two.program.length < b.decisions.count) isCut = true;
    const found = isEqual ? { compared: one.program.length, differ: 0, first: -1 } : differenceOf(one, two);
    compared += found.compared;
    differ += found.differ;
    if (found.first >= 0 && (first === null || found.first < first.decision)) first = { replication: a.replication, decision: found.first };
  }
  if (used === 0) return undefined;
  // One cell twice is the same run twice, and needs no reason.
  const alike = samePairs === used && cell.id !== baseline.id ? whyAlike(pairs, cell.params, baseline.params) : null;
  return { cell: cell.id, baseline: baseline.id, pairs: used, equalPairs, samePairs, compared, differ, isCut, first, alike };
}

/** Sums over the runs of one side. */
function sums(all: readonly DecisionCounts[]): { decisions: number; alone: number; lone: number | null; even: number; guarded: number } {
  const known = all.every(({ tally }) => tally !== undefined), add = (pick: (one: DecisionCounts) => number): number => all.reduce((n, one) => n + pick(one), 0);
  return { decisions: add((one) => one.count), alone: add((one) => one.alone), lone: known ? add((one) => one.tally!.lone) : null, even: add((one) => one.tally?.even ?? 0), guarded: add((one) => one.tally?.guarded ?? 0) };
}

/** The runs went alike to the microsecond: what one side knows of its choices holds for both. */
function whyAlike(pairs: readonly Pair[], a: Decided['params'], b: Decided['params']): NonNullable<DecisionContrast['alike']> {
  const sides = [sums(pairs.map((pair) => pair.a.decisions)), sums(pairs.map((pair) => pair.b.decisions))], [{ decisions, alone }] = sides;
  const telling = sides.filter(({ lone }) => lone !== null), choicesOf = ({ lone, even }: (typeof sides)[number]): number => decisions - lone! - even;
  const choices = telling.length === 0 ? null : Math.min(...telling.map(choicesOf)), guarded = Math.min(...sides.map((side) => side.guarded));
  const result = (causes: readonly DecisionCause[]): NonNullable<DecisionContrast['alike']> => ({ causes, decisions, choices, guarded });
  if (differing(a, b).some((key) => ENGINE_KEYS.has(key))) return result([]);
  if (decisions === 0) return result(['none']);
  const { who, where } = concerned(a, b);
  const where_: DecisionCause | undefined = pairs.every((pair) => pair.a.decisions.engines === 1) ? 'one-engine' : pairs.every((pair) => pair.a.decisions.picks === 0) ? 'one-free' : undefined;
  const who_: DecisionCause | undefined = alone === decisions ? 'one-call' : telling.some(({ lone }) => lone === decisions) ? 'one-agent' : choices === 0 ? 'scores' : choices !== null && guarded >= choices ? 'guard' : undefined;
  const needed = [...(who ? [who_] : []), ...(where ? [where_] : [])], found = needed.filter((cause) => cause !== undefined);
  if (found.length === needed.length) return result(found);
  return result(who && guarded > 0 ? ['guard-part'] : ['order']);
}

/** Parameters of the engines themselves: why they make no difference is not to be found in who waited in front of them. */
const ENGINE_KEYS: ReadonlySet<string> = new Set([...Object.keys(engineParams), 'engines', 'servers', 'slots', 'discipline']);

const differing = (a: Decided['params'], b: Decided['params']): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key]);

/** Whether two settings differ in who goes next, in where, or in both. What is neither the balancer's nor its parameters' is about who. */
function concerned(a: Decided['params'], b: Decided['params']): { readonly who: boolean; readonly where: boolean } {
  const keys = differing(a, b);
  const own = (params: Decided['params']): string[] => { const name = String(params['balancer']); return Object.hasOwn(BALANCERS, name) ? Object.keys(BALANCERS[name].params) : []; };
  const routing = new Set(['balancer', ...own(a), ...own(b)]), where = keys.some((key) => routing.has(key));
  return { where, who: !where || keys.some((key) => !routing.has(key)) };
}
