// The examples of the pages run and print what the pages say; figures are those of the command that stands above them.
// SCHEDLAB_WRITE_DOCS=1 npx vitest run test/docs writes the printed blocks anew.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { PAGES, ROOT, WRITES, blocksOf, rewrite, words } from './pages.ts';

const cache = path.join(ROOT, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(path.join(cache, 'pages-')), cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-figures-'));
afterAll(() => { for (const made of [folder, cwd]) rmSync(made, { recursive: true, force: true }); });

const blocks = PAGES.flatMap(blocksOf);
const examples = blocks.filter(({ language, file }) => language === 'ts' && file === undefined);
const figures = blocks.filter(({ output }) => output !== undefined);
// Examples import the files that the pages show.
for (const { file, text } of blocks) if (file?.endsWith('.ts')) writeFileSync(path.join(folder, file), text);
const names = { schedlab: path.join(ROOT, 'src/index.ts'), 'schedlab/sim': path.join(ROOT, 'sim/index.ts'), 'schedlab/testing': path.join(ROOT, 'sim/testing/index.ts') };

describe('the examples', () => {
  test('are found', () => { expect(examples.length).toBeGreaterThan(2); });

  test.each(examples.map((block) => [`${block.page}:${block.line}`, block] as const))('%s runs and prints what the page says', async (name, block) => {
    const file = path.join(folder, `${name.replace(/\W/g, '-')}.mjs`);
    await build({ stdin: { contents: block.text, resolveDir: folder, loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', packages: 'external', alias: names, outfile: file, logLevel: 'silent' });
    const printed = execFileSync(process.execPath, [file], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' } });
    if (WRITES && block.printed !== undefined && printed !== block.printed) rewrite(block, printed);
    else if (block.printed !== undefined) expect(printed).toBe(block.printed);
  });
});

const isBuilt = existsSync(path.join(ROOT, 'dist/bundle/src/index.js')), note = isBuilt ? '' : ' (skipped: dist is not built)';
describe.skipIf(!isBuilt)(`the examples of CommonJS${note}`, () => {
  test.each(blocks.filter(({ language, file }) => language === 'js' && file === undefined).map((block) => [`${block.page}:${block.line}`, block] as const))('%s runs and prints what the page says', (_name, block) => {
    const printed = execFileSync(process.execPath, ['--no-warnings', '--input-type=commonjs', '-e', block.text], { cwd: ROOT, encoding: 'utf8' });
    expect(printed).toBe(block.printed ?? printed);
  });
});

describe('the files of code', () => {
  const files = blocks.filter(({ file }) => file !== undefined);
  test('have types that hold, as a reader would compile them', () => {
    for (const { file, text } of files.filter(({ language }) => language === 'ts')) writeFileSync(path.join(folder, file!), text);
    const config = { extends: path.join(ROOT, 'tsconfig.json'), compilerOptions: { incremental: false, tsBuildInfoFile: null, noEmit: true, paths: Object.fromEntries(Object.entries(names).map(([name, file]) => [name, [file]])), typeRoots: [path.join(ROOT, 'node_modules/@types')] }, include: ['*.ts'] };
    examples.forEach(({ text }, i) => { writeFileSync(path.join(folder, `example-${i}.ts`), `${text}\nexport {};\n`); });
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    let faults = '';
    try { execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' }); } catch (error) { faults = (error as { stdout: string }).stdout; }
    expect(faults).toBe('');
  }, 180_000);
});

describe('the figures', () => {
  test.each(figures.map((block) => [`${block.page}:${block.line} ${block.output}`, block] as const))('%s', async (_name, block) => {
    const [, ...args] = words(block.output!), io = fakeIo({ cwd });
    const code = await main([...args, '--jobs', '1', '--no-report', '--out', `figures-${block.line}`], io);
    expect([code, code === 0 ? '' : io.err()]).toEqual([0, '']);
    // From the table to the line that says where the results lie.
    const printed = /\n\n([\s\S]*?\n)results /.exec(io.err())![1];
    if (WRITES && printed !== block.text) rewrite(block, printed);
    else if (!WRITES) expect(printed).toBe(block.text);
  });
});
