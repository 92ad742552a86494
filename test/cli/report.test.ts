// `report`: one folder or several; what cannot be read or united is refused before anything is written.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-report-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
async function say(...argv: string[]): Promise<{ code: number; err: string }> {
  const io = fakeIo({ cwd });
  return { code: await main(argv, io), err: io.err() };
}

beforeAll(async () => {
  const small = ['ticks=40', '--reps', '3', '-j', '1', '-q', '--no-report'];
  for (const argv of [['alpha=0,0.5', '-o', 'a'], ['alpha=0.5,1', '-o', 'b'], ['alpha=1', '-o', 'c', '--seed', 'x'], ['-o', 'd', 'policy=fcfs']]) expect((await say('sweep', 'loco-fairness', ...small, ...argv)).code).toBe(0);
});

describe('report', () => {
  it('over several folders is one report, in the first of them', async () => {
    const { code, err } = await say('report', 'a', 'b', 'd');
    expect(code).toBe(0);
    expect(err).toBe(`warning: the cell alpha=0.5 is in a and in b: the first is taken\nreport   ${path.join('a', 'report.html')}      open with --open\n`);
    expect(existsSync(path.join(cwd, 'b/report.html'))).toBe(false);
    const text = readFileSync(path.join(cwd, 'a/report.md'), 'utf8').replaceAll('\u00a0', ' ');
    for (const word of ['4 cells × 3 replications', '| fcfs |', '| 1 |', 'npx schedlab sweep loco-fairness']) expect(text).toContain(word);
    expect(readdirSync(path.join(cwd, 'a')).sort()).toEqual(['manifest.json', 'replications.jsonl', 'report.html', 'report.md', 'summary.csv', 'summary.json', 'trails.jsonl']);
  });
  it('goes where --out says, which is made', async () => {
    expect((await say('report', 'a', 'b', '-q', '--out', 'both/of/them')).code).toBe(0);
    expect(readdirSync(path.join(cwd, 'both/of/them')).sort()).toEqual(['report.html', 'report.md']);
  });
  it('writes through a link, and never replaces what is no plain file', async () => {
    mkdirSync(path.join(cwd, 'linked/report.md'), { recursive: true });
    writeFileSync(path.join(cwd, 'target.html'), 'old');
    symlinkSync(path.join(cwd, 'target.html'), path.join(cwd, 'linked/report.html'));
    const { code, err } = await say('report', 'a', '-q', '--out', 'linked');
    expect(code).toBe(2);
    expect(err).toBe(`error: cannot write ${JSON.stringify(path.join(cwd, 'linked/report.md'))}: it is no plain file\n  Take it away, or choose another folder with --out DIR.\n`);
    expect(readFileSync(path.join(cwd, 'target.html'), 'utf8')).toContain('<!doctype html>');
    expect(readdirSync(path.join(cwd, 'linked')).sort()).toEqual(['report.html', 'report.md']);
  });
  it.each([[['a', 'c'], 'other seeds, "1" and "x"'], [['none'], 'there is no folder'], [['a', 'none'], 'there is no folder'], [[], 'needs a folder']])('refuses %j and makes nothing', async (dirs, why) => {
    const { code, err } = await say('report', ...dirs, '--out', 'not-made');
    expect(code).toBe(2);
    expect(err).toContain(why);
    expect(existsSync(path.join(cwd, 'not-made'))).toBe(false);
  });
  it('refuses a folder whose run has no summary yet, and warns of damaged lines', async () => {
    rmSync(path.join(cwd, 'd/summary.json'));
    expect((await say('report', 'd')).err).toContain('d holds no summary.json');
    writeFileSync(path.join(cwd, 'c/replications.jsonl'), `${readFileSync(path.join(cwd, 'c/replications.jsonl'), 'utf8')}{"cut`);
    expect((await say('report', 'c')).err).toContain('1 damaged line in c/replications.jsonl left out');
  });
});
