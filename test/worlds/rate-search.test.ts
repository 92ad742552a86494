// The search for a rate: it lands where a known curve meets the target, says where there is nothing to find, and tells of one full run.
import { describe, expect, it } from 'vitest';
import type { ReplicationRecord } from '../../sim/results.ts';
import type { Model, RateSearch } from '../../sim/scenario.ts';
import { searchRate } from '../../sim/worlds/rate-search.ts';

/** Plays a curve; answers what was found and which runs were full. */
async function find(curve: (rate: number) => number | null, more: Partial<RateSearch> = {}, left: (rate: number) => number = () => 0): Promise<{ record: ReplicationRecord; rates: number[]; full: number[] }> {
  const rates: number[] = [], full: number[] = [];
  const search = { low: 0.5, high: 32, steps: 6, metric: 'x', target: 2, at: (rate: number) => ({ rate }) as unknown as Model, ...more };
  const record = await searchRate(search, (model, isBare) => {
    const { rate } = model as unknown as { rate: number };
    (isBare ? rates : full).push(rate);
    return { metrics: { x: curve(rate), 'programs.open_share': left(rate) }, notes: [] } as unknown as ReplicationRecord;
  });
  return { record, rates, full };
}

describe('searchRate', () => {
  it('finds where a straight line meets the target exactly, and tells of a full run there', async () => {
    const { record, rates, full } = await find((rate) => rate / 4);
    expect(record.metrics['rate_at_target']).toBeCloseTo(8, 12);
    expect([rates.length, full]).toEqual([8, [record.metrics['rate_at_target']]]);
    expect(record.metrics['x']).toBeCloseTo(2, 12);
  });

  it('comes closer with more steps on a curve that bends', async () => {
    const errors = await Promise.all([2, 5, 9].map(async (steps) => Math.abs((await find((rate) => Math.exp(rate / 10), { steps })).record.metrics['rate_at_target']! - 10 * Math.log(2))));
    expect(errors[0]).toBeGreaterThan(errors[1]!);
    expect(errors[1]).toBeGreaterThan(errors[2]!);
    expect(errors[2]).toBeLessThan(1e-3);
  });

  it('has no value where even the lowest rate fails, and says so', async () => {
    const { record, full } = await find(() => 3);
    expect([record.metrics['rate_at_target'], full]).toEqual([null, [0.5]]);
    expect(record.notes[0]).toMatch(/lowest rate that was tried \(0.5\/s\): lower it/);
  });

  it('stops at the highest rate where that holds, and says so', async () => {
    const { record, full } = await find(() => 1);
    expect([record.metrics['rate_at_target'], full]).toEqual([32, [32]]);
    expect(record.notes[0]).toMatch(/raise it/);
  });

  it('keeps both where few may be left over: the one that is nearer to its limit counts', async () => {
    const left = (rate: number): number => rate / 40;
    expect((await find((rate) => rate / 4, { open: 0.1 }, left)).record.metrics['rate_at_target']).toBeCloseTo(4, 12);
    expect((await find((rate) => rate / 4, { open: 0.5 }, left)).record.metrics['rate_at_target']).toBeCloseTo(8, 12);
    expect((await find((rate) => rate / 4, { open: 1 }, () => 1)).record.metrics['rate_at_target']).toBeCloseTo(8, 12);
    expect((await find(() => 1, { open: 0.1 }, () => 0.5)).record.notes[0]).toMatch(/x is above 2, or more than 10 % of the programs are open at the end, at the lowest rate/);
  });

  it('takes what was not measured for a failure', async () => {
    const { record } = await find((rate) => (rate > 4 ? null : 1), { steps: 8 });
    expect(record.metrics['rate_at_target']).toBeGreaterThan(3.8);
    expect(record.metrics['rate_at_target']).toBeLessThanOrEqual(4);
  });
});
