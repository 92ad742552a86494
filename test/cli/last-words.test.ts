// What is said where something ends early: an interruption, a full folder, a name that is none.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-last-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
writeFileSync(path.join(cwd, 't.csv'), 'arrival,prompt_tokens,output_tokens\n0,80,5\n');

async function say(...argv: readonly string[]): Promise<{ code: number; err: string; out: string }> {
  const io = fakeIo({ cwd, columns: 1000 });
  return { code: await main(argv, io), err: io.err(), out: io.out() };
}
/** Ctrl-C as soon as anybody listens, twice. */
async function stopped(...argv: readonly string[]): Promise<{ code: number; err: string }> {
  const io = fakeIo({ cwd, columns: 1000 });
  const code = await main(argv, { ...io, onInterrupt: (handler) => { handler(); handler(); return () => { /* nothing listens */ }; } });
  return { code, err: io.err() };
}

describe('Ctrl-C', () => {
  it('in trace convert is told in one line, and leaves no file', async () => {
    expect(await stopped('trace', 'convert', 't.csv', '--to', 'schedlab', '-o', 'out.jsonl')).toEqual({ code: 130, err: 'interrupted: t.csv was not read to its end, and nothing is written\n' });
    expect(readdirSync(cwd).filter((name) => name.startsWith('out'))).toEqual([]);
  });
  it('in reproduce before anything is repeated does not call nothing equal', async () => {
    expect((await say('run', 'loco-burst', '--reps', '4', '--no-report', '-o', 'four')).code).toBe(0);
    const { code, err } = await stopped('reproduce', 'four');
    expect(code).toBe(130);
    expect(err).toContain('interrupted: none of 4 replications is repeated, and nothing is known of them');
  });
});

describe('a page or report that cannot be written', () => {
  it('of trace inspect names --page, the flag that there is', async () => {
    const { code, err } = await say('trace', 'inspect', 't.csv', '--quiet', '--page', `${'a'.repeat(248)}.html`);
    expect(code).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toMatch(/name another file with --page FILE/);
    expect(err).not.toMatch(/--out/);
  });
  it('of a run says that the results are saved, and how the report is written elsewhere', async () => {
    await say('run', 'loco-burst', '--reps', '2', '--no-report', '-o', 'blocked');
    mkdirSync(path.join(cwd, 'blocked', 'report.html'));
    const { code, err } = await say('run', 'loco-burst', '--reps', '2', '-o', 'blocked', '--resume');
    expect(code).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toMatch(/The results are saved in blocked, all but the report/i);
    expect(err).toMatch(/npx\s+schedlab\s+report\s+blocked\s+--out\s+DIR/);
  });
});

it('redo is the short command, and the manifest keeps the long one', async () => {
  const { err } = await say('run', 'loco-burst', '--reps', '2', '--no-report', '-o', 'short');
  expect(err).toContain('redo     npx schedlab reproduce short\n');
});
it('check of a file that is not there says what to do', async () => { expect(await say('check', 'nope.ts')).toMatchObject({ code: 2, err: expect.stringMatching(/there is no file "nope.ts"\n {2}Check the path, or name what ships/) as string }); });
it('a folder without results says what to name', async () => { expect((await say('compare', '.', '.')).err).toMatch(/is no results folder.*\n {2}Name one that run or sweep has written/); });
it('one call and one row are singular', async () => {
  const { out } = await say('trace', 'inspect', 't.csv');
  expect(out).toMatch(/ 1 row, none dropped/);
  expect(out).toMatch(/^1 call arrives within/m);
  expect((await say('trace', 'convert', 't.csv', '--to', 'azure-2023', '-o', 'a.csv')).err).toBe('note: azure-2023: its calendar begins at 1970-01-01, because the trace has no date\nwrote a.csv: 1 row as azure-2023, from plain\n');
});
