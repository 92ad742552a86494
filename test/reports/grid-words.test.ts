// Words for grids of several keys, for settings that are equal, for what stands beside a sweep, and for several classes.
import { describe, expect, it } from 'vitest';
import { columnHeads } from '../../reports/charts/heads.ts';
import { answer } from '../../reports/findings/answer.ts';
import { curveCaption, curveFinding } from '../../reports/findings/curve.ts';
import { facts } from '../../reports/findings/facts.ts';
import { forestFinding } from '../../reports/findings/forest.ts';
import { movesFinding } from '../../reports/findings/moves.ts';
import { tailFinding } from '../../reports/findings/tail.ts';
import { keysHead, names } from '../../reports/findings/words.ts';
import type { Study } from '../../reports/study.ts';
import type { Verdict } from '../../sim/results.ts';
import { craft, said, type Crafted } from './craft.ts';

const GRID = [0.25, 0, 0.5, 1].flatMap((alpha) => [true, false].map((guard) => ({ alpha, guard })));
const EQUAL: readonly [Verdict, number] = ['equal', 0];
const better: readonly [Verdict, number, number, number] = ['better', -1, -2, -0.5], worse: readonly [Verdict, number, number, number] = ['worse', 3, 2, 4];
const full = (study: Study): string => { const a = answer(study); return said([a.lead, ...a.rest]); };
const fact = (study: Study, label: string): string => { const f = facts(study).find((x) => x.label === label)!; return said([`${f.value}: ${f.detail.map((p) => (typeof p === 'string' ? p : p.verdict)).join('')}`]); };
const listed = (study: Study, picked: readonly number[]): string => names(study, picked.map((i) => study.settings[i]));

describe('a grid of two keys', () => {
  // In the order of GRID: 0.25 on (baseline) and off, 0 on and off, 0.5 on and off, 1 on and off.
  const crafted: Crafted = { cells: GRID, metrics: { starved: [0, 0, 0, 0, 0, 2, 0, 4] }, verdicts: { starved: [EQUAL, EQUAL, EQUAL, EQUAL, worse, EQUAL, worse] } };
  const study = craft(crafted);
  it('names a setting by its main key and what is with it, and shorter beside a mark', () => { expect(study.settings[0].name).toBe('alpha 0.25 with guard on'); expect(study.settings[0].label).toBe('0.25, guard on'); expect(keysHead(study)).toBe('alpha, guard'); });
  it('puts the swept number first, whatever its place in the command', () => expect(craft({ cells: [{ policy: 'fcfs', load: 0.5 }, { policy: 'fcfs', load: 0.7 }, { policy: 'fcfs', load: 0.9 }, { policy: 'loco', load: 0.5 }, { policy: 'loco', load: 0.7 }, { policy: 'loco', load: 0.9 }], metrics: { starved: [0, 0, 0, 0, 0, 0] } }).settings[3].name).toBe('load 0.5 with loco'));
  it('keeps the key of a number that is no axis', () => expect(craft({ cells: [{ load: 0.5, policy: 'fcfs' }, { load: 0.9, policy: 'fcfs' }, { load: 0.5, policy: 'loco' }, { load: 0.9, policy: 'loco' }], metrics: { starved: [0, 0, 0, 0] } }).settings[1].label).toBe('load 0.9, fcfs'));
  it('lists settings by what they share', () => {
    expect(listed(study, [0, 2, 4, 6])).toBe('every alpha with guard on');
    expect(listed(study, [2, 3])).toBe('alpha 0 with guard on and off');
    expect(listed(study, [3, 1, 5])).toBe('alpha 0 to 0.5 with guard off');
    expect(listed(study, [0, 2, 4, 6, 1, 3])).toBe('every alpha with guard on, and alpha 0.25 and 0 with guard off');
    expect(listed(study, [5])).toBe('alpha 0.5 with guard off');
    expect(listed(study, [0, 1, 2, 3, 4, 5, 6, 7])).toBe('all 8 settings');
  });
  it('counts where a list would be long', () => { const many = craft({ cells: ['a', 'b', 'c', 'd', 'e'].flatMap((policy) => ['first', 'second'].map((order) => ({ policy: `policy-of-${policy}`, order: `${order}-come` }))), metrics: { starved: Array.from({ length: 10 }, () => 0) } }); expect(listed(many, [0, 3, 4, 7, 8])).toBe('5 of the 10 settings'); });
  it('answers in such words', () => expect(full(study)).toBe('No setting is better than alpha 0.25 with guard on. Alpha 0.5 and 1 with guard off are worse on starved agents, most of all alpha 0.5 with guard off, by 3.0 (2.0 to 4.0). Every alpha with guard on, and alpha 0.25 and 0 with guard off are equal in every replication on starved agents.'));
  it('does not run a name into what follows it, and says who does the same', () => {
    const text = full(craft({ cells: GRID, metrics: { starved: [3, 3, 2, 2, 3, 3, 3, 3] }, verdicts: { starved: [EQUAL, better, better, EQUAL, EQUAL, EQUAL, EQUAL] } }));
    expect(text).toBe('Alpha 0 with guard on is better on starved agents than alpha 0.25 with guard on, by 1.0 (0.5 to 2.0). Alpha 0 with guard off does the same, in every replication.');
  });
  it('counts in the strip, where a list would be set large', () => expect(fact(study, 'Starved agents')).toBe('6 of the 8 settings: 0, equal in every replication; in 0 of 20 runs (≤ 14 %); at alpha 0.5 with guard off worse by 3.0 (2.0 to 4.0)'));
  it('tells each curve by itself, and those that go alike once', () => {
    expect(said(curveFinding(study))).toBe('Starved agents: with guard on 0 at every alpha; with guard off rising from 0 at alpha 0 to 4 at 1.');
    expect(said(curveFinding(craft({ ...crafted, metrics: { starved: [1, 1, 0, 0, 2, 2, 4, 4] } })))).toBe('Starved agents: rising from 0 at alpha 0 to 4 at 1.');
    expect(said(curveFinding(craft({ ...crafted, metrics: { starved: [1, 1, 2, 0, 3, 2, 4, 4] } })))).toContain('lowest at alpha 0 with guard off, 0; highest at alpha 1 with guard on and off, 4.');
  });
  it('names the baseline once, and what equals it', () => {
    const text = said(forestFinding(craft({ ...crafted, metrics: { starved: [0, 0, 0, 0, 0, 2, 0, 4], completed: [5, 5, 6, 6, 5, 5, 5, 5] }, verdicts: { starved: [EQUAL, EQUAL, EQUAL, EQUAL, worse, EQUAL, worse], completed: [EQUAL, ['better', 1, 0.5, 1.5], ['better', 1, 0.5, 1.5], EQUAL, ['same', 0.2, -1, 1.2], EQUAL, EQUAL] } })));
    expect(text).toBe('On starved agents, against alpha 0.25 with guard on: alpha 0.5 and 1 with guard off are worse, most of all alpha 0.5 with guard off, by 3.0 (2.0 to 4.0); every other alpha with guard on, and alpha 0.25 and 0 with guard off equal it in every replication. On calls completed: alpha 0 with guard on and off are better, most of all alpha 0 with guard on, by 1.0 (0.5 to 1.5); alpha 0.5 with guard off cannot be told apart from it; alpha 0.25 and 1 with guard off, and alpha 0.5 and 1 with guard on equal it in every replication.');
  });
  it('has heads of two lines where one is too long, and numbers where two are', () => {
    expect(columnHeads(study.settings, 130, 12, Infinity)[0]).toEqual(['0.25, guard on']);
    expect(columnHeads(study.settings, 68, 12, Infinity)[0]).toEqual(['0.25', 'guard on']);
    expect(columnHeads(study.settings, 30, 12, Infinity)[1]).toEqual(['2']);
    expect(columnHeads(study.settings.slice(0, 1), 30, 12, 0)).toEqual([[]]);
  });
  it('colours those that differ before those that do what a coloured one does', () => expect(study.featured.map((s) => s.name)).toEqual(['alpha 0.25 with guard on', 'alpha 0 with guard off', 'alpha 0.5 with guard off', 'alpha 1 with guard off']));
});

describe('settings that are equal', () => {
  const cells = [{ alpha: 0.25 }, { alpha: 0 }, { alpha: 0.5 }, { alpha: 1 }];
  const on = (verdicts: readonly (readonly [Verdict, number, number?, number?])[]): Study => craft({ cells, metrics: { starved: [0, 1, 0, 0] }, verdicts: { starved: verdicts } });
  it('are said to be equal, and nearly equal ones not', () => {
    expect(fact(on([worse, EQUAL, EQUAL]), 'Starved agents')).toContain('0, equal in every replication');
    expect(fact(on([worse, EQUAL, ['same', 0, -1, 1]]), 'Starved agents')).toContain('0, cannot be told apart');
    expect(said(forestFinding(on([['same', 1, -1, 3], ['same', 0, -1, 1], ['same', 0, -1, 1]])))).toBe('On starved agents, none of 0, 0.5 and 1 can be told apart from 0.25.');
    expect(said(forestFinding(on([worse, EQUAL, EQUAL])))).toContain('0.5 and 1 equal it in every replication');
  });
  it('shade their region as equal', () => { expect(said(curveCaption(on([worse, EQUAL, EQUAL])))).toContain('Shaded: equal to alpha 0.25.'); expect(said(curveCaption(on([worse, EQUAL, ['same', 0, -1, 1]])))).toContain('Shaded: equal to, or not to be told apart from, alpha 0.25.'); });
  it('have windows, not replications, on one trace', () => expect(said(forestFinding(craft({ cells: cells.slice(0, 3), n: 1, method: 'batch-means', metrics: { 'wait.mean': [1, 1, 2] }, verdicts: { 'wait.mean': [EQUAL, ['worse', 1, 0.5, 1.5]] } })))).toContain('0 equals it in every window'));
  it('take the whole of a step', () => expect(said(curveFinding(on([worse, EQUAL, EQUAL])))).toBe('Starved agents: falling from 1 at 0 to 0 at 1, all of it from 0 to 0.25.'));
  it('are said of all agents in the answer', () => expect(full(craft({ cells: cells.slice(0, 2), metrics: { starved: [0, 0], completed: [1, 2] }, verdicts: { starved: [EQUAL], completed: [['better', 1, 0.5, 1.5]] } }))).toMatch(/^No setting leaves an agent without a completion; 0 is better than 0.25/));
});

describe('a policy beside a sweep', () => {
  const study = craft({ cells: [{ alpha: 0.25 }, { alpha: 0 }, { alpha: 0.5 }, { alpha: 1 }, { policy: 'fcfs' }], params: { policy: 'loco' }, metrics: { starved: [[1, 0.1], [0, 0.1], [2, 0.1], [3, 0.1], [0.5, 0.1]] }, manifest: { swept: ['alpha', 'policy'] } });
  it('leaves the sweep its axis, and is named by what it is', () => { expect(study.axis?.key).toBe('alpha'); expect(study.settings.map((s) => s.short)).toEqual(['0.25', '0', '0.5', '1', 'fcfs']); expect(study.settings[4].at).toBeNull(); });
  it('is told after the curve, and drawn as a level', () => { expect(said(curveFinding(study))).toContain('rising from 0.00 ± 0.10 at 0 to 3.00 ± 0.10 at 1, most steeply from 0 to 0.25; 0.50 ± 0.10 at fcfs.'); expect(said(curveCaption(study))).toContain('Dotted: fcfs, which has no alpha.'); });
});

describe('several classes', () => {
  const cells = [{ alpha: 0 }, { alpha: 0.5 }, { alpha: 1 }];
  const waits = (a: number[], b: number[], c: number[]): Study => craft({ cells, metrics: { 'wait_all.mean': [5, 5, 5], 'wait_all.mean[class=a]': a, 'wait_all.mean[class=b]': b, 'wait_all.mean[class=c]': c } });
  it('are told one by one between the ends of the class that moves most', () => expect(said(movesFinding(waits([9, 5, 2], [1, 2, 3], [4, 4, 4])))).toContain('From 0 to 1 each call of class a waits 7 s less, of class c the same and of class b 2 s more.'));
  it('are told to wait alike', () => expect(said(movesFinding(waits([9, 9, 9], [1, 1, 1], [4, 4, 4])))).toContain('Every class waits the same in every setting.'));
  it('are joined to their metric so that a list can be read', () => expect(full(craft({ cells: [{ alpha: 0 }, { alpha: 1 }], metrics: { 'wait.mean[class=a]': [1, 1], 'wait.mean': [1, 1] }, verdicts: { 'wait.mean[class=a]': [EQUAL], 'wait.mean': [EQUAL] } }))).toContain('Mean wait of served calls of class a and mean wait of served calls: equal in every replication'));
  it('have equal shares said once', () => { const curve = { atS: [0, 1, 2, 3], share: [1, 0.6, 0.3, 0.1] }; expect(said(tailFinding(craft({ cells, n: 1, metrics: { starved: [0, 1, 2] }, curves: [{ all: { ...curve, share: [1, 0.9, 0.8, 0.4] } }, { all: curve }, { all: curve }] })))).toMatch(/^\d s after arrival \d+ % of the calls still wait at 0 and \d+ % at 0\.5 and 1\.$/); });
});
