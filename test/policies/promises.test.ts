// The table of promises names tests and mutants that are there, for every policy that has a row in it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { POLICIES } from '../../src/policies/registry.ts';
import { MUTANTS } from '../mutants/registry.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const rows = readFileSync(path.join(ROOT, 'test/policies/promises.md'), 'utf8').split('\n').filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| policy')).map((line) => line.slice(2, -2).split(' | '));
const mutants = new Set(Object.values(MUTANTS).flat().map(({ name }) => name)), texts = new Map<string, string>();
const textOf = (file: string): string => { if (!texts.has(file)) texts.set(file, readFileSync(path.join(ROOT, file), 'utf8')); return texts.get(file)!; };

test('every promise names a policy, a test that is there, and a mutant that is played', () => {
  expect(rows.length).toBeGreaterThan(50);
  for (const [policy, promise, file, name, mutant] of rows) {
    expect([promise, policy === 'all' || Object.hasOwn(POLICIES, policy!)]).toEqual([promise, true]);
    expect([promise, textOf(file!).includes(name!)]).toEqual([promise, true]);
    expect([promise, mutants.has(mutant!)]).toEqual([promise, true]);
  }
});

test('no policy ships without a promise, but those that are others with one thing changed', () => {
  const held = new Set(rows.map(([policy]) => policy));
  expect(Object.keys(POLICIES).filter((name) => !held.has(name))).toEqual(['loco-clock', 'oldest-first', 'round-robin']);
});
