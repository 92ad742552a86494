// Whether a setting matters: decisions of two cells side by side, each cause of equal runs from real runs, and a folder that keeps them through interruption and any number of workers.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareFolders } from '../../sim/experiment/compare.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { readFolder } from '../../sim/experiment/folder.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import { uniteFolders, type FinishedFolder } from '../../sim/experiment/unite.ts';
import type { DecisionContrast } from '../../sim/results.ts';
import { SCENARIOS } from '../../scenarios/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'schedlab-trails-'));
afterAll(() => { rmSync(dir, { recursive: true, force: true }); });

const planOf = (name: string, given: Record<string, unknown>, swept: Record<string, readonly unknown[]>) => planExperiment({
  scenario: SCENARIOS[name]!, version: '0',
  given: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { value, origin: 'flag' as const, where: 'test' }])),
  swept: Object.entries(swept).map(([key, values]) => ({ key, values })),
});
async function contrasts(name: string, given: Record<string, unknown>, swept: Record<string, readonly unknown[]>, reps = 2): Promise<readonly DecisionContrast[]> {
  const { summary } = await runExperiment(planOf(name, given, swept), { reps });
  return summary.decisions ?? [];
}
const causesOf = async (...args: Parameters<typeof contrasts>): Promise<unknown[]> => (await contrasts(...args)).map(({ differ, pairs, equalPairs, alike }) => [differ, pairs === equalPairs, alike?.causes]);

describe('a setting that does not matter', () => {
  it('because never more than one call waited', async () => { expect(await causesOf('queueing', { servers: 64, load: 0.05, calls: 500 }, { policy: ['fcfs', 'oldest-first'] })).toEqual([[0, true, ['one-call']]]); });
  it('because never more than one agent waited', async () => { expect(await causesOf('loco-fairness', { agents: 1, ticks: 60, guard: 'off' }, { alpha: [0.75, 1] })).toEqual([[0, true, ['one-agent']]]); });
  it('because all scores were equal', async () => {
    const trace = join(dir, 'burst.csv');
    writeFileSync(trace, `arrival,prompt_tokens,output_tokens,agent\n${Array.from({ length: 12 }, (_, i) => `0,80,5,agent ${i}`).join('\n')}\n`);
    expect(await causesOf('trace-replay', { trace, identity: 'field:agent', engine: 'slots:1', policy: 'loco', guard: 'off' }, { alpha: [0, 0.5, 1] })).toEqual([[0, true, ['scores']], [0, true, ['scores']]]);
  });
  it('because the guard decided', async () => { expect(await causesOf('loco-fairness', { ticks: 100 }, { alpha: [0.5, 1] })).toEqual([[0, true, ['guard']]]); });
  it('because there is one engine', async () => { expect(await causesOf('queueing', { servers: 1, calls: 300, balancer: 'round-robin' }, { balancer: ['round-robin', 'least-loaded'] })).toEqual([[0, true, ['one-engine']]]); });
  it('because both put the calls in the same order', async () => { expect(await causesOf('queueing', { servers: 1, load: 0.9, calls: 500 }, { policy: ['fcfs', 'oldest-first'] })).toEqual([[0, true, ['order']]]); });
});

describe('a setting that matters', () => {
  it('has decisions that differ, from the first one on', async () => {
    const [low] = await contrasts('loco-fairness', { ticks: 100, guard: 'off' }, { alpha: [0.25, 0.75] });
    expect(low).toMatchObject({ pairs: 2, equalPairs: 0, samePairs: 0, compared: 200, isCut: false, alike: null });
    expect(low!.differ).toBeGreaterThan(50);
    expect(low!.first!.decision).toBeLessThan(30);
  });
  it('is not said to have no effect where it acts on something else than who goes next', async () => {
    expect(await contrasts('queueing', { calls: 300 }, { discipline: ['nonpreemptive', 'ps'] })).toMatchObject([{ alike: null }]);
  });
  it('inside a preempting engine is seen there', async () => {
    expect((await contrasts('queueing', { calls: 300, discipline: 'preempt-resume', load: 0.9 }, { policy: ['fcfs', 'atlas'] }))[0]).toMatchObject({ equalPairs: 0, alike: null });
  });
  it('of routing differs in engines alone', async () => {
    const [found] = await contrasts('queueing', { servers: 3, calls: 300 }, { balancer: ['round-robin', 'least-loaded'] });
    expect(found!.differ).toBeGreaterThan(50);
  });
});

describe('trails in a folder', () => {
  const plan = () => planOf('loco-fairness', { ticks: 50, guard: 'off' }, { alpha: [0, 0.5, 1] });
  const files = (name: string): string[] => ['trails.jsonl', 'replications.jsonl', 'summary.json', 'summary.csv'].map((file) => readFileSync(join(dir, name, file), 'utf8'));
  let whole: string[];

  it('come in the order of cells and replications', async () => {
    await runExperiment(plan(), { reps: 3, outDir: join(dir, 'whole') });
    whole = files('whole');
    const lines = (text: string): string[] => text.trim().split('\n').map((line) => { const { cell, replication } = JSON.parse(line) as { cell: string; replication: number }; return `${cell} ${replication}`; });
    expect(lines(whole[0]!)).toEqual(lines(whole[1]!));
    expect(whole[0]!.split('\n')).toHaveLength(10);
  });
  it('end the same after an interruption at any place, with what was cut run again', async () => {
    const manifest = readFileSync(join(dir, 'whole', 'manifest.json'), 'utf8'), trails = whole[0]!.split('\n'), records = whole[1]!.split('\n');
    for (const [kept, cut] of [[0, 0], [2, 0], [4, 10], [9, 0]] as const) {
      const name = `cut-${kept}-${cut}`, out = join(dir, name);
      mkdirSync(out);
      writeFileSync(join(out, 'manifest.json'), manifest);
      writeFileSync(join(out, 'trails.jsonl'), trails.slice(0, kept).map((line) => `${line}\n`).join('') + (trails[kept] ?? '').slice(0, cut));
      writeFileSync(join(out, 'replications.jsonl'), records.slice(0, Math.max(0, kept - 1)).map((line) => `${line}\n`).join(''));
      await runExperiment(plan(), { reps: 3, outDir: out, resume: true });
      expect(files(name)).toEqual(whole);
    }
  });
  it('that were lost are made again', async () => {
    await runExperiment(plan(), { reps: 3, outDir: join(dir, 'lost') });
    rmSync(join(dir, 'lost', 'trails.jsonl'));
    const { reused, warnings } = await runExperiment(plan(), { reps: 3, outDir: join(dir, 'lost'), resume: true });
    expect([reused, warnings.length]).toEqual([0, 1]);
    expect(files('lost')).toEqual(whole);
  });
  it('of another run are not taken for those of this one', async () => {
    const folder = readFolder(join(dir, 'whole')), [first] = folder.records;
    expect(folder.trails!().get(first!)!.program.length).toBe(first!.decisions!.count);
    writeFileSync(join(dir, 'whole', 'trails.jsonl'), whole[0]!.replaceAll(first!.decisions!.digest, '0000000000000000'));
    expect(readFolder(join(dir, 'whole')).trails!().get(first!)).toBeUndefined();
    writeFileSync(join(dir, 'whole', 'trails.jsonl'), whole[0]!);
  });
  it('of several folders are compared as those of one', async () => {
    for (const [name, alpha] of [['left', [0, 0.5]], ['right', [1]]] as const) await runExperiment(planOf('loco-fairness', { ticks: 50, guard: 'off' }, { alpha }), { reps: 3, outDir: join(dir, name) });
    const united = uniteFolders([readFolder(join(dir, 'left')), readFolder(join(dir, 'right'))] as FinishedFolder[]), { decisions } = readFolder(join(dir, 'whole')).summary!;
    const plain = (all: readonly DecisionContrast[] | undefined): unknown => all?.map(({ cell, differ, compared }) => [cell, differ, compared]);
    expect([plain(united.summary.decisions), readdirSync(join(dir, 'left')).includes('trails.jsonl')]).toEqual([plain(decisions), true]);
  });
  it('of two folders are laid side by side by compare, where their seeds are the same', async () => {
    await runExperiment(planOf('loco-fairness', { ticks: 50, guard: 'off', alpha: 0.5 }, {}), { reps: 3, outDir: join(dir, 'half') });
    await runExperiment(planOf('loco-fairness', { ticks: 50, guard: 'off', alpha: 0.5 }, {}), { reps: 3, seed: 'other', outDir: join(dir, 'seed') });
    const half = readFolder(join(dir, 'half')), right = readFolder(join(dir, 'right'));
    expect(compareFolders(half, right).decisions).toMatchObject([{ name: 'loco-fairness → alpha=1', pairs: 3, equalPairs: 0, compared: 150 }]);
    expect(compareFolders(half, half).decisions).toMatchObject([{ pairs: 3, equalPairs: 3, samePairs: 3, differ: 0, alike: null }]);
    expect(compareFolders(half, readFolder(join(dir, 'seed'))).decisions).toEqual([]);
  });
});
