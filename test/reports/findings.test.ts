// The sentences under the questions: every branch.
import { describe, expect, it } from 'vitest';
import { conditions } from '../../reports/findings/conditions.ts';
import { curveCaption, curveFinding } from '../../reports/findings/curve.ts';
import { fairnessFinding } from '../../reports/findings/fairness.ts';
import { forestCaption, forestFinding } from '../../reports/findings/forest.ts';
import { insideFinding } from '../../reports/findings/inside.ts';
import { dateText, manifestEntries } from '../../reports/findings/manifest.ts';
import { starvationFinding } from '../../reports/findings/starvation.ts';
import { measuresFinding } from '../../reports/findings/measures.ts';
import { movesFinding } from '../../reports/findings/moves.ts';
import { tailFinding } from '../../reports/findings/tail.ts';
import { tradeoffFinding } from '../../reports/findings/tradeoff.ts';
import { trustFinding } from '../../reports/findings/trust.ts';
import { whoFinding } from '../../reports/findings/who.ts';
import { agent, craft, said, type Crafted } from './craft.ts';

const PAIR = [{ policy: 'fcfs' }, { policy: 'loco' }], THREE = [{ alpha: 0 }, { alpha: 0.5 }, { alpha: 1 }];

describe('what the settings change', () => {
  it('rises or falls, and where most steeply', () => expect(said(curveFinding(craft({ cells: THREE, metrics: { starved: [0, 0.5, 3], 'jain.completed': [0.7, 0.55, 0.5] } })))).toBe('Starved agents: rising from 0 at 0 to 3 at 1, most steeply from 0.5 to 1. Jain index of completions: falling from 0.700 at 0 to 0.500 at 1, most steeply from 0 to 0.5.'));
  it('does not take a step within the intervals for a turn', () => expect(said(curveFinding(craft({ cells: THREE, metrics: { starved: [[0, 0], [3, 0.5], [2.9, 0.5]] } })))).toContain('rising'));
  it('turns: names the lowest and the highest', () => expect(said(curveFinding(craft({ cells: THREE, metrics: { starved: [1, 0, 3] } })))).toBe('Starved agents: lowest at 0.5, 0; highest at 1, 3.'));
  it('gathers what is the same in every setting', () => expect(said(curveFinding(craft({ cells: THREE, metrics: { starved: [0, 0, 0], completed: [5, 6, 7] } })))).toBe('Calls completed: rising from 5 at 0 to 7 at 1, most steeply from 0 to 0.5. The same in every setting: starved agents 0.'));
  it('says that differences are smaller than the digits', () => expect(said(curveFinding(craft({ cells: PAIR, metrics: { 'wait.mean': [10.0001, 10.0002] } })))).toBe('Mean wait of served calls: 10.0 s in every setting, within rounding.'));
  it('says which settings have no value', () => expect(said(curveFinding(craft({ cells: THREE, metrics: { 'wait.mean': [1, 2, null] } })))).toBe('Mean wait of served calls: rising from 1 s at 0 to 2 s at 0.5. 1 setting has no value.'));
  it('warns in the caption of waits that leave out the unserved, and of scales that start above zero', () => { const caption = said(curveCaption(craft({ cells: PAIR, metrics: { 'wait.p95': [[200, 1], [210, 1]], served_share: [0.4, 0.5] }, manifest: { headline: ['wait.p95'] } }))); expect(caption).toContain('up to 60 % of the calls (fcfs)'); expect(caption).toContain('does not start at zero'); });
});

describe('which settings differ', () => {
  const cells = [{ alpha: 0.25 }, { alpha: 0 }, { alpha: 0.5 }, { alpha: 1 }], metrics = { starved: [0, 0, 1, 2] };
  it('tells better, worse and not told apart', () => expect(said(forestFinding(craft({ cells, metrics, verdicts: { starved: [['better', -1, -1.5, -0.5], ['same', 0.2, -1, 1.2], ['worse', 2, 1, 3]] } })))).toBe('On starved agents, against 0.25: 0 is better, by 1.0 (0.5 to 1.5); 1 is worse, by 2.0 (1.0 to 3.0); 0.5 cannot be told apart from it.'));
  it('tells several, the strongest by name', () => expect(said(forestFinding(craft({ cells, metrics, verdicts: { starved: [['worse', 1, 0.5, 1.5], ['worse', 3, 2, 4], ['worse', 2, 1, 3]] } })))).toBe('On starved agents, against 0.25: 0, 0.5 and 1 are worse, most of all 0.5, by 3.0 (2.0 to 4.0).'));
  it('tells that none differs', () => expect(said(forestFinding(craft({ cells, metrics, verdicts: { starved: [['same', 1, -0.5, 1.5], ['equal', 0], ['same', 2, -1, 3]] } })))).toBe('On starved agents, neither 0 nor 1 can be told apart from 0.25; 0.5 equals it in every replication.'));
  it('tells that all are equal', () => expect(said(forestFinding(craft({ cells, metrics, verdicts: { starved: [['equal', 0], ['equal', 0], ['equal', 0]] } })))).toBe('Starved agents: equal to 0.25 in every replication at all others.'));
  it('tells equal metrics after those that differ', () => expect(said(forestFinding(craft({ cells: PAIR, metrics: { starved: [0, 0], completed: [1, 2] }, verdicts: { starved: [['equal', 0]], completed: [['better', 1, 0.5, 1.5]] } })))).toBe('On calls completed, against fcfs: loco is better, by 1.0 (0.5 to 1.5). Equal in every pair: starved agents.'));
  it('tells different where no direction is better', () => expect(said(forestFinding(craft({ cells: PAIR, metrics: { 'alpha.mean': [0, 1] }, verdicts: { 'alpha.mean': [['different', 1, 0.5, 1.5]] } })))).toContain('loco is different, by 1.0'));
  it('says how the interval was found', () => {
    const caption = (more: Partial<Crafted>): string => said(forestCaption(craft({ cells: PAIR, metrics: { starved: [0, 1] }, verdicts: { starved: [['worse', 1, 0.5, 1.5]] }, ...more })));
    expect(caption({})).toContain('mean paired difference, same arrivals in both, n = 20 pairs');
    expect(caption({ method: 'batch-means', n: 1 })).toContain('batch means over windows of one trace');
    expect(caption({ method: 'welch' })).toContain('Welch');
    expect(caption({})).toContain('Line: 95 % interval, which decides the word.');
  });
});

describe('shorten or move', () => {
  const waits = (every: readonly (number | null)[], more: Record<string, readonly (number | null)[]> = {}): Crafted => ({ cells: PAIR, metrics: { 'wait_all.mean': every, ...more } });
  it('moves where the wait of every call is the same, and says who pays', () => expect(said(movesFinding(craft(waits([149, 149], { 'wait_all.mean[class=busy]': [149, 125], 'wait_all.mean[class=quiet]': [147, 241], 'wait.mean[class=busy]': [148, 124], 'wait.mean[class=quiet]': [147, 11], served_share: [0.4, 0.4], 'served_share[class=quiet]': [0.39, 0.008] }))))).toBe('It moves it. A call waits 149 s on average in every setting, to the last digit: no setting removes waiting. From fcfs to loco each call of class busy waits 24 s less and each of class quiet 94 s more. Served calls alone tell another story: at loco the 0.8 % of the calls of class quiet that are served wait 11 s on average; all calls of the class, the unserved included, wait 241 s.'));
  it('shortens where the difference is told apart', () => expect(said(movesFinding(craft({ ...waits([10, 9], { served_share: [1, 1] }), verdicts: { 'wait_all.mean': [['better', -1, -1.5, -0.5]] } })))).toBe('It shortens it: on mean wait of every call, against fcfs: loco is better, by 1.0 s (0.5 to 1.5). Every call is served, so served calls tell the same.'));
  it('lengthens', () => expect(said(movesFinding(craft({ ...waits([9, 10]), verdicts: { 'wait_all.mean': [['worse', 1, 0.5, 1.5]] } })))).toContain('It lengthens it: on mean wait'));
  it('cannot tell', () => expect(said(movesFinding(craft({ ...waits([9, 10]), verdicts: { 'wait_all.mean': [['same', 1, -0.5, 1.5]] } })))).toBe('The mean wait of every call cannot be told apart between fcfs and loco: the policy at most moves waiting.'));
  it('does not judge without intervals', () => { expect(said(movesFinding(craft(waits([9, 10]))))).toBe('By the means, a call waits 9 s at fcfs and 10 s at loco; no interval judges the difference.'); expect(said(movesFinding(craft(waits([9.0001, 9.0002]))))).toContain('9.00 s on average in every setting, within rounding'); });
  it('says that both classes gain, or that one does not care', () => {
    expect(said(movesFinding(craft(waits([10, 8], { 'wait_all.mean[class=a]': [10, 8], 'wait_all.mean[class=b]': [10, 9] }))))).toContain('From fcfs to loco each call of class a waits 2 s less and each of class b 1 s less.');
    expect(said(movesFinding(craft(waits([10, 8], { 'wait_all.mean[class=a]': [10, 10], 'wait_all.mean[class=b]': [10, 9] }))))).toContain('Class a waits the same in every setting.');
    expect(said(movesFinding(craft(waits([10, 8], { 'wait_all.mean[class=a]': [10, 9], 'wait_all.mean[class=b]': [10, 10] }))))).toContain('and each of class b the same.');
  });
  it('says where served calls tell nearly the same', () => expect(said(movesFinding(craft(waits([100, 110], { 'wait.mean': [99, 109], served_share: [0.9, 0.95] }))))).toContain('Served calls alone tell the same within 5 %, though up to 10 % of the calls are never served.'));
});

describe('the tail', () => {
  const curve = (share: readonly number[]): { all: { atS: number[]; share: readonly number[] } } => ({ all: { atS: share.map((_, i) => i * 100), share } });
  it('reads the curves where they have been seen and differ', () => expect(said(tailFinding(craft({ cells: PAIR, metrics: { starved: [0, 0] }, curves: [curve([1, 0.8, 0.6, 0.3]), curve([1, 0.9, 0.8, 0.7])] })))).toBe('200 s after arrival 60 % of the calls still wait at fcfs and 80 % at loco.'));
  it('says when they agree', () => expect(said(tailFinding(craft({ cells: PAIR, metrics: { starved: [0, 0] }, curves: [curve([1, 0.5]), curve([1, 0.5])] })))).toBe('100 s after arrival 50 % of the calls still wait, the same at fcfs and loco.'));
  it('speaks of one run', () => expect(said(tailFinding(craft({ cells: [{}], n: 1, metrics: { starved: [0] }, curves: [curve([1, 0.5])] })))).toBe('100 s after arrival 50 % of the calls still wait.'));
  it('says when nothing was seen', () => expect(said(tailFinding(craft({ cells: [{}], metrics: { starved: [0] } })))).toBe('No call was seen long enough to say.'));
});

describe('who starves', () => {
  const runs = (completed: number, n: number): ReturnType<typeof agent>[][] => Array.from({ length: n }, () => [agent('busy 0', 'busy', 9, 5, 3), agent('quiet 1', 'quiet', 4, completed, 8)]);
  it('only one class, at some settings', () => expect(said(whoFinding(craft({ cells: PAIR, metrics: { starved: [0, 1] }, agents: [runs(2, 20), runs(0, 20)] })))).toBe('Only agents of class quiet. At loco, quiet 1 ends 20 of 20 runs without one completion. None starves at fcfs.'));
  it('some agents at every setting, of one class only', () => expect(said(whoFinding(craft({ cells: PAIR, n: 2, metrics: { starved: [1, 1] }, agents: [[[agent('a', 'x', 1, 0), agent('b', 'x', 1, 1)], [agent('a', 'x', 1, 1), agent('b', 'x', 1, 0)]], [[agent('a', 'x', 1, 0), agent('b', 'x', 1, 0)], [agent('a', 'x', 1, 0), agent('b', 'x', 1, 1)]]] })))).toBe('2 of 2 agents, in one setting or another. At loco, two agents end 1 to 2 of 2 runs without one completion each. Some agent starves at every setting.'));
  it('one run', () => expect(said(whoFinding(craft({ cells: [{}], n: 1, metrics: { starved: [1] }, agents: [runs(0, 1)] })))).toBe('Only agents of class quiet. In this run quiet 1 gets no call through.'));
  it('nobody in any run: the bound, and who waits longest', () => expect(said(whoFinding(craft({ cells: PAIR, metrics: { starved: [0, 0] }, agents: [runs(2, 20), runs(3, 20)] })))).toBe('Nobody starves: every agent completes a call in each of 20 runs of every setting, so the chance of a run that starves a given agent is at most 14 % (95 %). The longest mean wait is that of quiet 1, 8 s at fcfs, where busy 0 waits 3 s.'));
  it('nobody in the one run, all alike', () => expect(said(whoFinding(craft({ cells: [{}], n: 1, metrics: { starved: [0] }, agents: [[[agent('a', 'x', 1, 1, 2), agent('b', 'x', 1, 1, 2)]]] })))).toBe('Nobody starves: every agent completes a call in this run. All agents wait alike, 2 s on average.'));
  it('nobody waits', () => expect(said(whoFinding(craft({ cells: [{}], n: 1, metrics: { starved: [0] }, agents: [[[agent('a', 'x', 1, 1, 0), agent('b', 'x', 1, 1, 0)]]] })))).toContain('No call waits.'));
});

describe('starvation', () => {
  it('tells the ends, and what the window cuts', () => expect(said(starvationFinding(craft({ cells: PAIR, n: 1, metrics: { 'starved.ratio': [0.1, 0.4], 'wait_all.max': [9, 9], 'programs.begun': [100, 100], 'programs.unfinished': [1, 30], 'program_time.mean': [2, 2], 'program_time_all.mean': [2, 5] } })))).toMatch(/^Calls that waited 8 times their service or longer: 10 % at fcfs, 40 % at loco\. The longest wait of a call: 9 s at every coloured setting\. At loco, 30 % of the programs are open when the window ends: those that completed took 2 s on average, all of them at least 5 s\.$/));
  it('says one number of one setting', () => expect(said(starvationFinding(craft({ cells: [{}], n: 1, metrics: { 'starved.ratio': [0], 'programs.begun': [9], 'programs.unfinished': [0] } })))).toBe('Calls that waited 8 times their service or longer: 0 %.'));
});

describe('fairness', () => {
  const agents = (a: number, b: number): ReturnType<typeof agent>[][] => [[agent('a', 'x', 10, a), agent('b', 'x', 10, b)]];
  it('compares the widest with the closest', () => expect(said(fairnessFinding(craft({ cells: PAIR, n: 1, metrics: { 'jain.completed_over_arrived': [0.99, 0.6] }, agents: [agents(4, 5), agents(1, 9)] })))).toBe('Jain index of completed ÷ arrived: lowest at loco, 0.600; highest at fcfs, 0.990. At loco, agents get from 10 % to 90 % of their calls done; at fcfs, agents get from 40 % to 50 % of their calls done.'));
  it('says that every agent gets the same', () => expect(said(fairnessFinding(craft({ cells: [{}], n: 1, metrics: { 'jain.completed_over_arrived': [1] }, agents: [agents(5, 5)] })))).toBe('Jain index of completed ÷ arrived: 1. Every agent gets 50 % of its calls done.'));
  it('leaves out agents that are not listed', () => expect(said(fairnessFinding(craft({ cells: PAIR, n: 1, metrics: { 'jain.completed_over_arrived': [0.99, 0.6] }, agents: [agents(4, 5), agents(1, 9)], agentsTotal: 5 })))).toBe('Jain index of completed ÷ arrived: lowest at loco, 0.600; highest at fcfs, 0.990.'));
});

describe('latency against throughput', () => {
  const on = (waits: readonly number[], rates: readonly number[]): string => said(tradeoffFinding(craft({ cells: PAIR, metrics: { 'wait_all.mean': waits, 'throughput.calls': rates } })));
  it('costs nothing where one has both', () => expect(on([1, 2], [9, 8])).toContain('Nothing: by the means, fcfs has both the lowest mean wait of every call (1 s) and the highest calls completed per second (9).'));
  it('trades one for the other', () => expect(on([1, 2], [8, 9])).toBe('By the means, fcfs and loco trade one for the other. The lowest mean wait of every call, 1 s at fcfs, comes with 8 calls/s; the highest throughput, 9 at loco, with 2 s.'));
  it('costs no throughput where that is the same', () => expect(on([1, 2], [9, 9])).toBe('No throughput: calls completed per second, 9, is the same in every setting, to the last digit. Mean wait of every call: from 1 s at fcfs to 2 s at loco.'));
  it('is all the same', () => expect(on([1, 1], [9, 9])).toContain('are the same in every setting'));
  it('differs by next to nothing', () => expect(on([1000, 1001], [900, 901])).toContain('Next to nothing'));
});

describe('inside one run', () => {
  const series = (waiting: readonly number[], oldestWaitS: readonly number[]): { atS: number[]; waiting: readonly number[]; oldestWaitS: readonly number[] } => ({ atS: waiting.map((_, i) => i), waiting, oldestWaitS });
  it('grows everywhere, the same queue', () => expect(said(insideFinding(craft({ cells: PAIR, stable: [false, false], metrics: { starved: [0, 0] }, series: [series([0, 5, 10], [0, 1, 2]), series([0, 5, 10], [0, 2, 3])] })))).toBe('Unstable: the queue grows in every setting. The queue is the same at every moment, whatever the setting: 5 calls wait on average, 10 at the most. The oldest waiting call is 3 s old at the worst moment of loco, and 2 s at fcfs.'));
  it('grows at one setting', () => expect(said(insideFinding(craft({ cells: PAIR, stable: [true, false], metrics: { starved: [0, 0] }, series: [series([0, 1], [0, 1]), series([0, 9], [0, 1])] })))).toBe('Unstable: the queue grows at loco. At the most 9 calls wait, at loco; on average 0.500 at fcfs, 4.50 at loco. The oldest waiting call is 1 s old at the worst moment, whatever the setting.'));
  it('is empty', () => expect(said(insideFinding(craft({ cells: [{}], n: 1, metrics: { starved: [0] }, series: [series([0, 0], [0, 0])] })))).toBe('No call waits at the moments that were noted.'));
  it('one setting', () => expect(said(insideFinding(craft({ cells: [{}], n: 1, stable: [false], metrics: { starved: [0] }, series: [series([0, 4], [0, 7])] })))).toBe('Unstable: the queue grows. 2 calls wait on average, 4 at the most. The oldest waiting call is 7 s old at the worst moment.'));
});

describe('trust', () => {
  const runs = (values: readonly number[]): { starved: number }[] => values.map((starved) => ({ starved }));
  it('says how precise, and what pairing gains', () => expect(said(trustFinding(craft({ cells: PAIR, n: 6, metrics: { starved: [[3, 1], [4, 1]] }, verdicts: { starved: [['worse', 1, 0.5, 1.5]] }, runs: [runs([1, 2, 3, 4, 5, 6]), runs([2, 3, 4, 5.1, 6, 6.9])] })))).toMatch(/^After 6 replications the difference in starved agents, loco against fcfs, is known within ± 0\.0\d+\. Common random numbers cut the variance of the difference by a factor of [\d ]+\.$/));
  it('says where pairing hurts', () => expect(said(trustFinding(craft({ cells: PAIR, n: 6, metrics: { starved: [[3, 1], [4, 1]] }, verdicts: { starved: [['worse', 1, 0.5, 1.5]] }, runs: [runs([1, 2, 3, 4, 5, 6]), runs([6, 5, 4, 3, 2, 1])] })))).toContain('Pairing by the same arrivals does not help at loco: it multiplies the variance of the difference by 2.'));
  it('is careful with few replications', () => expect(said(trustFinding(craft({ cells: [{}], n: 3, metrics: { starved: [[1, 1]] }, runs: [runs([0, 1, 2])] })))).toContain('With care: 3 replications give wide t intervals'));
  it('says what independent replications of one setting are', () => expect(said(trustFinding(craft({ cells: [{}], n: 8, metrics: { starved: [[1, 1]] }, runs: [runs([0, 1, 2, 3, 4, 5, 6, 7])] })))).toBe('The intervals are over 8 independent replications.'));
  it('speaks of the windows of a trace', () => {
    const traced = (more: Partial<Crafted>): string => said(trustFinding(craft({ cells: PAIR, n: 1, method: 'batch-means', metrics: { 'wait.mean': [1, 2] }, verdicts: { 'wait.mean': [['worse', 1, 0.5, 1.5]] }, batches: [{ wait_all: [1, 2, 3, 4] }, { wait_all: [2, 3, 4, 5] }], ...more })));
    expect(traced({})).toBe('One trace is one replication: the intervals come from 4 windows of it, and speak for this trace alone. Neighbouring windows show no correlation that would narrow the intervals too far.');
    expect(traced({ notes: ['differences of wait.mean in neighbouring windows of the trace are correlated (up to 0.38): their intervals are too narrow'] })).toContain('With care: differences of wait.mean');
    expect(traced({ verdicts: {}, manifest: { headline: ['wait.mean'] } })).toContain('no interval is given');
  });
});

describe('conditions and manifest', () => {
  it('say the parameters, data, assumptions, notes and what is left out', () => {
    const text = said(conditions(craft({ cells: PAIR, n: 1, method: 'batch-means', params: { agents: 10, ticks: 5000, guard: false }, metrics: { 'wait.mean': [1, 2], served_share: [0.4, 0.5] }, verdicts: { 'wait.mean': [['same', 1, -1, 3]] }, notes: ['the queue grows'], manifest: { interrupted: true, reps: 2, assumptions: ['agents by hash'], notSimulated: ['network', 'cache'], data: [{ path: 't.csv', sha256: 'x', bytes: 1, format: 'azure', rowsRead: 12031, rowsDropped: 3, notes: ['three rows without tokens'] }] } })));
    for (const part of ['It holds for crafted with agents 10, ticks 5 000, guard off.', 'Data: t.csv, azure, 12 031 rows read, 3 rows dropped; three rows without tokens.', 'One trace is one replication', 'It was interrupted: 2 of 4 replications are in it.', 'Assumed: Agents by hash.', 'The queue grows.', 'Share of calls served: 40 % to 50 %', 'Not simulated: network and cache.']) expect(text).toContain(part);
  });
  it('say that single runs carry no interval, and that a steady state is meant', () => { const text = said(conditions(craft({ cells: PAIR, n: 1, metrics: { starved: [0, 1] }, manifest: { study: 'steady' } }))); expect(text).toContain('One run of each setting: no figure carries an interval.'); expect(text).toContain('Steady state'); });
  it('show the date without a clock or a locale', () => { expect(dateText('2026-11-21T14:02:11.000Z')).toBe('21 Nov 2026, 14:02 UTC'); expect(dateText('unknown')).toBe('unknown'); });
  it('show how it was asked only where that differs from how it is redone', () => { expect(manifestEntries(craft({ cells: PAIR, metrics: { starved: [0, 1] } })).some((e) => e.term === 'asked as')).toBe(false); expect(manifestEntries(craft({ cells: PAIR, metrics: { starved: [0, 1] }, manifest: { asked: 'other' } })).some((e) => e.term === 'asked as')).toBe(true); });
  it('count the figures that have no population', () => expect(said(measuresFinding(craft({ cells: [{}], metrics: { starved: [0], 'ttft.mean': [null] } })))).toBe('2 figures of the run were taken; 1 has no population here and carries no value.'));
});
