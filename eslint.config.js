// The house kept by machine: who may import whom, and what production and laboratory code may not touch. Run with `npm run lint`.
// A rule that finds nothing passes too: test/lint holds each of them against a file that breaks it.
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';
import rooms from './.ci/eslint-rooms.mjs';

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask'];
const AMBIENT = [...TIMERS, 'performance', 'console', 'crypto', 'process', 'fetch'];
const WHY = 'ambient: take it from the clock, the random stream or the options handed in';
const NODE_OWN = ['timers', 'timers/promises', 'perf_hooks', 'process', 'console', 'os', 'child_process'];
const LOCALE = 'depends on the locale of the machine: compare code units, format with own rules';
const POWER = 'its bits differ between Node versions: multiply, or use sim/random/math.ts';

const banned = (names) => names.map((name) => ({ name, message: WHY }));
const allBut = (...owned) => ['error', { checkGlobalObject: true, globals: banned(AMBIENT.filter((name) => !owned.includes(name))) }];
const POWERS = [
  { selector: "BinaryExpression[operator='**']:not([right.raw=/^\\d+$/]):not([right.operator='-'][right.argument.raw=/^\\d+$/]):not([right.callee.property.name=/^(ceil|floor|round|trunc)$/])", message: POWER },
  { selector: "AssignmentExpression[operator='**=']", message: POWER },
  { selector: 'TSEnumDeclaration', message: 'enums are not erasable: use a union of literals, or constants' },
];

/** Files that own what others must be handed. */
const OWNERS = {
  time: ['src/clock.ts', 'sim/experiment/machine.ts'],
  /** Keeps the process and its streams from code of the user. */
  strangers: ['sim/experiment/strangers.ts'],
  /** Puts the timers of a user's process on a test's clock, and back. */
  globals: ['sim/testing/globals.ts'],
  /** Lets the promise queue run dry under virtual time, and hears of rejections that nobody handled. */
  turns: ['sim/kernel/quiesce.ts'],
  /** The front door, the real endpoint, and a step of the build. */
  process: ['src/cli/**', 'sim/worlds/live.ts', 'reports/runtime/bundle.ts'],
};

export default defineConfig(
  { ignores: ['dist/**', 'coverage/**', 'results/**', 'bench/results/**'] },
  {
    files: ['**/*.ts'], extends: [ts.configs.recommended], plugins: { rooms }, linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'rooms/imports': 'error',
      'rooms/first-line': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      'no-throw-literal': 'error',
      'eqeqeq': ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts', 'sim/**/*.ts', 'scenarios/**/*.ts', 'reports/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: WHY }, { object: 'Math', property: 'random', message: WHY }, { object: 'Math', property: 'pow', message: POWER },
        { object: 'AbortSignal', property: 'timeout', message: WHY }, { property: 'localeCompare', message: LOCALE }, { property: 'toLocaleString', message: LOCALE }],
      'no-restricted-syntax': ['error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: WHY },
        { selector: "CallExpression[callee.name='Date']", message: WHY },
        { selector: 'VariableDeclarator[init.name=/^(Date|Math)$/]', message: 'Date and Math keep their names, so that what is banned of them is found' },
        ...POWERS],
      'no-restricted-globals': allBut(),
      'no-restricted-imports': ['error', { paths: banned(NODE_OWN.flatMap((name) => [name, `node:${name}`])) }],
    },
  },
  { files: OWNERS.strangers, rules: { 'no-restricted-globals': allBut('process', 'console'), 'no-restricted-imports': 'off' } },
  { files: OWNERS.turns, rules: { 'no-restricted-globals': allBut('process', 'setImmediate') } },
  { files: OWNERS.process, rules: { 'no-restricted-globals': 'off', 'no-restricted-imports': 'off', 'no-restricted-syntax': ['error', ...POWERS] } },
  { files: OWNERS.globals, rules: { 'no-restricted-globals': allBut('performance'), 'no-restricted-properties': 'off', 'no-restricted-syntax': ['error', ...POWERS] } },
  { files: OWNERS.time, rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' } },
);
