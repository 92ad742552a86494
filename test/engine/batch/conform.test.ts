// The recorded scheduler cases, and the suite itself: it passes what was recorded and finds what was changed.
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conform } from '../../conform/main.ts';
import { sharedFolder } from '../../conform/suite.ts';
import type { RecordedCase } from '../../conform/vllm-scheduler/format.ts';
import { differencesOf } from '../../conform/vllm-scheduler/suite.ts';

const CASES = join(sharedFolder(), 'data', 'vllm-scheduler-cases');
const isHere = existsSync(CASES);
let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'conform-')); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

async function run(...args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [], err: string[] = [];
  const code = await conform(['vllm-scheduler', ...args], (line) => { out.push(line); }, (line) => { err.push(line); });
  return { code, out, err };
}

function folderWith(name: string, text: string): string {
  const dir = mkdtempSync(join(folder, 'case-'));
  writeFileSync(join(dir, name), text);
  return dir;
}

describe('the suite of scheduler cases', () => {
  test.each<[string, () => string, RegExp]>([
    ['a folder that is not there', () => '/nowhere/at/all', /no folder/],
    ['a folder without cases', () => folderWith('readme.md', 'x'), /holds no cases/],
    ['a file that is not JSON', () => folderWith('a.json', '{'), /a.json is not JSON/],
    ['a file of another shape', () => folderWith('a.json', '{"case": "a"}'), /a.json: case.vllm_version is missing/],
  ])('exits 2 for %s', async (_what, make, message) => {
    const { code, out, err } = await run(make());
    expect([code, out]).toEqual([2, []]);
    expect(err.join()).toMatch(message);
  });
});

describe.skipIf(!isHere)(`the recorded cases${isHere ? '' : ' (skipped: ../shared/data/vllm-scheduler-cases is absent)'}`, () => {
  test('come out in every field of every step', async () => {
    const { code, out, err } = await run();
    expect([code, err, out.slice(0, -1)]).toEqual([0, [], []]);
    expect(Number(/^(\d+) passed, 0 failed$/.exec(out.at(-1) ?? '')?.[1])).toBeGreaterThanOrEqual(38);
  });

  test('fail in each field that is changed', () => {
    const recorded = JSON.parse(readFileSync(join(CASES, 'async-preempt-1.json'), 'utf8')) as RecordedCase;
    const changed = (key: string): RecordedCase => {
      const steps = recorded.steps.map((one) => ({ ...one }) as Record<string, unknown>), step = steps.find((one) => one[key] !== undefined)!, value = step[key];
      step[key] = typeof value === 'number' ? value + 1 : Array.isArray(value) ? [...value as string[], 'x'] : { ...value as object, x: 1 };
      return { ...recorded, steps: steps as unknown as RecordedCase['steps'] };
    };
    for (const key of ['added', 'scheduled', 'new', 'resumed', 'preempted', 'hit_tokens', 'running', 'waiting', 'free_blocks', 'output_of_step', 'tokens', 'finished', 'free_blocks_end']) expect(differencesOf(changed(key)).join(), key).toContain(key);
    expect(differencesOf({ ...recorded, summary: {} }).join()).toContain('summary');
    expect(differencesOf(recorded)).toEqual([]);
  });

  test('that ask for what is not modelled, and files that cannot be read, fail alone and by name', async () => {
    const dir = mkdtempSync(join(folder, 'mixed-')), text = readFileSync(join(CASES, 'aborts-1.json'), 'utf8'), recorded = JSON.parse(text) as RecordedCase;
    const put = (name: string, value: unknown): void => { writeFileSync(join(dir, `${name}.json`), typeof value === 'string' ? value : JSON.stringify(value)); };
    put('a-whole', text);
    put('b-broken', '{');
    put('c-key', { ...recorded, config: { ...recorded.config, num_lookahead_tokens: 3 } });
    put('d-version', { ...recorded, vllm_version: '0.99.1' });
    const { code, out, err } = await run(dir);
    expect([code, err, out.filter((line) => !line.startsWith('  ')), out.length]).toEqual([1, [], ['FAIL b-broken', 'FAIL c-key', 'FAIL d-version', '1 passed, 3 failed'], 7]);
    expect(out.join('\n')).toMatch(/b-broken\.json is not JSON[\s\S]*case\.config\.num_lookahead_tokens is unknown[\s\S]*vllm_version "0\.99\.1" is not modelled\. Modelled: 0\.32, 0\.19/);
  });

  test('fail by name, with the first difference', async () => {
    const dir = join(folder, 'changed'), file = readdirSync(CASES).find((name) => name.startsWith('plain'))!;
    cpSync(CASES, dir, { recursive: true });
    const recorded = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as { steps: { free_blocks: number }[] };
    recorded.steps[3].free_blocks++;
    rmSync(join(dir, file));
    writeFileSync(join(dir, file), JSON.stringify(recorded));
    const { code, out } = await run(dir);
    expect([code, out[0], out.at(-1)?.endsWith(', 1 failed')]).toEqual([1, `FAIL ${file.replace('.json', '')}`, true]);
    expect(out[1]).toMatch(/step \d+, free_blocks: expected \d+, got \d+/);
  });
});
