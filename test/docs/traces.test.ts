// The page about traces: its trace is read, every command of it is run, and prints what the page says.
// SCHEDLAB_WRITE_DOCS=1 npx vitest run test/docs/traces writes the printed block anew.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { ROW_KEYS, HEADER_KEYS } from '../../sim/workload/traces/schedlab-row.ts';
import { TRACE_FORMATS } from '../../sim/workload/traces/registry.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { ROOT, WRITES, blocksOf, commandsOf, read, words } from './pages.ts';

const PAGE = 'docs/bring-a-trace.md', text = read(PAGE);
const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-bring-')), home = process.cwd();
beforeAll(() => {
  writeFileSync(path.join(cwd, 'agents.jsonl'), blocksOf(PAGE).find(({ language }) => language === 'jsonl')!.text);
  let at = 0;
  writeFileSync(path.join(cwd, 'requests.csv'), `arrival,prompt_tokens,output_tokens\n${Array.from({ length: 300 }, (_, i) => `${(at += ((i * 37) % 41) / 30).toFixed(3)},${200 + ((i * 53) % 700)},${5 + ((i * 29) % 90)}`).join('\n')}\n`);
  // Data and scenarios are found from the folder of the process.
  process.chdir(cwd);
});
afterAll(() => { process.chdir(home); rmSync(cwd, { recursive: true, force: true }); });

async function run(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd }), code = await main(args, io);
  return { code, out: io.out(), err: io.err() };
}

describe('the commands of the page', () => {
  const commands = commandsOf(PAGE);
  test('are found', () => { expect(commands.length).toBeGreaterThanOrEqual(10); });
  test.each(commands.map(({ args, line }, i) => [`${PAGE}:${line} schedlab ${args.join(' ')}`, args, i] as const))('%s', async (_name, args, i) => {
    const more = args[0] === 'run' || args[0] === 'sweep' ? ['--reps', '1', '-j', '1', '--no-report', '-q', '--out', `out-${i}`] : [];
    const { code, err } = await run([...args, ...more]);
    expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  });
});

test('what the page shows as printed is what is printed', async () => {
  const match = /<!-- prints: schedlab (.*?) -->\n```text\n([^]*?)```/.exec(text)!, { out } = await run(words(match[1]));
  if (WRITES && out !== match[2]) writeFileSync(path.join(ROOT, PAGE), text.replace(match[0], () => match[0].replace(/```text\n[^]*```$/, () => `\`\`\`text\n${out}\`\`\``)));
  else expect(out).toBe(match[2]);
});

test('the tables of the page name every key and every format', () => {
  const named = new Set([...text.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1])));
  for (const name of [...ROW_KEYS, ...HEADER_KEYS, ...Object.keys(TRACE_FORMATS)]) expect(named, name).toContain(name);
});

const errors = [...text.matchAll(/^ {4}error: (.*)\n/gm)].map((match) => match[1]);

test('the error of the page is the error that is told', async () => {
  const shown = errors[1], lines = readFileSync('agents.jsonl', 'utf8').split('\n');
  lines[2] = lines[2].replace('"tool_s"', '"tool_ms"');
  writeFileSync('wrong.jsonl', lines.join('\n'));
  const { code, err } = await run(['trace', 'inspect', 'wrong.jsonl']);
  expect([code, err.split('\n')[0]]).toEqual([2, `error: ${shown.replace('agents', 'wrong')}`]);
});

test('the error about blocks is the error that is told', async () => {
  writeFileSync('requests.jsonl', Array.from({ length: 200 }, (_, i) => `{"timestamp": ${i}, "input_length": 6758, "output_length": 1, "hash_ids": [${Array.from({ length: 14 }, (_id, k) => k).join(', ')}]}\n`).join(''));
  const { code, err } = await run(['trace', 'inspect', 'requests.jsonl', 'format=mooncake:16']);
  expect([code, err.split('\n')[0]]).toEqual([2, `error: ${errors[0]}`]);
});
