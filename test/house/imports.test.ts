// Who imports whom, read from the import lines themselves: the table of rooms, no cycles, and nothing of Node in what runs anywhere.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { ROOMS, complaint, roomOf } from '../../.ci/rooms.mjs';
import { ROOT, importsOf, modules, targetOf } from './modules.ts';

const HOUSE = modules(['src', 'sim', 'scenarios', 'reports']);
const edges = HOUSE.flatMap(({ file, imports }) => imports.filter(({ specifier }) => specifier.startsWith('.')).map(({ specifier, isType }) => ({ from: file, to: targetOf(file, specifier), isType })));

/** The files of one cycle, or nothing. */
function cycleOf(files: readonly string[], next: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>(), path: string[] = [];
  const visit = (file: string): readonly string[] | undefined => {
    if (done.has(file)) return undefined;
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    path.push(file);
    for (const to of next.get(file) ?? []) { const found = visit(to); if (found) return found; }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of files) { const found = visit(file); if (found) return found; }
  return undefined;
}

describe('the import lines', () => {
  test('are read: modules and edges are seen, in every room', () => {
    expect(HOUSE.length).toBeGreaterThan(80);
    expect(edges.length).toBeGreaterThan(300);
    const seen = new Set(HOUSE.map(({ file }) => roomOf(file)));
    for (const room of Object.keys(ROOMS)) {
      if (room === 'test' || room === 'bench') continue;
      expect(seen, `no module in room ${room}`).toContain(room);
    }
  });

  test('are understood in every form', () => {
    const text = `
      import { a } from './a.ts';
      import type { B } from './b.ts';
      import { type C, type D } from './c.ts';
      import e, { type F } from './e.ts';
      import './g.ts'; // import './not.ts';
      export * from './h.ts';
      export type { I } from './i.ts';
      export const lazy = () => import('./j.ts'), both = Promise.all([import('./n.ts'), import('./o.ts')]);
      let p: typeof import('./p.ts');
      type K = import('./k.ts').K;
      /* import './neither.ts'; */
      import {
        l,
        m,
      } from './l.ts';
      const words = "import './nor.ts'";`;
    const found = importsOf(text).filter(({ specifier }) => specifier !== './nor.ts').map(({ specifier, isType }) => `${specifier}${isType ? ' type' : ''}`);
    expect(found.sort()).toEqual(['./a.ts', './b.ts type', './c.ts type', './e.ts', './g.ts', './h.ts', './i.ts type', './j.ts', './k.ts type', './l.ts', './n.ts', './o.ts', './p.ts type']);
  });

  test('keep to the table of rooms', () => {
    const wrong = HOUSE.flatMap(({ file, imports }) => imports.map(({ specifier, isType }) => [file, complaint(file, specifier, isType)] as const)).filter(([, what]) => what !== undefined);
    expect(wrong).toEqual([]);
  });

  test('carry the file ending and lead to files that exist', () => {
    expect(edges.filter(({ to }) => !/\.(ts|json)$/.test(to) || !existsSync(path.join(ROOT, to)))).toEqual([]);
  });

  test('make no cycle, types included', () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
    expect(cycleOf(HOUSE.map(({ file }) => file), next)).toBeUndefined();
  });

  test('would show a cycle', () => {
    const next = new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]]);
    expect(cycleOf(['a'], next)).toEqual(['b', 'c', 'b']);
  });
});

describe('what runs anywhere', () => {
  const anywhere = HOUSE.map(({ file }) => file).filter((file) => /^(src\/(?!cli\/|engines\/)|src\/engines\/(engine|failures|scripted)\.ts|sim\/(kernel|random|engine|measure)\/|sim\/worlds\/virtual\.ts)/.test(file));

  test('is bundled for a browser without a Node module', async () => {
    expect(anywhere.length).toBeGreaterThan(60);
    const contents = anywhere.map((file) => `export * as ${file.replace(/\W/g, '_')} from './${file}';`).join('\n');
    const result = await build({ stdin: { contents, resolveDir: ROOT, loader: 'ts' }, bundle: true, write: false, format: 'esm', platform: 'browser', target: 'es2022', metafile: true, logLevel: 'silent' });
    const inputs = Object.keys(result.metafile.inputs);
    expect(inputs.length).toBeGreaterThan(anywhere.length);
    expect(result.outputFiles[0].text).not.toMatch(/\b(?:require|import)\s*\(?\s*["']node:/);
    expect(Object.values(result.metafile.outputs)[0].imports).toEqual([]);
  });
});
