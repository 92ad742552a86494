// Lines of --calls, through the front door: ids, programs and classes of traces with and without them, equal through both shells.
import { gunzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import type { CallLine } from '../../sim/results.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-calls-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

let runs = 0;
async function calls(args: readonly string[], file = 'c.jsonl'): Promise<CallLine[]> {
  const io = fakeIo({ cwd });
  const code = await main([...args, '--no-report', '-q', '-j', '1', '-o', `out${runs++}`, '--calls', file], io);
  // Rows that were dropped are told of even to those who want quiet.
  expect([code, io.err().replace(/^warning: read: .* dropped .*\n/, '')]).toEqual([0, '']);
  const bytes = readFileSync(path.join(cwd, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim().split('\n').map((line) => JSON.parse(line) as CallLine);
}
function trace(text: string): string {
  const file = path.join(cwd, `t${runs}.csv`);
  writeFileSync(file, text);
  return `trace=${file}`;
}

const KEYS = ['replication', 'id', 'program', 'agent', 'engine', 'class', 'arrival', 'granted', 'scheduled', 'first_token', 'finished', 'prompt_tokens', 'cached_tokens', 'output_tokens', 'preemptions', 'outcome'];

describe('a line of --calls', () => {
  it('of a trace without ids and classes has the row number and the class all', async () => {
    const lines = await calls(['run', 'trace-replay', trace('arrival,prompt_tokens,output_tokens\n0,8000,50\n0.5,8000,50\n1,8000,50\n'), 'engine=slots:1']);
    expect(lines.map((line) => Object.keys(line))).toEqual(lines.map(() => KEYS));
    expect(lines[1]).toEqual({ replication: 0, id: '1', program: '1', agent: 'agent-4', engine: 0, class: 'all', arrival: 0.5, granted: 2, scheduled: 2, first_token: 3.02, finished: 4, prompt_tokens: 8000, cached_tokens: 0, output_tokens: 50, preemptions: 0, outcome: 'completed' });
    expect(lines.map((line) => line.id)).toEqual(['0', '1', '2']);
  });
  it('of a trace with ids and classes has its own', async () => {
    const lines = await calls(['run', 'trace-replay', trace('id,arrival,prompt_tokens,output_tokens,class,agent\nx-7,0,80,5,busy,ann\nx-8,0.1,80,5,quiet,bob\n'), 'identity=field:agent']);
    expect(lines.map((line) => [line.id, line.program, line.class, line.agent])).toEqual([['x-7', '0', 'busy', 'ann'], ['x-8', '1', 'quiet', 'bob']]);
  });
  it('keeps the number of its row in the file where rows were out of order or dropped', async () => {
    const lines = await calls(['run', 'trace-replay', trace('arrival,prompt_tokens,output_tokens\n3,80,5\nx,80,5\n1,80,5\n2,80,5\n')]);
    expect(lines.map((line) => line.id).sort()).toEqual(['0', '2', '3']);
  });
  it('is the same through both shells', async () => {
    const args = ['run', 'trace-replay', trace(`arrival,prompt_tokens,output_tokens\n${Array.from({ length: 40 }, (_, i) => `${i * 0.05},${(i * 317) % 900},${(i * 13) % 40}`).join('\n')}\n`), 'policy=loco', 'engines=2', 'engine=slots:2'];
    expect(await calls([...args, '--shell', 'promise'])).toEqual(await calls([...args, '--shell', 'event']));
  });
  it('numbers the calls of agents written as code within their agent', async () => {
    const lines = await calls(['run', 'agents-as-code', 'agents=2', 'tasks=1', '--reps', '1']);
    expect(lines.filter((line) => line.program === '1').map((line) => line.id).slice(0, 3)).toEqual(['1', '1.1', '1.2']);
    expect(lines.every((line) => line.class === 'all' && line.agent === `agent ${line.program}`)).toBe(true);
  });
  it('names its cell in a sweep, is packed where the file says so, and leaves no parts beside it', async () => {
    const lines = await calls(['sweep', 'loco-burst', 'alpha=0,1', '--reps', '2'], 'c.jsonl.gz');
    expect(lines).toHaveLength(36 * 4);
    expect(new Set(lines.map((line) => `${(line as CallLine & { cell: string }).cell} ${line.replication}`)).size).toBe(4);
    expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
  });
  it('is a trace itself', async () => {
    await calls(['run', 'loco-burst', '--reps', '1'], 'again.jsonl');
    expect(await calls(['run', 'trace-replay', `trace=${path.join(cwd, 'again.jsonl')}`, 'identity=field:agent'])).toHaveLength(36);
  });
});
