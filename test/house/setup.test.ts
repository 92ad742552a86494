// The set-up scripts: what is counted, when a build is needed, and that two at once make one.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

interface Counts { readonly passed: number; readonly failed: number; readonly skipped: ReadonlyMap<string, readonly string[]> }
const script = async <T>(name: string): Promise<T> => (await import(new URL(`../../.ci/${name}`, import.meta.url).href)) as T;
const { countsOf } = await script<{ countsOf(report: unknown): Counts }>('tests.mjs');
const { build } = await script<{ build(root: string, say: (text: string) => void, stage?: 'program' | 'whole'): Promise<void> }>('build.mjs');
const { restore, strip } = await script<{ restore(root: string): void; strip(root: string): void }>('manifest.mjs');

describe('the last line of npm test', () => {
  const one = (status: string, title: string): unknown => ({ status, title, fullName: `suite ${title}` });

  test('counts what passed and what failed, and groups what was skipped by its reason', () => {
    const { passed, failed, skipped } = countsOf({ testResults: [{ status: 'failed', assertionResults: [one('passed', 'a'), one('failed', 'b'), one('skipped', 'c (skipped: no browser)'), one('pending', 'd (skipped: no browser)'), one('skipped', 'e')] }] });
    expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
    expect([...skipped]).toEqual([['no browser', ['c', 'd']], ['no reason given', ['e']]]);
  });

  test('counts a file that could not be loaded as a failure', () => {
    expect(countsOf({ testResults: [{ status: 'failed', assertionResults: [] }, { status: 'passed', assertionResults: [one('passed', 'a')] }] })).toMatchObject({ passed: 1, failed: 1 });
  });
});

describe('the build', () => {
  let root = '', said: string[] = [];
  const put = (file: string, text: string): void => { const full = path.join(root, file); mkdirSync(path.dirname(full), { recursive: true }); writeFileSync(full, text); };
  const built = (stage?: 'program' | 'whole'): Promise<void> => build(root, (text) => said.push(text), stage);
  const reasons = (): string[] => said.flatMap((text) => /because (.*)/.exec(text)?.[1] ?? []);

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'schedlab-build-'));
    said = [];
    put('tsconfig.build.json', '{"include": ["src", "reports"]}');
    put('package-lock.json', '{}');
    put('package.json', '{"type": "module"}');
    put('src/cli/main.ts', '// main');
    put('src/other.ts', '// other');
    put('reports/page.ts', '// page');
    // A bundler that copies the sources themselves, as the real one reads them.
    put('.ci/bundle.mjs', `import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/bundle/src/cli', { recursive: true });
cpSync('src/cli/main.ts', 'dist/bundle/src/cli/main.js');
if (process.argv[2] !== 'program') { mkdirSync('dist/reports/runtime', { recursive: true }); writeFileSync('dist/reports/runtime/bundled.js', ''); }
`);
    // A compiler that copies, and notes that it ran.
    put('node_modules/typescript/bin/tsc', `const { appendFileSync, cpSync, mkdirSync, readdirSync } = require('node:fs'), path = require('node:path');
appendFileSync('runs', 'x');
for (const folder of ['src', 'reports']) for (const name of readdirSync(folder, { recursive: true })) if (name.endsWith('.ts')) { const to = path.join('dist', folder, name.replace(/ts$/, 'js')); mkdirSync(path.dirname(to), { recursive: true }); cpSync(path.join(folder, name), to); }
`);
    put('node_modules/typescript/package.json', '{"type": "commonjs"}');
  });
  afterEach(() => { rmSync(root, { recursive: true, force: true }); });

  test('is made where there is none, and left alone where it is fresh', async () => {
    await built();
    await built();
    expect(reasons()).toEqual(['there is none']);
    expect(existsSync(path.join(root, 'dist/reports/runtime/bundled.js'))).toBe(true);
  });

  test('follows the bytes of the sources, not their times', async () => {
    await built();
    put('src/other.ts', '// other');
    await built();
    expect(reasons()).toHaveLength(1);
    put('src/other.ts', '// changed');
    await built();
    expect(reasons()[1]).toBe('the sources have changed');
    expect(readFileSync(path.join(root, 'dist/src/other.js'), 'utf8')).toBe('// changed');
  });

  test('keeps no file whose source is gone', async () => {
    await built();
    rmSync(path.join(root, 'src/other.ts'));
    await built();
    expect(existsSync(path.join(root, 'dist/src/other.js'))).toBe(false);
    expect(existsSync(path.join(root, 'dist/src/cli/main.js'))).toBe(true);
  });

  test('brings back a file that was removed', async () => {
    await built();
    rmSync(path.join(root, 'dist/src/other.js'));
    await built();
    expect(reasons()[1]).toBe('files are missing from it');
    expect(existsSync(path.join(root, 'dist/src/other.js'))).toBe(true);
  });

  test('is kept as it is, without a word, where there is no compiler', async () => {
    await built();
    said = [];
    rmSync(path.join(root, 'node_modules/typescript'), { recursive: true });
    put('src/other.ts', '// changed');
    await built();
    expect(said).toEqual([]);
  });

  test('is made anew where the program that ships is gone', async () => {
    await built();
    rmSync(path.join(root, 'dist/bundle'), { recursive: true });
    await built();
    expect(reasons()[1]).toBe('files are missing from it');
    expect(existsSync(path.join(root, 'dist/bundle/src/cli/main.js'))).toBe(true);
  });

  test('of the program alone needs no compiler run, and is kept until the sources change', async () => {
    await built('program');
    await built('program');
    put('src/cli/main.ts', '// changed');
    await built('program');
    expect(reasons()).toEqual(['there is none', 'the sources have changed']);
    expect(readFileSync(path.join(root, 'dist/bundle/src/cli/main.js'), 'utf8')).toBe('// changed');
    expect(existsSync(path.join(root, 'runs'))).toBe(false);
  });

  test('of all after the program alone runs the compiler; the program alone after all is there already', async () => {
    await built('program');
    await built();
    await built('program');
    expect(reasons()).toEqual(['there is none', 'it holds the program alone, and not its modules one by one']);
    expect(readFileSync(path.join(root, 'runs'), 'utf8')).toBe('x');
    expect(existsSync(path.join(root, 'dist/reports/runtime/bundled.js'))).toBe(true);
  });

  test('that two ask for at once is made once', async () => {
    await Promise.all([built(), built()]);
    expect(readFileSync(path.join(root, 'runs'), 'utf8')).toBe('x');
  });

  test('with a fault says so and leaves no stamp, so that the next one tries again', async () => {
    put('node_modules/typescript/bin/tsc', 'process.exit(2);');
    await expect(built()).rejects.toThrow('the compiler found faults');
    await expect(built()).rejects.toThrow('the compiler found faults');
  });
});

describe('the package.json that ships', () => {
  const clone = '{"name": "a", "scripts": {"prepare": "x"}, "devDependencies": {"b": "1"}, "allowScripts": {"b": true}, "dependencies": {"c": "1"}}';
  let root = '';
  const file = (): string => readFileSync(path.join(root, 'package.json'), 'utf8');
  beforeEach(() => { root = mkdtempSync(path.join(tmpdir(), 'schedlab-manifest-')); writeFileSync(path.join(root, 'package.json'), clone); });
  afterEach(() => { rmSync(root, { recursive: true, force: true }); });

  test('names no script and no tool of the clone, and the clone gets its own back to the byte, also after a packing that was cut off', () => {
    strip(root);
    expect(JSON.parse(file())).toEqual({ name: 'a', dependencies: { c: '1' } });
    strip(root);
    restore(root);
    expect(file()).toBe(clone);
    restore(root);
    expect(file()).toBe(clone);
  });

  test('that somebody changed meanwhile is left as it is', () => {
    strip(root);
    writeFileSync(path.join(root, 'package.json'), '{"name": "z"}');
    restore(root);
    expect(file()).toBe('{"name": "z"}');
  });
});
