// `trace` through the front door: what it prints, writes and refuses; what it fits can be run.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import type { TraceDescription, TraceFit } from '../../sim/trace-results.ts';
import { sharedData } from '../workload/shared.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-trace-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
const put = (name: string, content: string): void => { writeFileSync(path.join(cwd, name), content); };
async function say(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd }), code = await main(['trace', ...args], io);
  return { code, out: io.out(), err: io.err() };
}

let at = 0;
put('t.csv', `arrival,prompt_tokens,output_tokens,session\n${Array.from({ length: 400 }, (_, i) => `${(at += ((i * 7919) % 97) / 50).toFixed(3)},${100 + ((i * 31) % 500)},${1 + ((i * 17) % 60)},s${i % 7}`).join('\n')}\n`);
put('bad.csv', 'arrival,prompt_tokens,output_tokens\n0,1,1\nx,1,1\n1,2,1\n3,1,1\n');
put('own.jsonl', '{"schema":"schedlab/trace@1"}\n{"id":"a","arrival":0,"prompt":[],"output_tokens":1}\n{"id":"b","arrival":0,"prompt":[],"output":1}\n');

describe('trace inspect', () => {
  it('prints what a trace is like', async () => {
    const { code, out, err } = await say('inspect', 't.csv');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^t\.csv · plain · 400 rows, none dropped\n\n400 calls arrive within 383 s, [\d.]+ a second; [\d\u202f]+ prompt and [\d\u202f]+ output tokens\n\n +unit +mean +CV² +p5 +p50 +p95/);
    expect(out).toMatch(/\nprompt .*tokens[^]*\noutput .*tokens[^]*\ncalls in a window: variance ÷ mean[^]*\nprograms: 7 by session; 0 calls wait[^]*\nfield session: 7 values, most often s0 \(58\)/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('puts one JSON document on stdout under --json, and nothing else', async () => {
    const { code, out, err } = await say('inspect', 't.csv', '--json');
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ schema: 'schedlab/trace-description@1', file: { path: 't.csv', rowsRead: 400 }, programs: { programs: 7 } } satisfies { schema: TraceDescription['schema']; file: unknown; programs: unknown });
  });

  it('tells rows that are left out with file, line and reason', async () => {
    expect(await say('inspect', 'bad.csv', '-q')).toEqual({ code: 0, out: '', err: 'warning: bad.csv:3: arrival cannot be read as a time; this row is left out\n' });
  });

  it('shows a bad row of schedlab/trace@1 with its line', async () => {
    const { code, out, err } = await say('inspect', 'own.jsonl', '--page', 'own.html');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: unknown key "output" \(.*own\.jsonl:3:35\)\n {2}3 \| \{"id":"b".*\n +\^{8}\n/);
    expect(existsSync(path.join(cwd, 'own.html'))).toBe(false);
  });

  it('writes a page with a strict policy, and says where', async () => {
    const { code, err } = await say('inspect', 't.csv', '--page', 't.html');
    expect([code, err]).toEqual([0, 'page     t.html      open with --open\n']);
    const page = readFileSync(path.join(cwd, 't.html'), 'utf8');
    expect(/Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[^&]+&#39;; script-src &#39;(none|sha256-[^&]+)&#39;;/.test(page)).toBe(true);
    expect(page.includes('npx schedlab trace inspect t.csv --page t.html')).toBe(true);
  });
});

describe('trace convert', () => {
  it('writes the trace anew and says what it left out', async () => {
    expect(await say('convert', 't.csv', '--to', 'schedlab', '-o', 't.jsonl.gz')).toEqual({ code: 0, out: '', err: 'wrote t.jsonl.gz: 400 rows as schedlab, from plain\n' });
    const { code, out, err } = await say('convert', 't.jsonl.gz', '--to', 'azure-2023', '-o', 'back.csv', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ from: { format: 'schedlab', rowsRead: 400 }, to: { path: 'back.csv', rows: 400 }, leftOut: ['session'], added: ['its calendar begins at 1970-01-01, because the trace has no date'] });
    expect(err).toMatch(/^warning: azure-2023 cannot hold all of this trace; left out: session/);
  });

  it('leaves the file that was there where it fails', async () => {
    put('kept.jsonl', 'mine');
    expect((await say('convert', 'own.jsonl', '--to', 'plain', '-o', 'kept.jsonl')).code).toBe(2);
    expect(readFileSync(path.join(cwd, 'kept.jsonl'), 'utf8')).toBe('mine');
    expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('trace fit', () => {
  it('writes scenarios that run, as YAML and as code', async () => {
    const { code, out, err } = await say('fit', 't.csv', '-o', 'fitted.yaml', 'output=gamma');
    expect(code).toBe(0);
    expect(out).toMatch(/^t\.csv · plain · laws for 400 calls\n\ngaps +distance +AIC above the least +mean +CV² +by\n/);
    expect(out).toContain('gamma: asked for');
    expect(err).toMatch(/scenario fitted\.yaml\nrun {6}npx schedlab run \.\/fitted\.yaml\n$/);
    expect((await say('fit', 't.csv', '-o', 'fitted.ts', '-q')).code).toBe(0);
    const io = fakeIo({ cwd });
    expect([await main(['run', './fitted.yaml', 'calls=300', '--reps', '2', '-j', '1', '--no-report', '--out', 'yaml', '-q'], io), io.err()]).toEqual([0, expect.not.stringContaining('error') as string]);
    const text = readFileSync(path.join(cwd, 'fitted.ts'), 'utf8');
    expect(text).toMatch(/^\/\/ Calls like those of t\.csv \(plain, sha256 [0-9a-f]{12}\), as schedlab trace fit found them\.\n/);
  });

  it('puts the laws on stdout as JSON', async () => {
    const fit = JSON.parse((await say('fit', 't.csv', '--json', '-q')).out) as TraceFit;
    expect(fit.schema).toBe('schedlab/trace-fit@1');
    for (const quantity of [fit.gaps, fit.prompt, fit.output]) expect(quantity.fits.map(({ law }) => law)).toEqual(['exponential', 'gamma', 'lognormal', 'pareto', 'hyperexponential', 'empirical']);
  });
});

describe('what trace refuses', () => {
  it.each([
    [[], 'trace needs a word that says what to do'], [['inspct', 't.csv'], 'Did you mean "inspect"'], [['inspect'], 'trace inspect needs a trace'], [['inspect', 'format=plain'], 'trace inspect needs a trace'],
    [['inspect', 'none.csv'], 'there is no such file'], [['inspect', '.'], 'it is a directory'], [['inspect', 't.csv', 'fromat=plain'], 'Did you mean "format"'], [['inspect', 't.csv', 'format=plian'], 'Did you mean "plain"'],
    [['inspect', 't.csv', '-o', 'x'], '--out means nothing in trace inspect'], [['inspect', 't.csv', '--open'], 'Write --page FILE too'], [['inspect', 't.csv', '--page', 'no/where.html'], 'there is no folder'],
    [['convert', 't.csv', '-o', 'x'], 'trace convert needs a format'], [['convert', 't.csv', '--to', 'plain'], 'trace convert needs a file'], [['convert', 't.csv', '--to', 'burstgpt', '-o', 'x'], 'unknown trace format "burstgpt"'],
    [['convert', 't.csv', '--to', 'plain', '-o', 't.csv'], 'is the trace itself'], [['convert', 't.csv', '--to', 'plain', '-o', '.'], 'is a folder'],
    [['fit', 't.csv', '-o', 'x.json'], 'names no scenario file'], [['fit', 't.csv', 'gaps=gama'], 'Did you mean "gamma"'], [['fit', 't.csv', 'gaps=gamma,pareto'], 'has several values'], [['fit', 't.csv', 'x'], ''],
  ])('%j', async (args, said) => {
    const before = readdirSync(cwd).sort(), { code, out, err } = await say(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err.replace(/\n +/g, ' ')).toContain(said);
    expect(err).toMatch(/^error: /);
    expect(readdirSync(cwd).sort()).toEqual(before);
  });
});

const azure = sharedData('traces/azure-llm-2023-code.csv');
it.skipIf(azure.absent)(azure.name('a recorded trace is fitted, and its scenario runs'), async () => {
  expect((await say('fit', azure.path, '-o', 'azure.yaml', '-q')).code).toBe(0);
  const io = fakeIo({ cwd });
  expect(await main(['run', './azure.yaml', '--reps', '1', '-j', '1', '--no-report', '--out', 'azure', '--json', '-q'], io)).toBe(0);
  const { cells } = JSON.parse(io.out()) as { cells: readonly { metrics: Readonly<Record<string, { mean: number }>> }[] };
  expect(cells[0].metrics['completed'].mean).toBe(8819);
});
