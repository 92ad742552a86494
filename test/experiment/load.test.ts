// Modules of users, as the built program loads them: without a build of the loader this file compiles one beside node_modules.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkScenario, loadScenario } from '../../sim/experiment/load.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
mkdirSync(join(repository, 'node_modules/.cache'), { recursive: true });
const root = mkdtempSync(join(repository, 'node_modules/.cache/load-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

beforeAll(async () => {
  await build({ entryPoints: ['sim/experiment/load.ts', 'sim/experiment/definitions.ts', 'sim/experiment/hooks.ts', 'src/index.ts', 'sim/index.ts'].map((f) => join(repository, f)), outdir: root, outbase: repository, bundle: true, format: 'esm', platform: 'node', external: ['amaro'], logLevel: 'silent' });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'try.js'), `import { loadScenario } from './sim/experiment/load.js';
try { const s = await loadScenario(process.argv[2]); process.stdout.write(JSON.stringify({ name: s.name, title: s.title })); } catch (e) { process.stdout.write(JSON.stringify({ code: e.code, message: e.message })); }`);
});

const BODY = "title: 'mine', question: 'which?', params: {}, headline: ['wait.mean'], notSimulated: [], setup: () => { throw new Error('no model'); }";
function load(name: string, text: string): { name?: string; title?: string; code?: string; message?: string } {
  const folder = join(root, 'user'); mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return JSON.parse(execFileSync(process.execPath, ['--no-warnings', join(root, 'try.js'), join(folder, name)], { encoding: 'utf8' })) as { name?: string };
}

test('a TypeScript scenario is loaded as it stands', () => {
  expect(load('typed.ts', `import { title } from './helper.ts';\nconst name: string = 'typed';\nexport default { name, ${BODY.replace("'mine'", 'title')} } satisfies object;\n`)).toMatchObject({ code: 'ERR_SCENARIO_FILE' });
  writeFileSync(join(root, 'user', 'helper.ts'), "export const title: string = 'from a helper';\n");
  expect(load('typed.ts', `import { title } from './helper.ts';\nconst name: string = 'typed';\nexport default { name, ${BODY.replace("'mine'", 'title')} } satisfies object;\n`)).toEqual({ name: 'typed', title: 'from a helper' });
});

test('the package is the running one', () => {
  expect(load('package.js', `import { defineScenario } from 'schedlab/sim';\nexport default defineScenario({ name: 'package', ${BODY} });\n`)).toEqual({ name: 'package', title: 'mine' });
});

test('syntax that cannot be erased, missing exports and other things are coded errors', () => {
  expect(load('enum.ts', `enum A { B }\nexport default { name: 'x', ${BODY} };\n`)).toMatchObject({ code: 'ERR_SCENARIO_FILE', message: expect.stringMatching(/erasable syntax only/) as string });
  expect(load('none.js', 'export const a = 1;\n')).toMatchObject({ code: 'ERR_SCENARIO_FILE', message: expect.stringMatching(/no default export/) as string });
  expect(load('throws.js', "throw new Error('boom');\n")).toMatchObject({ code: 'ERR_SCENARIO_FILE', message: expect.stringMatching(/boom/) as string });
  expect(load('half.js', "export default { name: 'half', title: 't' };\n")).toMatchObject({ message: expect.stringMatching(/is not a scenario: question must be text/) as string });
});

test('a policy is loaded from a file, and what is none is refused', () => {
  writeFileSync(join(root, 'policy.js'), `import { withFiles } from './sim/experiment/definitions.js';
try { const { policies, files } = await withFiles({ policies: { fcfs: {} }, balancers: {} }, { policies: ['fcfs', process.argv[2]], balancers: [undefined, ''] }); process.stdout.write(JSON.stringify({ names: Object.values(policies).map((p) => p.name), sums: Object.values(files) })); } catch (e) { process.stdout.write(JSON.stringify({ code: e.code, message: e.message })); }`);
  const tryPolicy = (text: string): unknown => {
    const file = join(root, 'mine.ts'); writeFileSync(file, text);
    return JSON.parse(execFileSync(process.execPath, ['--no-warnings', join(root, 'policy.js'), file], { encoding: 'utf8' }));
  };
  expect(tryPolicy("const name: string = 'mine';\nexport default { name, title: 't', source: 's', params: {}, knowledge: 'none', create() { return {}; } };\n")).toEqual({ names: [null, 'mine'], sums: [expect.stringMatching(/^[0-9a-f]{64}$/)] });
  expect(tryPolicy("export default { name: 'mine', title: 't', source: 's', params: {}, knowledge: 'none' };\n")).toMatchObject({ code: 'ERR_SCENARIO_FILE', message: expect.stringMatching(/is no policy: create must be a function/) as string });
});

test('a file that is missing or of another kind is refused before it is loaded', async () => {
  await expect(loadScenario('/nowhere/x.ts')).rejects.toMatchObject({ code: 'ERR_SCENARIO_FILE' });
  await expect(loadScenario('README.md')).rejects.toThrow(/must end in .ts/);
  expect(() => checkScenario(null, 'it')).toThrow(/not an object/);
});
