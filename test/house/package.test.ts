// What ships: dependencies that are used and declared, entries that exist, and types that hold all over.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, modules } from './modules.ts';

interface Package { readonly dependencies: Readonly<Record<string, string>>; readonly devDependencies: Readonly<Record<string, string>>; readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>; readonly bin: Readonly<Record<string, string>>; readonly files: readonly string[]; readonly version: string }
const PACKAGE = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Package;
const nameOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
const { INLINED } = await import(new URL('../../.ci/bundle.mjs', import.meta.url).href) as { readonly INLINED: readonly string[] };
const isBuilt = existsSync(path.join(ROOT, 'dist/bundle/src/cli/main.js')), note = isBuilt ? '' : ' (skipped: dist is not built)';

test('every package that is installed or bundled is used, and every package that is used is installed or bundled', () => {
  const used = new Set(modules(['src', 'sim', 'scenarios', 'reports']).filter(({ file }) => file !== 'reports/runtime/bundle.ts')
    .flatMap(({ imports }) => imports.filter(({ specifier, isType }) => !isType && !specifier.startsWith('.') && !specifier.startsWith('node:')).map(({ specifier }) => nameOf(specifier))));
  used.delete('schedlab');
  expect([...used].sort()).toEqual([...Object.keys(PACKAGE.dependencies), ...INLINED].sort());
});

test('versions of packages that ship are exact', () => {
  const shipped = [...Object.entries(PACKAGE.dependencies), ...INLINED.map((name) => [name, PACKAGE.devDependencies[name]] as const)];
  for (const [name, version] of shipped) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});

test.skipIf(!isBuilt)(`every entry of the package exists after the build${note}`, () => {
  const entries = [...Object.values(PACKAGE.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))), ...Object.values(PACKAGE.bin), ...PACKAGE.files];
  expect(entries.filter((entry) => !existsSync(path.join(ROOT, entry)))).toEqual([]);
});

test.skipIf(!isBuilt)(`every door can be imported from the build by the name of the package${note}`, () => {
  const names = execFileSync(process.execPath, ['--input-type=module', '-e', "const a = await import('schedlab'), b = await import('schedlab/sim'), c = await import('schedlab/testing'); console.log(typeof a.createDispatcher, typeof a.LocoScheduler, typeof b.defineScenario, typeof c.virtualClock);"], { cwd: ROOT, encoding: 'utf8' });
  expect(names.trim()).toBe('function function function function');
});

test.skipIf(!isBuilt)(`every door can be required, and all of them share one instance of what they share${note}`, () => {
  const same = execFileSync(process.execPath, ['--no-warnings', '-e', "const a = require('schedlab'), b = require('schedlab/sim'), c = require('schedlab/testing'); let error; try { c.scriptedEngine(c.virtualClock(), []); } catch (e) { error = e; } console.log(typeof b.runReplication, error instanceof a.SchedlabError);"], { cwd: ROOT, encoding: 'utf8' });
  expect(same.trim()).toBe('function true');
});

test('the changelog begins with this version, after what is to come', () => {
  expect(/^## (?!Unreleased)(\S+)/m.exec(readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8'))?.[1]).toBe(PACKAGE.version);
});

test('types hold all over the repository, tests included', () => {
  let faults = '';
  try { execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], { cwd: ROOT, encoding: 'utf8' }); } catch (error) { faults = (error as { stdout: string }).stdout; }
  expect(faults).toBe('');
}, 240_000);
