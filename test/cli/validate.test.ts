// `validate`: what would be read, assumed and left out, and that nothing is run or written.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-validate-')), trace = path.join(cwd, 't.csv');
writeFileSync(trace, 'arrival,prompt_tokens,output_tokens\n0,10,2\nx,1,1\n1,10,2\n');
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
async function say(argv: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd, env }), code = await main(['validate', ...argv], io);
  expect(readdirSync(cwd)).toEqual(['t.csv']);
  return { code, out: io.out(), err: io.err() };
}

describe('validate', () => {
  it('tells rows read, rows dropped and why, what is assumed and what is left out', async () => {
    const { code, out, err } = await say(['trace-replay', `trace=${trace}`, 'policy=fcfs,loco']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toBe(`trace-replay is valid: a request trace on a pool of engines
2 cells × 1 replication, a window that ends
read: ${trace}, plain, 2 rows, 1 dropped (units: arrival in s, prompt_tokens and output_tokens in tokens; 1 row dropped: arrival cannot be read as a time (first at line 3))
assumed: service of a call: prompt ÷ 8000 + output ÷ 50 tokens/s, whatever else runs
assumed: agents are made up: 10 of them, each call given to one by FNV-1a 32 of its id modulo 10; 2 have calls
assumed: open loop: arrivals as recorded, whatever the answers take; this trace does not tell who waits for whom
not simulated: batching: a place serves its call at a fixed rate, KV cache and shared prefixes, network
`);
  });
  it('answers in JSON on request', async () => {
    const { out } = await say(['trace-replay', `trace=${trace}`, '--json']);
    expect(JSON.parse(out)).toMatchObject({ valid: true, data: [{ format: 'plain', rowsRead: 2, rowsDropped: 1 }], assumptions: [expect.any(String), expect.any(String), expect.any(String)] });
  });
  it('asks the world that the environment names', async () => {
    const { code, err } = await say(['trace-replay', `trace=${trace}`, 'engines=2'], { SCHEDLAB_TARGET: 'http://127.0.0.1:9' });
    expect([code, err]).toEqual([2, expect.stringContaining('2 engines are not possible live yet') as string]);
  });
  it('says what is wrong with a law in its own words, once', async () => {
    expect((await say(['queueing', 'service=foo'])).err).toMatch(/^error: service in validate: the distribution "foo" has an unknown name\n {2}Valid: [^"]*\.\n$/);
  });
});
