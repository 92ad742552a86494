// From records to the summary: intervals, comparisons with the baseline, stability, notes, thresholds.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verdictOf } from '../../sim/experiment/contrast.ts';
import { byDictionary, isStable, summarise } from '../../sim/experiment/summarise.ts';
import { parseThreshold } from '../../sim/experiment/threshold.ts';
import type { SummariseInput } from '../../sim/experiment/types.ts';
import type { ReplicationRecord } from '../../sim/results.ts';

const CELLS = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'];
const input = (more: Partial<SummariseInput> = {}): SummariseInput => ({
  scenario: { name: 'fake' }, cells: CELLS.map((id, i) => ({ id, label: `alpha=${i}`, varied: { alpha: i }, params: { alpha: i } })),
  baseline: 0, headline: ['wait.mean', 'throughput.calls', 'arrived'], thresholds: [], study: 'terminating', traced: false, ...more,
});
const record = (cell: string, replication: number, metrics: Record<string, number | null>, more: Partial<ReplicationRecord> = {}): ReplicationRecord => ({
  cell, replication, seed: `1/${replication}`, params: {}, metrics, orderDigest: '', resultDigest: '', events: 1, checks: {}, notes: [], detail: { agents: [], agentsTotal: 0, waitCurves: {} }, draws: {}, ...more,
});
/** Ten replications of three cells: the noise is shared, the shifts are not. */
const records = (shift: readonly [number, number, number], more: Record<string, number | null> = {}) =>
  CELLS.flatMap((cell, c) => Array.from({ length: 10 }, (_, k) => record(cell, k, { 'wait.mean': 50 + 40 * Math.sin(k) + shift[c] * (1 + 0.01 * (k % 3)), 'throughput.calls': 3 + shift[c] / 10 + (k % 2) / 1000, arrived: 100 + shift[c] * (k % 2 ? 1 : 1.1), ...more })));

test('common random numbers tell cells apart that their own intervals cannot', () => {
  const summary = summarise(input(), records([0, -1, 1]));
  const [worse, better] = [summary.cells[1].metrics['wait.mean'], summary.cells[0].metrics['wait.mean']];
  expect(worse.low!).toBeLessThan(better.high!);
  expect(summary.comparisons.filter((c) => c.metric === 'wait.mean').map((c) => [c.cell, c.verdict, c.method, c.n])).toEqual([[CELLS[1], 'better', 'paired-t', 10], [CELLS[2], 'worse', 'paired-t', 10]]);
});

test('better follows the direction of the metric, and what has none is different', () => {
  const { comparisons } = summarise(input(), records([0, 1, -1]));
  const verdict = (metric: string) => comparisons.filter((c) => c.metric === metric).map((c) => c.verdict);
  expect(verdict('wait.mean')).toEqual(['worse', 'better']);
  expect(verdict('throughput.calls')).toEqual(['better', 'worse']);
  expect(verdict('arrived')).toEqual(['different', 'different']);
});

test('the family interval is wider than the single one and decides', () => {
  const { comparisons } = summarise(input(), records([0, 1, -1]));
  for (const c of comparisons) {
    expect(c.familyLow!).toBeLessThanOrEqual(c.low!);
    expect(c.familyHigh!).toBeGreaterThanOrEqual(c.high!);
  }
});

test('the same number in every replication is equal, not merely the same', () => {
  const { comparisons, baseline } = summarise(input(), records([0, 0, 0]));
  expect(new Set(comparisons.map((c) => c.verdict))).toEqual(new Set(['equal']));
  expect(baseline).toBe(CELLS[0]);
});

test('verdicts need an interval that leaves zero out', () => {
  expect(verdictOf(false, -1, 1, 'lower')).toBe('same');
  expect(verdictOf(false, 0, 1, 'lower')).toBe('same');
  expect(verdictOf(false, null, null, 'lower')).toBe('same');
  expect(verdictOf(false, 0.1, 1, 'lower')).toBe('worse');
  expect(verdictOf(false, 0.1, 1, 'neither')).toBe('different');
  expect(verdictOf(true, 0.1, 1, 'lower')).toBe('equal');
});

test('one replication has differences without intervals, and that is said', () => {
  const summary = summarise(input(), records([0, 5, -5]).filter((r) => r.replication === 0));
  expect(summary.cells[0].metrics['wait.mean']).toMatchObject({ mean: 50, low: null, high: null, sd: null, n: 1, unit: 's' });
  expect(summary.comparisons[0]).toMatchObject({ mean: 5, low: null, familyLow: null, method: 'none', verdict: 'same' });
  expect(summary.notes).toContain('one replication: no interval can be given; ask for more with --reps');
});

test('one trace is paired by windows of its calls', () => {
  const batches = (shift: number) => ({ wait: Array.from({ length: 24 }, (_, i) => (i === 7 ? null : 100 * Math.abs(Math.sin(i * 7)) + shift + 0.1 * ((i * 37) % 11))) });
  const traced = CELLS.map((cell, c) => record(cell, 0, { 'wait.mean': 60 + c }, { detail: { agents: [], agentsTotal: 0, waitCurves: {}, batches: c === 2 ? batches(0) : batches(c) } }));
  const { comparisons, notes } = summarise(input({ traced: true, headline: ['wait.mean'] }), traced);
  expect(comparisons[0]).toMatchObject({ method: 'batch-means', n: 23, verdict: 'worse' });
  expect(comparisons[0].mean).toBeCloseTo(1, 9);
  expect(comparisons[1]).toMatchObject({ mean: 0, verdict: 'same' });
  expect(notes).not.toContain('one replication: no interval can be given; ask for more with --reps');
});

test('percentiles of one trace are paired by parts of it, and where that is not possible the reason is told', () => {
  const of = (c: number) => ({ detail: { agents: [], agentsTotal: 0, waitCurves: {}, batches: {}, batchCalls: [2500, 1700], sections: { 'wait.p95': [5, 6, 7, 5, 6, 7, 5, 6, 7, 6].map((v, i) => v + c * (1 + 0.1 * (i % 3))) } } });
  const traced = CELLS.map((cell, c) => record(cell, 0, { 'wait.p95': 6 + c, 'wait.p99': 9 + c, 'slowdown.p95': 2 + c, starved: c }, of(c)));
  const { comparisons, notes } = summarise(input({ traced: true, headline: ['wait.p95', 'wait.p99', 'slowdown.p95', 'starved'] }), traced);
  const p95 = comparisons.filter((c) => c.metric === 'wait.p95');
  expect(p95[0]).toMatchObject({ method: 'sectioning', n: 10, mean: 1, verdict: 'worse' });
  expect(p95[0].familyLow).toBeLessThan(p95[0].low!);
  expect(comparisons.find((c) => c.metric === 'wait.p99')).toMatchObject({ method: 'none', low: null });
  expect(notes).toContain('wait.p99 of one trace carries no interval: that needs 10000 calls, and the trace has 4200');
  expect(notes).toContain('one trace gives one value of slowdown.p95, starved, and no interval');
  const brief = summarise(input({ traced: true, headline: ['wait.mean', 'response.mean'] }), CELLS.map((cell, c) => record(cell, 0, { 'wait.mean': c, 'response.mean': c }, { detail: { agents: [], agentsTotal: 0, waitCurves: {}, batches: { 'wait.mean': [1, c, 2] }, batchCalls: [1, 1, 1] } })));
  expect(brief.notes).toContain('wait.mean, response.mean of one trace carry no interval: fewer than 8 windows of the trace hold a call');
});

test('windows that are alike to their neighbours are warned of', () => {
  const drift = (c: number) => ({ wait: Array.from({ length: 24 }, (_, i) => 10 + c * i) });
  const traced = CELLS.map((cell, c) => record(cell, 0, { 'wait.mean': c }, { detail: { agents: [], agentsTotal: 0, waitCurves: {}, batches: drift(c) } }));
  expect(summarise(input({ traced: true, headline: ['wait.mean'] }), traced).notes.join()).toMatch(/correlated \(up to 0\.8\d\): their intervals are too narrow/);
});

test('several replications of one trace are warned of', () => {
  expect(summarise(input({ traced: true }), records([0, 1, 2])).notes.join()).toMatch(/replay the same trace/);
});

test('a queue is called growing where its growth is shown and matters', () => {
  const interval = (mean: number, low: number | null) => ({ mean, low, high: mean, sd: 0, n: 2 });
  expect(isStable(interval(0.5, 0.1))).toBe(false);
  expect(isStable(interval(0.5, -0.1))).toBe(true);
  expect(isStable(interval(0.2, 0.1))).toBe(true);
  expect(isStable(interval(0.9, null))).toBe(true);
  expect(isStable(interval(1.1, null))).toBe(false);
  expect(isStable(undefined)).toBe(true);
});

test('a growing queue makes a steady study invalid and a terminating one only notable', () => {
  const growing = records([0, 1, 2], { 'queue.growth': 0.6 });
  expect(summarise(input({ study: 'steady' }), growing)).toMatchObject({ valid: false });
  const terminating = summarise(input(), growing);
  expect(terminating.valid).toBe(true);
  expect(terminating.notes[0]).toBe('unstable: the queue grows; the figures hold for this window only');
  expect(terminating.cells.every((c) => !c.stable)).toBe(true);
});

test('unfinished programs are said with their share, where programs are more than calls', () => {
  const open = (begun: number): string[] => [...summarise(input(), CELLS.map((cell) => [0, 1].map((k) => record(cell, k, { 'wait.mean': 1, arrived: 100, unfinished: 1, 'programs.begun': begun, 'programs.unfinished': 10 }))).flat()).notes];
  expect(open(40)[0]).toBe('25 % of the programs are unfinished at the end: program_time, slowdown and token_latency are of those that completed, and flatter whoever parks the long ones; read program_time_all beside them, a lower bound');
  expect(open(100).join(' ')).not.toContain('of the programs');
});

test('unfinished calls are said with their share', () => {
  const unfinished = CELLS.map((cell, c) => [0, 1].map((k) => record(cell, k, { 'wait.mean': 1, arrived: 100, unfinished: 20 + 20 * c }))).flat();
  expect(summarise(input(), unfinished).notes[0]).toBe('20 % (alpha=0) to 60 % (alpha=2) of the calls are unfinished at the end: the wait of served calls flatters whoever serves the fewest; read wait_all beside it');
});

test('a cell without a replication makes the summary invalid and says which', () => {
  const summary = summarise(input(), records([0, 1, 2]).filter((r) => r.cell !== CELLS[1]));
  expect(summary.valid).toBe(false);
  expect(summary.notes[0]).toBe('no replication has finished of alpha=1');
  expect(summary.comparisons[0]).toMatchObject({ mean: null, n: 0, method: 'none', verdict: 'same' });
});

test('thresholds are judged on the mean or on the far end of the interval, and never pass for want of evidence', () => {
  const judge = (text: string) => summarise(input({ thresholds: [parseThreshold(text)] }), records([0, 1, 2])).thresholds.map((t) => t.held);
  expect(judge('throughput.calls < 3.15')).toEqual([true, true, false]);
  expect(judge('upper(wait.mean) < 60')).toEqual([false, false, false]);
  expect(judge('wait.mean < 1min')).toEqual([true, true, true]);
  expect(judge('ttft.p95 < 500ms')).toEqual([false, false, false]);
  expect(parseThreshold('served_share>=95%')).toMatchObject({ metric: 'served_share', operator: '>=', value: 0.95, bound: 'mean' });
  expect(parseThreshold('lower(wait.p95[class=quiet]) > 2 ms')).toMatchObject({ metric: 'wait.p95[class=quiet]', value: 0.002, bound: 'lower' });
  expect(parseThreshold('wait.p95[class=quiet] < 3').metric).toBe('wait.p95[class=quiet]');
  expect(() => parseThreshold('wait.p95 about 3')).toThrow(/Write METRIC < VALUE/);
  expect(() => parseThreshold('wiat.p95 < 3')).toThrow(/unknown metric "wiat.p95".*Did you mean "wait.p95"/);
});

test('metrics stand in the order of the dictionary, classes after the whole, strangers last', () => {
  expect(['zzz', 'wait.p95', 'wait.mean[class=quiet]', 'wait.mean', 'arrived'].sort(byDictionary)).toEqual(['arrived', 'wait.mean', 'wait.mean[class=quiet]', 'wait.p95', 'zzz']);
});

test('the order in which records come changes nothing', () => {
  const all = records([0, 1, -3], { 'ttft.mean': null });
  const once = JSON.stringify(summarise(input(), all));
  fc.assert(fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => { expect(JSON.stringify(summarise(input(), shuffled))).toBe(once); }), { numRuns: 20, seed: 5 });
});

test('cells with other work than the baseline are neither better nor worse, and the note says how to ask', () => {
  const cells = CELLS.map((id, i) => ({ id, label: id, varied: { programs: i < 2 ? 'chat' : 'mcts', policy: i % 2 ? 'vtc' : 'fcfs' }, params: { programs: i < 2 ? 'chat' : 'mcts', policy: i % 2 ? 'vtc' : 'fcfs' } }));
  const summary = summarise(input({ cells }), records([0, -1, 1]));
  expect(summary.comparisons.filter((c) => c.metric === 'wait.mean').map((c) => c.verdict)).toEqual(['better', 'different']);
  expect(summary.notes).toContain('cells with other programs than the baseline have other work to do: a difference from it is called neither better nor worse; to compare policy there, sweep one value of programs at a time');
});
