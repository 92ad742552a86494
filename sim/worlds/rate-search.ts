// The highest rate at which a target holds, found for one replication: the same programs, closer and closer together, then one full run at the rate that was found.
import type { ReplicationRecord } from '../results.ts';
import type { Model, RateSearch } from '../scenario.ts';

/** Plays a model bare, for its metrics alone; or with all that was asked for. */
export type Play = (model: Model, isBare: boolean) => ReplicationRecord | Promise<ReplicationRecord>;

interface Tried { readonly rate: number; readonly value: number }

/** What is not measured, because nothing was completed, holds nothing. */
const holds = (value: number, target: number): boolean => value <= target;

/** Share of the programs that were open at the end. */
const openShare = ({ metrics }: ReplicationRecord): number => metrics['programs.open_share'] ?? 0;

/**
 * Halves the bracket between a rate that holds and one that does not, on a scale of logarithms, then takes the point between the last two where a
 * straight line meets the target. The record is that of a full run at this rate, with `rate_at_target` beside its metrics: null where even the lowest rate fails.
 * Where `open` limits how many programs may be left over, a rate must keep both: the one that is nearer to its limit counts.
 * `steps` + 3 runs at most. Found for each replication by itself, so that settings compare in pairs.
 */
export async function searchRate({ low, high, steps, metric, target, open = 1, at }: RateSearch, play: Play): Promise<ReplicationRecord> {
  const tried = async (rate: number): Promise<Tried> => {
    const record = await play(at(rate), true), value = record.metrics[metric] ?? Infinity;
    // In the unit of the target, so that one straight line serves both.
    return { rate, value: open < 1 ? Math.max(value, (target * openShare(record)) / open) : value };
  };
  const either = open < 1 ? `, or more than ${Math.round(open * 100)} % of the programs are open at the end,` : '', both = open < 1 ? ` and at most ${Math.round(open * 100)} % of the programs are open at the end` : '';
  const told = async (rate: number, sustained: number | null, note?: string): Promise<ReplicationRecord> => {
    const record = await play(at(rate), false);
    return { ...record, metrics: { ...record.metrics, rate_at_target: sustained }, notes: note === undefined ? record.notes : [...record.notes, note] };
  };
  let held = await tried(low);
  if (!holds(held.value, target)) return told(low, null, `${metric} is above ${target}${either} at the lowest rate that was tried (${low}/s): lower it`);
  let failed = await tried(high);
  if (holds(failed.value, target)) return told(high, high, `${metric} is at most ${target}${both} at the highest rate that was tried (${high}/s): raise it`);
  for (let step = 0; step < steps; step++) {
    const middle = await tried(Math.exp((Math.log(held.rate) + Math.log(failed.rate)) / 2));
    if (holds(middle.value, target)) held = middle;
    else failed = middle;
  }
  const share = failed.value === Infinity || failed.value === held.value ? 0 : (target - held.value) / (failed.value - held.value);
  const rate = held.rate + share * (failed.rate - held.rate);
  return told(rate, rate);
}
