// The linter is held against files that break its rules, one rule each: a rule that finds nothing passes too.
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const eslint = new ESLint({ cwd: ROOT });

/** Rules that fire on a text, as if it were this file. */
async function rulesOn(file: string, code: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(`// A file of the test.\n${code}\n`, { filePath: `${ROOT}${file}` });
  return result.messages.map((message) => message.ruleId);
}

const IMPORTS = 'rooms/imports', GLOBALS = 'no-restricted-globals', SYNTAX = 'no-restricted-syntax', PROPERTIES = 'no-restricted-properties', MODULES = 'no-restricted-imports';

const BAD: readonly [rule: string, file: string, code: string][] = [
  [IMPORTS, 'src/dispatch/bad.ts', "import '../../sim/index.ts';"],
  [IMPORTS, 'src/dispatch/bad.ts', "import type { Model } from '../../sim/scenario.ts'; export type A = Model;"],
  [IMPORTS, 'src/dispatch/bad.ts', "export * from '../cli/front.ts';"],
  [IMPORTS, 'src/dispatch/bad.ts', "export type A = import('../../sim/scenario.ts').Model;"],
  [IMPORTS, 'src/dispatch/bad.ts', "export const a = (name: string): Promise<unknown> => import(name);"],
  [IMPORTS, 'src/dispatch/bad.ts', "import 'schedlab';"],
  [IMPORTS, 'src/dispatch/bad.ts', "import 'undici';"],
  [IMPORTS, 'src/policies/bad.ts', "import { readFileSync } from 'node:fs'; readFileSync('x');"],
  [IMPORTS, 'src/cli/bad.ts', "import '../../test/conform/main.ts';"],
  [IMPORTS, 'sim/kernel/bad.ts', "import '../../src/options.ts';"],
  [IMPORTS, 'sim/random/bad.ts', "import '../measure/jain.ts';"],
  [IMPORTS, 'sim/engine/bad.ts', "import '../../reports/index.ts';"],
  [IMPORTS, 'sim/measure/bad.ts', "import 'node:fs';"],
  [IMPORTS, 'scenarios/bad.ts', "import '../sim/models.ts';"],
  [IMPORTS, 'scenarios/bad.ts', "import '../src/errors.ts';"],
  [IMPORTS, 'reports/bad.ts', "import { SUMMARY_SCHEMA } from '../sim/results.ts'; export const a = SUMMARY_SCHEMA;"],
  [IMPORTS, 'reports/bad.ts', "import '../sim/index.ts';"],
  [IMPORTS, 'sim/bad.ts', "import '../somewhere/else.ts';"],
  [GLOBALS, 'src/dispatch/bad.ts', 'export const a = setTimeout(() => {}, 1);'],
  [GLOBALS, 'src/dispatch/bad.ts', 'export const a = globalThis.setTimeout;'],
  [GLOBALS, 'src/dispatch/bad.ts', 'queueMicrotask(() => {});'],
  [GLOBALS, 'src/policies/bad.ts', "export const a = process.env['HOME'];"],
  [GLOBALS, 'src/policies/bad.ts', 'console.log(1);'],
  [GLOBALS, 'src/engines/bad.ts', "export const a = fetch('x');"],
  [GLOBALS, 'sim/kernel/bad.ts', 'export const a = performance.now();'],
  [GLOBALS, 'sim/kernel/quiesce.ts', 'export const a = setTimeout(() => {}, 1);'],
  [GLOBALS, 'sim/experiment/bad.ts', 'export const a = performance.now();'],
  [GLOBALS, 'sim/workload/bad.ts', 'export const a = crypto.randomUUID();'],
  [GLOBALS, 'scenarios/bad.ts', 'export const a = performance.now();'],
  [GLOBALS, 'reports/bad.ts', 'console.log(1);'],
  [PROPERTIES, 'src/dispatch/bad.ts', 'export const a = Date.now();'],
  [PROPERTIES, 'src/cli/bad.ts', 'export const a = Math.random();'],
  [PROPERTIES, 'sim/random/bad.ts', 'export const a = Math.pow(2, 0.5);'],
  [PROPERTIES, 'sim/random/bad.ts', 'const { pow } = Math; export const a = pow(2, 0.5);'],
  [PROPERTIES, 'src/engines/bad.ts', 'export const a = AbortSignal.timeout(5);'],
  [PROPERTIES, 'reports/bad.ts', "export const a = 'a'.localeCompare('b');"],
  [PROPERTIES, 'reports/bad.ts', 'export const a = (5).toLocaleString();'],
  [SYNTAX, 'src/dispatch/bad.ts', 'export const a = new Date();'],
  [SYNTAX, 'src/dispatch/bad.ts', 'export const a = Date();'],
  [SYNTAX, 'src/dispatch/bad.ts', 'const m = Math; export const a = m;'],
  [SYNTAX, 'sim/measure/bad.ts', 'export const a = (x: number): number => x ** 0.5;'],
  [SYNTAX, 'sim/measure/bad.ts', 'export const a = (x: number, y: number): number => x ** y;'],
  [SYNTAX, 'sim/measure/bad.ts', 'export function a(x: number): number { x **= 2; return x; }'],
  [SYNTAX, 'src/cli/bad.ts', 'export enum A { B }'],
  [MODULES, 'src/dispatch/bad.ts', "import { setTimeout as later } from 'node:timers/promises'; export const a = later;"],
  [MODULES, 'sim/workload/bad.ts', "import os from 'node:os'; export const a = os;"],
  ['eqeqeq', 'src/dispatch/bad.ts', 'export const a = (x: number): boolean => x == 1;'],
  ['@typescript-eslint/no-unused-vars', 'test/bad.test.ts', 'const a = 1;'],
  ['@typescript-eslint/no-explicit-any', 'src/dispatch/bad.ts', 'export const a = (x: any): unknown => x;'],
];

const GOOD: readonly [file: string, code: string][] = [
  ['src/clock.ts', 'export const a = setTimeout(() => {}, 1);'],
  ['src/cli/good.ts', "import '../../reports/index.ts'; export const a = process.env;"],
  ['src/engines/vllm.ts', "import { Pool } from 'undici'; export const a = Pool;"],
  ['sim/experiment/machine.ts', 'export const a = new Date().toISOString() + performance.now();'],
  ['sim/kernel/quiesce.ts', 'process.nextTick(() => {});'],
  ['sim/random/good.ts', 'export const a = 2 ** -53, b = (x: number): number => 2 ** Math.ceil(x) + x ** 2;'],
  ['reports/good.ts', "import type { SummaryFile } from '../sim/results.ts'; export const a = (s: SummaryFile): Date => new Date(s.scenario);"],
  ['scenarios/good.ts', "import '../sim/index.ts'; import '../src/index.ts';"],
];

describe('the linter', () => {
  test.each(BAD)('%s fires in %s on: %s', async (rule, file, code) => {
    expect(await rulesOn(file, code)).toContain(rule);
  });

  test.each(GOOD)('is silent in %s on: %s', async (file, code) => {
    expect(await rulesOn(file, code)).toEqual([]);
  });

  test('asks for a first line that says what the file is', async () => {
    const [result] = await eslint.lintText('export const a = 1;\n', { filePath: `${ROOT}src/bad.ts` });
    expect(result.messages.map((message) => message.ruleId)).toEqual(['rooms/first-line']);
  });

  test('finds nothing in the repository', async () => {
    const results = await eslint.lintFiles(['.']);
    const findings = results.flatMap(({ filePath, messages }) => messages.map(({ line, message }) => `${filePath.slice(ROOT.length)}:${line} ${message}`));
    expect(findings).toEqual([]);
    expect(results.length).toBeGreaterThan(150);
  }, 180_000);
});
