// The answer and the strip: the wording of every branch.
import { describe, expect, it } from 'vitest';
import { answer } from '../../reports/findings/answer.ts';
import { facts } from '../../reports/findings/facts.ts';
import type { Study } from '../../reports/study.ts';
import { craft, said } from './craft.ts';

const ALPHAS = [{ alpha: 0.25 }, { alpha: 0 }, { alpha: 0.5 }, { alpha: 1 }];
const full = (study: Study): string => { const a = answer(study); return said([a.lead, ...a.rest]); };
const fact = (study: Study, label: string): string => { const f = facts(study).find((x) => x.label === label); return f ? said([`${f.value}: ${f.detail.map((p) => (typeof p === 'string' ? p : p.verdict)).join('')}`]) : 'none'; };

const better = (): Study => craft({
  cells: ALPHAS, metrics: { starved: [0, 0, [0.75, 0.4], [3.4, 0.67]], 'jain.completed': [[0.646, 0.008], [0.722, 0.008], [0.516, 0.005], [0.494, 0.003]], 'wait.p95': [[276, 3], [282, 3], [245, 3], [240, 5]], 'wait_all.mean': [[149, 2], [149, 2], [149, 2], [149, 2]], served_share: [0.4, 0.4, 0.4, 0.4] },
  verdicts: { starved: [['equal', 0], ['worse', 0.75, 0.13, 1.37], ['worse', 3.4, 2.36, 4.44]], 'jain.completed': [['better', 0.0754, 0.068, 0.083], ['worse', -0.13, -0.138, -0.122], ['worse', -0.152, -0.163, -0.141]], 'wait.p95': [['worse', 6.2, 4.2, 8.2], ['better', -31, -34, -28], ['better', -36, -42, -30]] },
  stable: [false, false, false, false],
});

describe('the answer', () => {
  it('names the better setting, what is level, what it costs, what is worse, and what cannot change', () => expect(full(better())).toBe(
    'Alpha 0.25 and 0 leave no agent without a completion; 0 is better than 0.25 on Jain index of completions, by 0.075 (0.068 to 0.083). The price of 0: worse on p95 wait of served calls, by 6.2 s (4.2 to 8.2); served calls alone flatter whoever leaves the others unserved. Alpha 0.5 and 1 are worse on starved agents, most of all 1, by 3.4 (2.4 to 4.4). No setting makes the queue shorter: a call waits 149 ± 2 s on average in every one.'));
  it('says at once which of two policies is better', () => expect(full(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], metrics: { 'wait.p95': [10, 9] }, verdicts: { 'wait.p95': [['better', -1, -1.2, -0.8]] } }))).toBe('loco is better than fcfs on p95 wait of served calls, by 1.0 s (0.8 to 1.2).'));
  it('warns where the metric that decides is one of served calls alone', () => expect(full(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], metrics: { 'wait.p95': [10, 9], served_share: [0.5, 0.4] }, verdicts: { 'wait.p95': [['better', -1, -1.2, -0.8]] } }))).toContain('of served calls alone'));
  it('says that a policy is worse', () => expect(full(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], metrics: { 'wait.p95': [9, 10] }, verdicts: { 'wait.p95': [['worse', 1, 0.8, 1.2]] } }))).toBe('loco is worse than fcfs. loco is worse on p95 wait of served calls, by 1.0 s (0.8 to 1.2).'));
  it('keeps the baseline where nothing is better', () => expect(full(craft({ cells: ALPHAS, metrics: { starved: [0, 0, 1, 2] }, verdicts: { starved: [['same', 0, -0.1, 0.1], ['worse', 1, 0.5, 1.5], ['worse', 2, 1, 3]] } }))).toBe('No setting is better than alpha 0.25. Alpha 0.5 and 1 are worse on starved agents, most of all 1, by 2.0 (1.0 to 3.0). Alpha 0.25 and 0 cannot be told apart on starved agents.'));
  it('says that none can be told apart', () => expect(full(craft({ cells: ALPHAS, metrics: { starved: [1, 1.1, 0.9, 1] }, verdicts: { starved: [['same', 0.1, -0.2, 0.4], ['same', -0.1, -0.4, 0.2], ['equal', 0]] } }))).toBe('None of the settings can be told apart from alpha 0.25. On starved agents every interval of a difference holds zero; more replications would narrow them.'));
  it('says of what is equal in every pair that it is equal, and speaks of narrower intervals for the rest alone', () => expect(full(craft({ cells: ALPHAS, metrics: { starved: [1, 1, 1, 1], 'jain.completed': [0.5, 0.51, 0.5, 0.5], 'wait.p95': [10, 11, 10, 10] }, verdicts: { starved: [['equal', 0], ['equal', 0], ['equal', 0]], 'jain.completed': [['same', 0.01, -0.1, 0.12], ['equal', 0], ['equal', 0]], 'wait.p95': [['same', 1, -1, 3], ['equal', 0], ['same', 0, -1, 1]] } }))).toBe('None of the settings can be told apart from alpha 0.25. On Jain index of completions and p95 wait of served calls every interval of a difference holds zero; more replications would narrow them. Starved agents: equal in every replication.'));
  it('says that two cannot be told apart, on one trace', () => expect(full(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], n: 1, method: 'batch-means', metrics: { 'wait.mean': [10, 10.1] }, verdicts: { 'wait.mean': [['same', 0.1, -0.2, 0.4]] } }))).toBe('fcfs and loco cannot be told apart. On mean wait of served calls every interval of a difference holds zero; a longer trace would narrow them.'));
  it('says that all results are equal', () => expect(full(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], metrics: { starved: [0, 0] }, verdicts: { starved: [['equal', 0]] } }))).toBe('Both settings give the same results. Starved agents: equal in every replication; there is nothing to choose.'));
  it('does not judge single runs', () => expect(full(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], n: 1, method: 'none', metrics: { starved: [0, 2] }, verdicts: { starved: [['same', 2]] } }))).toBe('One run of each setting carries no interval, so no difference can be judged. Starved agents: lowest at fcfs, 0; highest at loco, 2. Ask for replications with --reps.'));
  it('reports one run without comparing', () => expect(full(craft({ cells: [{}], n: 1, metrics: { starved: [2], 'jain.completed': [0.65] } }))).toBe('One run: starved agents 2 and Jain index of completions 0.650. One setting is compared with nothing, and one run carries no interval: sweep a key to compare, ask for replications with --reps.'));
  it('reports replications of one setting', () => expect(full(craft({ cells: [{}], metrics: { 'jain.completed': [[0.65, 0.01]] } }))).toBe('Over 20 replications: Jain index of completions 0.650 ± 0.010. One setting is compared with nothing: sweep a key to choose.'));
  it('says so where no headline metric has a value', () => expect(full(craft({ cells: [{}], metrics: { 'ttft.mean': [null] } }))).toBe('The run has finished, and no headline metric has a value. The table of all figures says what was counted.'));
  it('puts an invalid result and its reason first, and chooses nothing', () => expect(full(craft({ cells: ALPHAS, valid: false, notes: ['unstable: the queue grows in alpha=1'], metrics: { starved: [0, 0, 1, 2] }, verdicts: { starved: [['equal', 0], ['worse', 1, 0.5, 1.5], ['worse', 2, 1, 3]] } }))).toBe('This result is invalid: unstable: the queue grows in alpha=1. No setting should be chosen from it; the figures below show what happened.'));
  it('takes the reason from the manifest where the summary has none', () => expect(full(craft({ cells: [{}], metrics: { starved: [0] }, manifest: { valid: false, verdict: 'the load generator fell behind' } }))).toBe('This result is invalid: the load generator fell behind. The figures below show what happened, and answer nothing.'));
  it('has an answer for a folder without a cell', () => expect(full(craft({ cells: [], metrics: {} }))).toBe('There is nothing to report: no cell has a result.'));
  it('counts settings where there are too many to name', () => expect(full(craft({ cells: Array.from({ length: 12 }, (_, i) => ({ policy: `p${i}` })), metrics: { starved: Array.from({ length: 12 }, (_, i) => (i < 3 ? 0 : 2)) }, verdicts: { starved: Array.from({ length: 11 }, (_, i) => (i < 2 ? ['same', 0, -1, 1] : ['worse', 2, 1, 3]) as ['same' | 'worse', number, number, number]) } }))).toContain('9 of the 12 settings are worse on starved agents'));
});

describe('the strip of facts', () => {
  it('gives each headline metric its setting, number and verdict, then the wait of a call and the conditions', () => {
    expect(facts(better()).map((f) => f.label)).toEqual(['Starved agents', 'Jain index of completions', 'P95 wait of served calls', 'Wait of a call', 'Conditions']);
    expect(fact(better(), 'Starved agents')).toBe('alpha 0.25 and 0: 0, equal in every replication; in 0 of 20 runs (≤ 14 %); at 1 worse by 3.4 (2.4 to 4.4)');
    expect(fact(better(), 'Jain index of completions')).toBe('alpha 0: 0.722 ± 0.008; better than 0.25 by 0.075 (0.068 to 0.083)');
    expect(fact(better(), 'P95 wait of served calls')).toBe('alpha 1: 240 ± 5 s; better than 0.25 by 36 s (30 to 42); served calls only, 60 % never are');
    expect(fact(better(), 'Wait of a call')).toBe('149 ± 2 s: mean over every call; the same in every setting: waiting is moved, none is removed');
    expect(fact(better(), 'Conditions')).toBe('valid: 4 cells × 20 replications; simulated; unstable: the queue grows');
  });
  it('starts with invalid and why', () => {
    const study = craft({ cells: [{ load: 0.8 }, { load: 1.1 }], valid: false, notes: ['too many errors'], metrics: { 'wait.mean': [4, 5000] }, verdicts: { 'wait.mean': [['worse', 4996, 4000, 6000]] } });
    expect(facts(study)[0]).toMatchObject({ label: 'Conditions', value: 'invalid' });
    expect(fact(study, 'Conditions')).toBe('invalid: too many errors; 2 cells × 20 replications; simulated');
    expect(fact(study, 'Mean wait of served calls')).toBe('4 s: at 0.8; 83.3 min at 1.1');
  });
  it('says when a run was live, and when it was interrupted', () => expect(fact(craft({ cells: [{}], metrics: { starved: [0] }, manifest: { target: 'http://127.0.0.1:8000', interrupted: true } }), 'Conditions')).toBe('valid: 1 cell × 20 replications; live: http://127.0.0.1:8000; interrupted: not every replication was run'));
  it('counts broken thresholds', () => {
    const thresholds = [{ text: 'wait.p95 < 10 s', cell: 'cell0', value: 12, held: false }, { text: 'starved <= 0', cell: 'cell0', value: 0, held: true }];
    expect(fact(craft({ cells: [{}], metrics: { starved: [0] }, thresholds }), 'Thresholds')).toBe('1 of 2 broken: wait.p95 < 10 s');
    expect(fact(craft({ cells: [{}], metrics: { starved: [0] }, thresholds: thresholds.slice(1) }), 'Thresholds')).toBe('all hold: starved <= 0');
  });
  it('does not judge what has no interval', () => expect(fact(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], n: 1, metrics: { starved: [0, 2] } }), 'Starved agents')).toBe('0: at fcfs; 2 at loco; not judged'));
  it('says equal within rounding where the digits shown are the same', () => expect(fact(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], n: 1, metrics: { 'wait.p95': [14.3001, 14.3002] } }), 'P95 wait of served calls')).toBe('14.3 s: the same in every setting, within rounding'));
  it('says different where neither direction is better', () => expect(fact(craft({ cells: [{ policy: 'fcfs' }, { policy: 'loco' }], metrics: { 'alpha.mean': [0.1, 0.9] }, verdicts: { 'alpha.mean': [['different', 0.8, 0.7, 0.9]] } }), 'Mean alpha in force')).toBe('0.100: at fcfs; different at loco, by 0.80 (0.70 to 0.90)'));
});
