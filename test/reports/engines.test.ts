// Engines and the time of calls in the report: every wording, the joining of bins, and panels for what there is alone.
import { describe, expect, it } from 'vitest';
import { engines } from '../../reports/charts/engines.ts';
import { split } from '../../reports/charts/split.ts';
import { drawn, engineRuns, overall } from '../../reports/engines.ts';
import { sectionsOf } from '../../reports/sections.ts';
import type { CallSplitRecord, EngineCourse, EngineSeriesRecord } from '../../sim/results.ts';
import { craft, plainText, said, type Crafted } from './craft.ts';

const course = (more: Partial<EngineCourse> = {}): EngineCourse => ({
  binS: 1, peak: { running: 8, waiting: 0, kvUse: 0.4 }, busy: [1, 1, 1, 1], running: [2, 4, 4, 2], waiting: [], kvUse: [0.1, 0.3, 0.3, 0.1],
  steps: [10, 10, 10, 10], decodeTokens: [20, 40, 40, 20], prefillTokens: [100, 0, 0, 100], promptTokens: [400, 400, 0, 0], cachedTokens: [], preemptions: [], ...more,
});
const record = (more: Partial<EngineCourse> = {}, count = 1, each: readonly EngineCourse[] = []): EngineSeriesRecord => ({ endS: 4, engines: count, all: course(more), each });
const study = (records: readonly EngineSeriesRecord[], more: Partial<Crafted> = {}): ReturnType<typeof craft> => craft({ cells: records.length === 1 ? [{}] : records.map((_, i) => ({ rate: 10 * (i + 1) })), n: 1, metrics: { starved: records.map(() => 0) }, engines: records, ...more });
const finding = (...records: readonly EngineSeriesRecord[]): string => said(engines.finding(study(records)));

describe('what goes on inside the engines', () => {
  it('is nothing short', () => expect(finding(record())).toBe('Nothing is short inside the engines: no request loses its place, none waits once a step is planned, and no engine ever holds more than 40 % of its KV blocks. On average an engine runs 3 requests, 8 at the most, and computes 8 tokens a step; it is busy 100 % of the time. Nothing of the prompts is found in the cache.'));
  it('is requests that wait for places', () => expect(finding(record({ waiting: [1, 2, 2, 1], peak: { running: 8, waiting: 5, kvUse: 0.4 } }))).toContain('Requests wait inside the engines although at most 40 % of an engine\'s KV blocks are held: places or tokens of a step are short, not blocks. 1.5 wait in an engine on average, 5 at the most.'));
  it('is a cache that is full', () => expect(finding(record({ waiting: [1, 2, 2, 1], peak: { running: 8, waiting: 5, kvUse: 0.99 } }))).toContain('The KV cache is full at times (99 % of an engine\'s blocks), and none loses its place. 1.5 wait'));
  it('is preemption, by setting', () => expect(finding(record({ preemptions: [0, 3, 0, 0] }), record())).toContain('The KV cache runs full: requests lose their places 3 times at rate 10 and no times at 20'.replace('no times', '0 times')));
  it('is told from the least to the most, and by the table, where names are long', () => {
    const name = (i: number): string => `h100-llama-3.1-8b-tp${i}`, records = [record(), record({ running: [4, 8, 8, 4], busy: [0.5, 0.5, 0.5, 0.5] })];
    const text = said(engines.finding(study(records, { cells: records.map((_, i) => ({ engine: name(i), engines: i + 1 })) })));
    expect(text).toContain('On average an engine runs 3 to 6 requests, 8 at the most, and computes 8 tokens a step; it is busy 50 % to 100 % of the time. The table has each of the 2 settings.');
    expect(text).not.toContain('h100');
  });
  it('is what the cache finds', () => expect(finding(record({ cachedTokens: [100, 100, 0, 0] }))).toContain('25 % of the prompt tokens that came in are found in the cache.'));

  it('joins bins without loss, by engine and with the range of the engines', () => {
    const one = course({ binS: 2, running: [1, 2], steps: [8, 12], decodeTokens: [16, 24] }), two = course({ binS: 2, running: [2, 4], steps: [12, 8], decodeTokens: [44, 36] });
    const [run] = engineRuns(study([record({ running: [2, 4, 6, 6] }, 2, [one, two])]));
    expect(overall(run, 'running')).toEqual({ fromS: 0, toS: 4, mean: 2.25, low: 1.5, high: 3 });
    expect(drawn(run, 'running').map(({ fromS, toS, mean, low, high }) => [fromS, toS, mean, low, high])).toEqual([[0, 2, 1.5, 1, 2], [2, 4, 3, 2, 4]]);
    expect(drawn(run, 'decode').map(({ mean }) => mean)).toEqual([3, 3]);
    expect(drawn(run, 'hits').map(({ mean }) => mean)).toEqual([0, null]);
  });

  it('draws what there is, and says all in its table', async () => {
    const made = study([record({ preemptions: [0, 3, 0, 0] }, 2, [course({ binS: 2 }), course({ binS: 2 })])]);
    expect(engines.panels(made)).toHaveLength(6);
    const table = engines.table(made);
    expect(table.rows.map(({ cells }) => plainText(cells[0])).slice(0, 4)).toEqual(['whole run', 'engine 0', 'engine 1', '0 to 0.5 s']);
    expect(table.rows.every(({ cells }) => cells.length === table.columns.length)).toBe(true);
    expect((await sectionsOf(made)).map(({ id }) => id)).toContain('engines');
  });

  it('is not asked of runs without such engines', () => expect([engines.applies(study([], { cells: [{}], metrics: { starved: [0] } })), split.applies(study([], { cells: [{}], metrics: { starved: [0] } }))]).toEqual([false, false]));
});

describe('where the time of a call goes', () => {
  const parts = (gate: number, engineWait: number, decode: number, preempted = 0): CallSplitRecord => ({ calls: 10, seconds: { gate, frontEnd: 1, engineWait, prefill: 9, decode, preempted, recomputed: preempted } });
  const told = (...splits: readonly CallSplitRecord[]): ReturnType<typeof craft> => craft({ cells: splits.length === 1 ? [{}] : splits.map((_, i) => ({ rate: 10 * (i + 1) })), n: 1, metrics: { starved: splits.map(() => 0) }, split: splits });
  it('is told part by part for one setting', () => expect(said(split.finding(told(parts(0, 0, 90))))).toBe('90 % of the time of a call is decode, 9 % prefill and 1 % front end.'));
  it('is told by the largest part for several', () => expect(said(split.finding(told(parts(0, 0, 90), parts(5, 80, 5))))).toBe('Of the time of a call, decode takes most at rate 10: 90 % and engine wait takes most at rate 20: 80 %. Waiting, at the gate and in the engine, is 0 % (rate 10) to 85 % (20).'));
  it('names what preemption costs', () => expect(said(split.finding(told(parts(0, 0, 80, 5))))).toContain('Preemption costs 10 % of it, thrown out and computed again.'));
  it('is drawn and tabled', async () => {
    const made = told(parts(0, 0, 90), parts(5, 80, 5)), section = (await sectionsOf(made)).find(({ id }) => id === 'split')!;
    expect(section.table.rows.map(({ cells }) => plainText(cells.join('|')))).toEqual(['10|0 %|1 %|0 %|9 %|90 %|0 %|0 %|10|10', '20|5 %|1 %|80 %|9 %|5 %|0 %|0 %|10|10']);
    expect(section.panels[0].wide.svg).toContain('engine wait 80');
  });
  it('has a key with every part that occurs, and no other', async () => {
    const svg = (await sectionsOf(told(parts(0, 0, 90), parts(5, 80, 5)))).find(({ id }) => id === 'split')!.panels[0].wide.svg, words = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, word]) => word);
    for (const word of ['gate', 'front end', 'engine wait', 'prefill', 'decode']) expect(words).toContain(word);
    for (const word of ['preempted', 'recomputed']) expect(words).not.toContain(word);
  });
  it('has fewer marks on a narrow axis', async () => {
    const { wide, narrow } = (await sectionsOf(told(parts(0, 0, 90), parts(5, 80, 5)))).find(({ id }) => id === 'split')!.panels[0];
    expect([wide.svg, narrow.svg].map((svg) => plainText(svg).includes('>100 %<'))).toEqual([true, true]);
    const names = ['h100-llama-3.1-8b-tp1', 'rtx4090-llama-3.1-8b-tp1'], long = craft({ cells: names.map((engine) => ({ engine })), n: 1, metrics: { starved: [0, 0] }, split: [parts(0, 0, 90), parts(0, 1, 90)] });
    const panel = (await sectionsOf(long)).find(({ id }) => id === 'split')!.panels[0];
    expect([panel.wide.svg, panel.narrow.svg].map((svg) => plainText(svg).includes('>75 %<'))).toEqual([true, false]);
    for (const name of names) expect(panel.wide.svg).toContain(`>${name}<`);
  });
  it('says which settings are not drawn, and why', () => {
    const mixed = (completed: number): ReturnType<typeof craft> => craft({ cells: [{ engine: 'h100' }, { engine: 'slots:8' }], n: 1, metrics: { completed: [10, completed] }, split: [parts(0, 0, 90), undefined] });
    expect(said(split.finding(mixed(10)))).toContain('Not drawn: slots:8. Slots know no front end, prefill or decode: where time goes is told of batch engines alone.');
    expect(said(split.finding(mixed(0)))).toContain('Not drawn: slots:8. Nothing was completed there.');
  });
});
