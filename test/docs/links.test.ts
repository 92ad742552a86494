// Links of the pages lead somewhere, every page is reachable from the front page, and each begins with what its reader will be able to do.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PAGES, ROOT, read } from './pages.ts';

const linksOf = (page: string): string[] => [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1]);

test.each(PAGES)('links of %s lead to files of the repository', (page) => {
  const broken = linksOf(page).filter((link) => !/^https?:/.test(link) && !existsSync(path.join(ROOT, path.dirname(page), link)));
  expect(broken).toEqual([]);
});

test('every page is linked from the front page', () => {
  const linked = new Set(linksOf('README.md'));
  expect(PAGES.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
});

test.each(PAGES.filter((page) => page !== 'CHANGELOG.md'))('%s says what its reader can do at its end', (page) => {
  expect(read(page).slice(0, 600)).toMatch(/[Aa]t the end of this page you /);
});

test('the front page begins with the two commands', () => {
  const [first, second] = [...read('README.md').matchAll(/npm (?:run )?(\w+)/g)].map((match) => match[1]);
  expect([first, second]).toEqual(['demo', 'test']);
});
