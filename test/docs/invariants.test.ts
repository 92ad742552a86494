// Every invariant names tests that exist, by file and title, and has its number.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const PAGE = readFileSync(new URL('docs/invariants.md', root), 'utf8');
const entries = PAGE.split(/^(?=\*\*\d+\. )/m).slice(1).map((text) => ({ number: Number(/^\*\*(\d+)\./.exec(text)?.[1]), text }));

describe('the invariants', () => {
  test('are numbered from 1, each once', () => {
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, i) => i + 1));
    expect(entries.length).toBeGreaterThan(15);
  });

  test.each(entries)('$number says why, and which test would fail', ({ text }) => {
    expect(text).toMatch(/^Why: /m);
    const named = [...(/^Test: (.*)$/m.exec(text)?.[1] ?? '').matchAll(/`([^`]+)`(?: "([^"]+)")?/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, file, title] of named) {
      expect(existsSync(new URL(file, root)), `${file} does not exist`).toBe(true);
      if (title !== undefined) expect(readFileSync(new URL(file, root), 'utf8').includes(title), `${file} has no test ${JSON.stringify(title)}`).toBe(true);
    }
  });
});
