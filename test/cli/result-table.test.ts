// The table and the sentences after a sweep, from summaries made by hand.
import { describe, expect, it } from 'vitest';
import type { CellSummary, Comparison, SummaryFile, Verdict } from '../../sim/results.ts';
import { cellTable, resultTable, tellingMetric } from '../../src/cli/result-table.ts';
import { resultSentences } from '../../src/cli/result-sentences.ts';

const estimate = (mean: number, half: number | null, unit = 'ratio'): CellSummary['metrics'][string] => ({ mean, low: half === null ? null : mean - half, high: half === null ? null : mean + half, n: half === null ? 1 : 20, unit, sd: null });
const cell = (alpha: number, starved: [number, number], jain: number, wait: number): CellSummary => ({
  id: `c${alpha}`, label: `alpha=${alpha}`, varied: { alpha }, params: { alpha }, replications: 20, stable: true,
  metrics: { starved: estimate(...starved, 'count'), 'jain.completed': estimate(jain, 0.0081), 'wait.p95': estimate(wait, 3.2, 's') },
});
const difference = (metric: string, id: string, mean: number, half: number, verdict: Verdict): Comparison => ({ metric, cell: id, baseline: 'c0.25', mean, low: mean - half, high: mean + half, familyLow: mean - half, familyHigh: mean + half, n: 20, method: 'paired-t', verdict });

const cells = [cell(0, [0, 0], 0.722, 282), cell(0.25, [0, 0], 0.646, 276), cell(0.5, [0.75, 0.4], 0.516, 245)];
const summary: SummaryFile = {
  schema: 'schedlab/summary@1', scenario: 'loco-fairness', cells, baseline: 'c0.25', thresholds: [], valid: true, notes: [],
  comparisons: [difference('starved', 'c0', 0, 0, 'equal'), difference('starved', 'c0.5', 0.75, 0.4, 'worse'), difference('jain.completed', 'c0', 0.075, 0.0072, 'better'), difference('jain.completed', 'c0.5', -0.13, 0.008, 'worse')],
};
const headline = ['starved', 'jain.completed', 'wait.p95'];

describe('the result table', () => {
  it('fits 80 columns, marks the baseline and says better or worse in words', () => {
    const { lines, dropped } = resultTable(summary, headline, 80);
    expect(dropped).toEqual([]);
    expect(lines.map((line) => line.trimEnd())).toEqual([
      'alpha   starved      jain.completed  wait.p95  jain.completed against 0.25',
      '                                     s',
      '0       0            0.722 ± 0.008   282 ± 3   +0.075 (0.068 to 0.082)    better',
      '0.25 ◂  0            0.646 ± 0.008   276 ± 3   baseline',
      '0.5     0.75 ± 0.40  0.516 ± 0.008   245 ± 3   −0.130 (−0.138 to −0.122)  worse',
    ]);
  });
  it('colours better and worse only when asked', () => {
    expect(resultTable(summary, headline, 80).lines.join('')).not.toContain('\u001b');
    const painted = resultTable(summary, headline, 80, (verdict, text) => `<${verdict}>${text}`).lines.join('\n');
    expect(painted).toContain('<better>better');
  });
  it('keeps the metric that the difference speaks of, and drops the others from the right', () => {
    expect(resultTable(summary, headline, 72).dropped).toEqual(['wait.p95']);
    expect(resultTable(summary, headline, 60).dropped).toEqual(['starved', 'wait.p95']);
    expect(resultTable(summary, headline, 60).lines[0]).toBe('alpha   jain.completed  jain.completed against 0.25');
  });
  it('lets the difference stand right of its metric where its long head alone is in the way', () => {
    const named = { ...summary, cells: cells.map((c, i) => ({ ...c, varied: { ...c.varied, guard: i < 2 } })) };
    const { lines, dropped } = resultTable(named, headline, 89);
    expect(dropped).toEqual([]);
    expect(lines[0]).toMatch(/^alpha +guard +starved +jain\.completed +against 0\.25, guard on +wait\.p95$/);
    expect(resultTable(named, headline, 200).lines[0]).toMatch(/wait\.p95 +jain\.completed against 0\.25/);
  });
  it('drops the difference where it has no room, and brings the metrics back', () => { expect(resultTable(summary, headline, 50).dropped).toEqual(['jain.completed against 0.25']); });
  it('shows the value of a key that only a cell beside the grid sets, and a dash where a cell does not know it', () => {
    const beside = [{ ...cells[0], params: { alpha: 0, policy: 'loco' } }, { ...cells[1], params: { alpha: 0.25, policy: 'loco' } }, { ...cells[2], varied: { policy: 'fcfs' }, params: { policy: 'fcfs' } }];
    const rows = resultTable({ ...summary, cells: beside }, headline, 120).lines.slice(-3).map((line) => line.split(/ {2,}/).slice(0, 2));
    expect(rows).toEqual([['0', 'loco'], ['0.25 ◂', 'loco'], ['–', 'fcfs']]);
  });
  it('shortens long values of a key, so that figures have room, unless two would look the same', () => {
    const called = (names: readonly string[]): string[] => resultTable({ ...summary, cells: cells.map((c, i) => ({ ...c, varied: { policy: names[i] } })) }, headline, 80).lines.slice(-3).map((line) => line.split(' ')[0]);
    expect(called(['fcfs', 'loco', './policies/experimental/shortest-remaining-program-first-of-all.ts'])[2]).toBe('shortest-remaining-program-first-of-all');
    expect(called(['fcfs', './policies/of-a-group/somewhere-else/mine.ts', 'loco'])[1]).toBe('mine');
    expect(called(['fcfs', './policies/of-a-group/somewhere-else/mine.ts', './policies/of-another-group/elsewhere/mine.ts'])[2]).toBe('./policies/of-another-group/elsewhere/mine.ts');
  });
  it('drops from the right where not even the metric fits', () => { expect(resultTable(summary, headline, 12).dropped).toEqual([...headline, 'jain.completed against 0.25']); });
  it('shows a metric that tells, though the scenario lists it last', () => {
    const wait = summary.comparisons.map((c): Comparison => ({ ...c, metric: c.metric === 'jain.completed' ? 'wait.p95' : c.metric }));
    const last = resultTable({ ...summary, comparisons: wait }, ['starved', 'jain.completed', 'starved', 'wait.p95'], 200);
    expect(last.lines[0]).toContain('wait.p95 ');
    expect(last.lines[0]).toContain('wait.p95 against 0.25');
  });
  it('shows one cell alone as a list of metrics', () => {
    expect(cellTable(cells[2], headline, 80).lines[1]).toBe('starved           0.75 ± 0.40    Agents without one completion in the window');
  });
  it('shows a metric without population as a dash', () => {
    const none = { ...cells[0], metrics: { ...cells[0].metrics, starved: estimate(0, null) } };
    expect(resultTable({ ...summary, cells: [{ ...none, metrics: { ...none.metrics, starved: { ...none.metrics.starved, mean: null } } }, ...cells.slice(1)] }, headline, 80).lines[2]).toContain('–');
  });
  it('says how many cells it leaves out', () => {
    const many = Array.from({ length: 60 }, (_, i) => ({ ...cells[0], id: `x${i}`, varied: { alpha: i } }));
    expect(resultTable({ ...summary, cells: many, comparisons: [] }, headline, 80).lines.at(-1)).toBe('… and 20 more cells: summary.csv has them all');
  });
});

describe('the sentences', () => {
  it('tell who is better, worse and not told apart', () => {
    expect(resultSentences(summary, headline)).toEqual([
      'on starved, worse than 0.25: 0.5; equal in every replication: 0',
      'on jain.completed, better than 0.25: 0; worse: 0.5',
      'largest gain on jain.completed over 0.25: 0 by 0.075 (0.068 to 0.082)',
    ]);
  });
  it('tell a grid by what its cells share', () => {
    const grid = [0, 0.25, 0.5].flatMap((alpha) => [true, false].map((guard) => ({ ...cell(alpha, [0, 0], 0.7, 1), id: `c${alpha}${guard ? 'on' : 'off'}`, varied: { alpha, guard } })));
    const to = (id: string, verdict: Verdict): Comparison => ({ ...difference('starved', id, 1, 0.1, verdict), baseline: 'c0.25on' });
    const of = (...verdicts: readonly Verdict[]): string[] => resultSentences({ ...summary, cells: grid, baseline: 'c0.25on', comparisons: ['c0on', 'c0off', 'c0.25off', 'c0.5on', 'c0.5off'].map((id, i) => to(id, verdicts[i])) }, headline);
    expect(of('equal', 'worse', 'worse', 'equal', 'worse')).toEqual(['on starved, worse than alpha 0.25 with guard on: every alpha with guard off; equal in every replication: alpha 0 and 0.5 with guard on']);
    expect(of('same', 'same', 'same', 'equal', 'same')).toEqual(['on starved, cannot be told apart from alpha 0.25 with guard on: every alpha with guard off and alpha 0 with guard on; equal in every replication: alpha 0.5 with guard on']);
  });
  it('say when nothing can be told apart', () => {
    const same = summary.comparisons.map((c) => ({ ...c, verdict: 'same' as const }));
    expect(resultSentences({ ...summary, comparisons: same }, headline)).toEqual(['0 to 0.5 cannot be told apart on starved']);
  });
  it('say when everything is equal', () => {
    const equal = summary.comparisons.map((c) => ({ ...c, verdict: 'equal' as const }));
    expect(resultSentences({ ...summary, comparisons: equal }, headline)).toEqual(['starved is equal in every replication of every cell']);
  });
  it('say of single replications only that they are equal', () => {
    const one = summary.comparisons.map((c) => ({ ...c, method: 'none' as const, verdict: 'equal' as const }));
    expect(resultSentences({ ...summary, comparisons: one }, headline)).toEqual(['starved is equal in every cell, of one replication each']);
  });
  it('say that one replication tells nothing from chance', () => {
    const one = summary.comparisons.map((c) => ({ ...c, method: 'none' as const, verdict: 'different' as const }));
    expect(resultSentences({ ...summary, comparisons: one }, headline)[0]).toContain('one replication tells no difference from chance');
  });
  it('are silent where there is nothing to compare', () => { expect(resultSentences({ ...summary, comparisons: [], baseline: null, cells: cells.slice(0, 1) }, headline)).toEqual([]); });
});

describe('the metric that carries the verdict', () => {
  const with2 = (...comparisons: Comparison[]): SummaryFile => ({ ...summary, comparisons });
  it('is the first with a direction that is not equal everywhere, however many a later one tells apart', () => {
    const first = with2(difference('starved', 'c0', 0.1, 0.4, 'same'), difference('jain.completed', 'c0', -0.1, 0.01, 'different'), difference('wait.p95', 'c0', 3, 4, 'same'));
    expect(tellingMetric(first, headline)).toBe('starved');
    const equal = with2(difference('starved', 'c0', 0, 0, 'equal'), difference('wait.p95', 'c0', 3, 4, 'same'));
    expect(tellingMetric(equal, headline)).toBe('wait.p95');
  });
  it('is one on which somebody is better who was not worse before, as in the report', () => {
    expect(tellingMetric(with2(difference('starved', 'c0', 1, 0.1, 'worse'), difference('wait.p95', 'c0', -3, 1, 'better')), headline)).toBe('starved');
    expect(tellingMetric(with2(difference('starved', 'c0', 0, 1, 'same'), difference('wait.p95', 'c0', -3, 1, 'better')), headline)).toBe('wait.p95');
  });
});
