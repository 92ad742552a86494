// The conformance runner: passes what is right, finds what is wrong, refuses what it cannot read.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conform } from '../conform/main.ts';
import { sharedFolder } from '../conform/suite.ts';

const VECTORS = join(sharedFolder(), 'data', 'loco-vectors');
const hasVectors = existsSync(VECTORS);
let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'conform-')); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

async function run(...args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [], err: string[] = [];
  const code = await conform(args, (line) => { out.push(line); }, (line) => { err.push(line); });
  return { code, out, err };
}

/** A folder that holds these lines as vectors. */
function vectors(name: string, ...lines: (string | object)[]): string {
  const dir = mkdtempSync(join(folder, name));
  writeFileSync(join(dir, 'vectors.jsonl'), lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return dir;
}
const JAIN = { id: 'j', kind: 'jain', values: [1, 1], expect: 1 };

describe('the conformance runner', () => {
  test('counts what passed in its last line', async () => {
    expect(await run('loco', vectors('good', JAIN, { ...JAIN, id: 'k' }))).toEqual({ code: 0, out: ['2 passed, 0 failed'], err: [] });
  });

  test('names each failure and its difference', async () => {
    const { code, out } = await run('loco', vectors('bad', JAIN, { ...JAIN, id: 'wrong', expect: 0.5 }));
    expect([code, out]).toEqual([1, ['FAIL wrong', '  index: expected 0.5, got 1', '1 passed, 1 failed']]);
  });

  test.each<[string, string[], RegExp]>([
    ['no kind', [], /usage/], ['an unknown kind', ['nothing'], /unknown kind "nothing"/], ['a folder that is not there', ['loco', '/nowhere/at/all'], /no folder/],
    ['too many arguments', ['loco', 'a', 'b'], /usage/],
  ])('exits 2 for %s', async (_what, args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, []]);
    expect(err.join('\n')).toMatch(message);
  });

  test.each<[string, (string | object)[], RegExp]>([
    ['nothing', [], /holds no vectors/], ['a line that is not JSON', ['{'], /vectors.jsonl:1 is not JSON/], ['an unknown kind of vector', [JAIN, { ...JAIN, kind: 'jian' }], /vectors.jsonl:2 \(j\): unknown kind "jian"/],
    ['a vector without a field', [{ ...JAIN, values: undefined }], /jain.values is missing/], ['a vector with a field of another type', [{ ...JAIN, values: ['x'] }], /jain.values\[0\] must be a number, found "x"/],
    ['a number in place of a vector', ['3'], /not an object/], ['a vector called like a built-in', [{ ...JAIN, kind: 'constructor' }], /unknown kind/],
  ])('exits 2 for a folder that holds %s', async (_what, lines, message) => {
    const { code, err } = await run('loco', vectors('format', ...lines));
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(message);
  });
});

describe.skipIf(!hasVectors)(`the recorded vectors${hasVectors ? '' : ' (skipped: the shared vectors are absent)'}`, () => {
  test('all pass', { timeout: 60_000 }, async () => {
    const { code, out, err } = await run('loco');
    expect([code, err, out.slice(0, -1)]).toEqual([0, [], []]);
    // A runner that finds nothing would pass as well.
    expect(Number(/^(\d+) passed, 0 failed$/.exec(out.at(-1) ?? '')?.[1])).toBeGreaterThanOrEqual(312);
  });

  test('a changed expectation fails in every kind', { timeout: 60_000 }, async () => {
    const dir = join(folder, 'changed');
    cpSync(VECTORS, dir, { recursive: true });
    const seen = new Map<string, string>();
    for (const file of ['score', 'grant', 'sync-sequences', 'async-sequences', 'statistical', 'components']) {
      const lines = readFileSync(join(VECTORS, `${file}.jsonl`), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { id: string; kind: string; expect: unknown });
      const kept = lines.filter((vector) => !seen.has(vector.kind) && seen.set(vector.kind, vector.id)).map((vector) => ({ ...vector, expect: changed(vector.expect) }));
      writeFileSync(join(dir, `${file}.jsonl`), kept.map((vector) => JSON.stringify(vector)).join('\n'));
    }
    const { code, out } = await run('loco', dir);
    expect(code).toBe(1);
    expect([...seen.values()].filter((id) => !out.includes(`FAIL ${id}`))).toEqual([]);
  });
});

/** The same shape with every number moved, and every name but the keys as it was. */
function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1.5;
  if (value === 'error') return 0.77;
  if (Array.isArray(value)) return value.map(changed);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, changed(inner)]));
  return value;
}
