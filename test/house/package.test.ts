// What ships: dependencies that are used and declared, entries that exist, and types that hold all over.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, modules } from './modules.ts';

interface Package { readonly dependencies: Readonly<Record<string, string>>; readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>; readonly bin: Readonly<Record<string, string>>; readonly files: readonly string[]; readonly version: string }
const PACKAGE = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Package;
const nameOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
const isBuilt = existsSync(path.join(ROOT, 'dist/src/cli/main.js')), note = isBuilt ? '' : ' (skipped: dist is not built)';

test('every package that ships is used, and every package that is used ships', () => {
  const used = new Set(modules(['src', 'sim', 'scenarios', 'reports']).filter(({ file }) => file !== 'reports/runtime/bundle.ts')
    .flatMap(({ imports }) => imports.filter(({ specifier, isType }) => !isType && !specifier.startsWith('.') && !specifier.startsWith('node:')).map(({ specifier }) => nameOf(specifier))));
  used.delete('schedlab');
  expect([...used].sort()).toEqual(Object.keys(PACKAGE.dependencies).sort());
});

test('versions of packages that ship are exact', () => {
  for (const [name, version] of Object.entries(PACKAGE.dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});

test.skipIf(!isBuilt)(`every entry of the package exists after the build${note}`, () => {
  const entries = [...Object.values(PACKAGE.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))), ...Object.values(PACKAGE.bin), ...PACKAGE.files];
  expect(entries.filter((entry) => !existsSync(path.join(ROOT, entry)))).toEqual([]);
});

test.skipIf(!isBuilt)(`both entries can be imported from the build by the name of the package${note}`, () => {
  const names = execFileSync(process.execPath, ['--input-type=module', '-e', "const a = await import('schedlab'), b = await import('schedlab/sim'); console.log(typeof a.createDispatcher, typeof a.LocoScheduler, typeof b.defineScenario);"], { cwd: ROOT, encoding: 'utf8' });
  expect(names.trim()).toBe('function function function');
});

test('the changelog begins with this version', () => {
  expect(/^## (\S+)/m.exec(readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8'))?.[1]).toBe(PACKAGE.version);
});

test('types hold all over the repository, tests included', () => {
  let faults = '';
  try { execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], { cwd: ROOT, encoding: 'utf8' }); } catch (error) { faults = (error as { stdout: string }).stdout; }
  expect(faults).toBe('');
}, 240_000);
