// `--dry-run`: cells, runs and time, and that nothing is written.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-dry-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
async function dry(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd }), before = readdirSync(cwd), code = await main([...argv, '-n', '-j', '2'], io);
  expect(readdirSync(cwd)).toEqual(before);
  return { code, out: io.out(), err: io.err() };
}

describe('--dry-run', () => {
  it('tells cells × replications, the values of every key, each cell, and the time with how it was found', async () => {
    const { code, out, err } = await dry('sweep', 'loco-fairness', 'alpha=0,1', 'ticks=20,40', '--reps', '3', '--seed', 'x');
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/^loco-fairness · 4 cells × 3 replications = 12 runs · seed "x"\n {2}alpha {2}0, 1\n {2}ticks {2}20, 40\ncells\n(?: {2}[0-9a-f]{12} {2}alpha=[01] ticks=[24]0(?: ◂ baseline)?\n){4}about [\d.]+ m?s with 2 workers: one replication takes [\d.]+ m?s \(alpha=.*\)\n$/);
  });

  it('folds many cells and many values, and still shows the baseline', async () => {
    const { err } = await dry('sweep', 'loco-fairness', 'alpha=0:1:0.01', 'ticks=20', '--baseline', 'alpha=0.5');
    expect(err).toContain('101 cells × 10 replications = 1010 runs');
    expect(err).toContain('  alpha  0, 0.01, 0.02, 0.03, … 0.99, 1 (101 values)\n');
    expect(err).toContain('  … 90 more\n');
    expect(err).toMatch(/alpha=0\.5 ◂ baseline\n/);
    expect(err.split('\n').length).toBeLessThan(20);
  });

  it('of one cell has no list', async () => {
    expect((await dry('run', 'loco-fairness', 'ticks=20')).err).toMatch(/^loco-fairness · 1 cell × 10 replications = 10 runs · seed "1"\nabout .*: one replication takes [\d.]+ m?s\n$/);
  });

  it('says what --until may add, and asks no endpoint', async () => {
    expect((await dry('run', 'queueing', 'calls=200', '--until', 'ci=5%', '--max-reps', '30')).err).toContain('; --until may ask for up to 30 replications a cell, 30 runs\n');
    expect((await dry('run', 'loco-burst', '--target', 'http://127.0.0.1:9')).err).toContain('how long it takes depends on http://127.0.0.1:9: nothing was sent there\n');
  });

  it('counts what a folder holds already, and refuses a folder that the run would refuse', async () => {
    const argv = ['sweep', 'loco-fairness', 'alpha=0,1', 'ticks=20'];
    expect(await main([...argv, '--reps', '2', '-o', 'part', '-q', '--no-report', '-j', '1'], fakeIo({ cwd }))).toBe(0);
    const { err } = await dry(...argv, '--reps', '5', '-o', 'part', '--resume');
    expect(err).toContain('4 of these runs are stored already: 6 runs to do\n');
    const refused = await dry(...argv, '-o', 'part');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('holds results already') as string]);
    expect((await dry(...argv, '--reps', '2', '-o', 'part', '--resume')).err).toMatch(/4 of these runs are stored already: 0 runs to do\n$/);
  });

  it('answers in JSON, alone where quiet is asked for', async () => {
    const { out, err } = await dry('sweep', 'loco-fairness', 'alpha=0,0.5,1', 'ticks=20', '--reps', '4', '--json', '-q');
    expect(err).toBe('');
    const found = JSON.parse(out) as { axes: unknown; cells: unknown[]; tried: { cell: string; secondsPerReplication: number }[]; estimateS: number };
    expect(found).toMatchObject({ scenario: 'loco-fairness', axes: { alpha: ['0', '0.5', '1'] }, replications: 4, runs: 12, stored: 0, workers: 2 });
    expect([found.cells.length, found.tried.length, found.estimateS > 0]).toEqual([3, 3, true]);
  });

  it('gives up on a replication that takes long, and says so', async () => {
    const { err } = await dry('run', 'queueing', 'calls=100000000', '--reps', '4');
    expect(err).toMatch(/\nover [\d.]+ s with 2 workers: one replication takes over [\d.]+ s\n$/);
  }, 60_000);

  it('leaves a trace that it reads alone', async () => {
    writeFileSync(path.join(cwd, 't.jsonl'), '{"arrival":0,"prompt_tokens":5,"output_tokens":3}\n');
    expect((await dry('run', 'trace-replay', `trace=${path.join(cwd, 't.jsonl')}`)).err).toMatch(/^trace-replay · 1 cell × 1 replication = 1 run · seed "1"\n/);
  });
});
