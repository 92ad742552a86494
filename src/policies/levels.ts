// Levels of service: where each begins and how much a call may be served in it. Lists as text, or doubling from a base.
import { SchedlabError } from '../errors.ts';
import type { ParamSpec, ParamValues } from '../options.ts';

export const MOST_LEVELS = 64;

/** bounds[i]: service from which on a call enters level i, the first 0. quanta[i]: service in level i after which a call goes to the next; the last is Infinity. */
export interface Levels { readonly bounds: Float64Array; readonly quanta: Float64Array }

/** Params that bounds and quanta are made from; a policy takes those that it needs. */
export const levelParams = {
  levels: { kind: 'number', default: 8, min: 1, max: MOST_LEVELS, integer: true, help: 'number of levels; a list of bounds or quanta says it as well' },
  bounds: { kind: 'text', default: 'doubling', suggest: ['doubling', '0/2/3'], help: 'service from which on each level begins: doubling is 0, base, 2·base, 4·base, …; or a list, as in 0/2/3, which sets the levels, too', check: (text) => wrongList(text, 0) },
  quanta: { kind: 'text', default: 'doubling', suggest: ['doubling', '2/1/inf'], help: 'service in each level after which a call goes to the next: doubling from the first quantum; or a list, as in 2/1/inf, whose last may be left away', check: (text) => wrongList(text, Number.MIN_VALUE) },
} as const satisfies Readonly<Record<string, ParamSpec>>;

const NUMBER = /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const valueOf = (word: string): number => (word === 'inf' ? Infinity : NUMBER.test(word) ? Number(word) : NaN);

/** Numbers with slashes or commas between them. */
const listOf = (text: string): number[] => text.split(/[/,]/).map(valueOf);

function wrongList(text: string, least: number): string | undefined {
  if (text === 'doubling') return undefined;
  const list = listOf(text), wrong = list.findIndex((value) => !(value >= least));
  if (wrong >= 0) return `accepts doubling, or numbers ${least === 0 ? 'from 0' : 'above 0'} with slashes between them, as in ${least === 0 ? '0/2/3' : '2/1/inf'}`;
  return list.length > MOST_LEVELS ? `accepts ${MOST_LEVELS} numbers at most` : undefined;
}

/** `base·2^i`, for a policy whose lists are `doubling`. */
export interface Doubling { readonly bound: number; readonly quantum: number }

/**
 * @throws ERR_OPTION_RANGE for bounds that do not begin at 0 or do not rise, and for an infinite quantum before the last; ERR_OPTION_CONFLICT where the numbers of levels differ
 */
export function levelsOf(options: ParamValues, base: Doubling, where: string): Levels {
  const boundList = options['bounds'] as string, quantumList = options['quanta'] as string, asked = options['levels'] as number;
  const given = boundList === 'doubling' ? undefined : listOf(boundList), quanta = quantumList === 'doubling' ? undefined : listOf(quantumList);
  const count = given?.length ?? quanta?.length ?? asked;
  if (asked !== levelParams.levels.default && asked !== count) throw new SchedlabError('ERR_OPTION_CONFLICT', `levels=${asked} of ${where} and its lists do not agree: they make ${count}. Leave levels away.`, { key: 'levels' });
  if (quanta && quanta.length !== count && quanta.length !== count - 1) throw new SchedlabError('ERR_OPTION_CONFLICT', `quanta=${quantumList} of ${where} has ${quanta.length} numbers for ${count} levels. Give one a level; the last may be left away.`, { key: 'quanta' });
  const bounds = Float64Array.from({ length: count }, (_, i) => given?.[i] ?? (i === 0 ? 0 : base.bound * doubled(i - 1)));
  if (bounds[0] !== 0) throw new SchedlabError('ERR_OPTION_RANGE', `bounds=${boundList} of ${where} begins at ${bounds[0]}: the first level begins at 0. Write 0/${boundList}.`, { key: 'bounds' });
  for (let i = 1; i < count; i++) if (!(bounds[i] > bounds[i - 1]) || bounds[i] === Infinity) throw new SchedlabError('ERR_OPTION_RANGE', `bounds=${boundList} of ${where} does not rise: ${bounds[i]} after ${bounds[i - 1]}. Each level begins above the one before, and none at inf.`, { key: 'bounds' });
  for (let i = 0; i < count - 1; i++) if (quanta?.[i] === Infinity) throw new SchedlabError('ERR_OPTION_RANGE', `quanta=${quantumList} of ${where} has inf before its last number, so that no call leaves level ${i}. Only the last may be inf.`, { key: 'quanta' });
  return { bounds, quanta: Float64Array.from({ length: count }, (_, i) => (i === count - 1 ? Infinity : quanta?.[i] ?? base.quantum * doubled(i))) };
}

/** 2^i, below 2^64. */
function doubled(i: number): number { let value = 1; for (let k = 0; k < i; k++) value *= 2; return value; }

/** The level whose range holds this service. O(log levels). */
export function levelOf(bounds: Float64Array, service: number): number {
  let low = 0;
  for (let high = bounds.length - 1; low < high;) { const mid = (low + high + 1) >> 1; if (bounds[mid] <= service) low = mid; else high = mid - 1; }
  return low;
}
