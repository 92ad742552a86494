// The lists of mutants themselves: each still fits its source. `npm run mutants` plays them.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './registry.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const all = Object.values(MUTANTS).flat();

describe('mutants', () => {
  it('change a piece that stands exactly once in its file', () => {
    const stray = all.filter(({ file, was, is }) => was === is || readFileSync(path.join(ROOT, file), 'utf8').split(was).length !== 2);
    expect(stray).toEqual([]);
  });

  it('name a test file that is there, and a name of their own', () => {
    expect(all.filter(({ test }) => !existsSync(path.join(ROOT, test)))).toEqual([]);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
