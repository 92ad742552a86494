// What a quiet run still says, and what every run says of calls that were refused, cut or never asked.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SummaryFile } from '../../sim/results.ts';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-quiet-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

async function say(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  return { code: await main(argv, io), out: io.out(), err: io.err() };
}
const H = 'engine=h100-llama-3.1-8b-tp1', END = ['--reps', '1', '--no-report', '-q', '-j', '1'];
let runs = 0;
const quiet = (...argv: string[]): ReturnType<typeof say> => say('run', ...argv, ...END, '-o', `r${runs++}`);

describe('a quiet run', () => {
  it('warns of rows that were dropped, and --json tells them', async () => {
    writeFileSync(path.join(cwd, 'quote.csv'), 'arrival,prompt_tokens,output_tokens\n0,10,5\n1,"10,5\n');
    const { code, err, out } = await quiet('trace-replay', `trace=${path.join(cwd, 'quote.csv')}`, H, '--json');
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: read: .*quote\.csv, plain, 1 row, 1 dropped \(.*first at line 3/);
    expect((JSON.parse(out) as SummaryFile).notes).toContainEqual(expect.stringMatching(/^1 of 2 rows of .*quote\.csv was dropped$/));
  });

  it('warns of calls that were refused', async () => {
    const { err } = await quiet('open-load', H, 'requests=20', 'rate=20', 'blocks=2');
    expect(err).toMatch(/^warning: 20 calls were refused by the engine, the first because .* they count as failed\n$/);
  });

  it('says nothing where nothing is wrong', async () => { expect((await quiet('open-load', H, 'requests=20', 'rate=20')).err).toBe(''); });
});

describe('notes of a run', () => {
  it('count answers that were cut where the model\'s length is reached', async () => {
    const { err } = await quiet('open-load', H, 'requests=2', 'rate=20', 'output=1000000');
    expect(err).toContain('2 of 2 answers were cut where prompt and output reach 131072 tokens, as the server\'s length limit does');
    const notes = (shell: string): Promise<{ err: string }> => quiet('open-load', H, 'requests=1', 'output=1000000', '--shell', shell);
    expect((await notes('promise')).err).toBe((await notes('event')).err);
  });

  it('count the calls of a session that a refused one ended', async () => {
    for (const shell of ['event', 'promise']) {
      const { err } = await quiet('prefix-sessions', H, 'requests=20', 'groups=2', 'usersPerGroup=2', 'blocks=2', '--shell', shell);
      expect(err, shell).toContain('4 calls were refused by the engine');
      expect(err, shell).toContain('16 calls were never asked: a refused call ends its session');
    }
  });

  it('say that a trace without programs is replayed open loop', async () => {
    writeFileSync(path.join(cwd, 'open.csv'), 'arrival,prompt_tokens,output_tokens\n0,10,5\n');
    const { err } = await say('run', 'trace-replay', `trace=${path.join(cwd, 'open.csv')}`, H, '--no-report', '-o', 'open', '-j', '1');
    expect(err).toContain('open loop: arrivals as recorded, whatever the answers take; this trace does not tell who waits for whom');
  });
});

it('a trace file that begins after all is over says so', async () => {
  const { err } = await quiet('open-load', H, 'requests=5', '--trace', 't.json', '--trace-from', '1e9');
  expect(err).toMatch(/^warning: the trace holds no event: --trace-from 1000000000 is later than all that happens, and the last ends at [\d.]+ s\. Begin earlier/);
  expect(readFileSync(path.join(cwd, 't.json'), 'utf8')).not.toContain('"ph":"X"');
});

it('a setting of the engine that changes nothing is not explained by who waited at the gate', async () => {
  const { err } = await say('sweep', 'open-load', H, 'requests=30', 'rate=20', 'without=none,R8', '--reps', '2', '--no-report', '-o', 'sweep', '-j', '1');
  expect(err).toMatch(/no effect here, and the runs are equal in every replication/);
  expect(err).not.toContain('never more than one call waited');
});
