// LOCO with one line changed: seeded changes of its scoring, its ties and its ageing, built from the sources as they stand. Not a test.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import seedrandom from 'seedrandom';
import type { PolicyDefinition } from '../../src/policies/policy.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A file under src/loco, a piece of one of its lines, and what may stand there instead: `k` in (0, 1), `n` a small whole number. */
interface Site { readonly file: string; readonly was: string; readonly is: readonly ((k: string, n: number) => string)[] }

const SITES: readonly Site[] = [
  { file: 'rule.ts', was: 'return alpha * (backlog', is: [(k) => `return ${k} * alpha * (backlog`, (k) => `return (alpha + ${k}) * (backlog`, () => 'return alpha * Math.sqrt(backlog', (_k, n) => `return ${n + 1} * alpha * (backlog`] },
  { file: 'rule.ts', was: '(1 - alpha) * (age', is: [(k) => `(1 - ${k} * alpha) * (age`, (k) => `(${k} - alpha) * (age`, () => '(1 - alpha) * (1 - age', (_k, n) => `(1 - alpha) / ${n + 1} * (age`] },
  { file: 'rule.ts', was: '(age / (maxAge || 1))', is: [(_k, n) => `(age / (maxAge + ${n}))`, () => '(age / (maxAge || 1)) * (age / (maxAge || 1))', () => '0'] },
  { file: 'rule.ts', was: '(backlog / (maxBacklog || 1))', is: [(_k, n) => `(backlog / (maxBacklog + ${n}))`, () => '(maxBacklog / (backlog || 1))', () => '0'] },
  { file: 'policy.ts', was: 'this.#drawn[this.#drawnCount++] = draw();', is: [(k) => `this.#drawn[this.#drawnCount++] = ${k} * draw();`, (k) => `this.#drawn[this.#drawnCount++] = (draw() + ${k}) % 1;`, (k) => `this.#drawn[this.#drawnCount++] = (draw(), ${k});`] },
  { file: 'policy.ts', was: 'if (!this.#byClock) state.tick();', is: [(_k, n) => `if (!this.#byClock && this.#grants % ${n + 1} !== 0) state.tick();`, (_k, n) => `if (!this.#byClock) { state.tick(); if (this.#grants % ${n} === 0) state.tick(); }`] },
  { file: 'policy.ts', was: 'state.enqueue(call, agent, this.#calls.weight[call]);', is: [(k, n) => `state.enqueue(call, agent, this.#calls.weight[call] + (agent % ${n + 1} === 0 ? ${k} : 0));`, (_k, n) => `state.enqueue(call, agent, call % ${n + 1});`] },
  { file: 'guard.ts', was: 'Math.min(alpha, 0.5 * s / (1 + s))', is: [(k) => `Math.min(alpha, ${k} * s / (1 + s))`, () => 'alpha', (k) => `Math.max(alpha, ${k})`] },
  { file: 'guard.ts', was: '(this.#granted + ahead) / this.#arrived', is: [(_k, n) => `(this.#granted + ${n} * ahead) / this.#arrived`, (_k, n) => `this.#granted / (this.#arrived + ${n})`] },
  { file: 'guard.ts', was: 'arrived(): void { this.#arrived++;', is: [(_k, n) => `arrived(): void { this.#arrived += ${n};`] },
];

export interface Mutant { readonly what: string; readonly definition: PolicyDefinition }

/** The text of a file with one piece of one line changed. Throws where the piece does not stand there once. */
function changed(file: string, was: string, is: string): string {
  const text = readFileSync(path.join(ROOT, 'src/loco', file), 'utf8');
  if (text.split(was).length !== 2) throw new Error(`src/loco/${file} holds ${JSON.stringify(was)} ${text.split(was).length - 1} times, not once`);
  return text.replace(was, () => is);
}

/** The mutant of a seed, bundled into a folder: the same seed is the same mutant. */
export async function mutantOf(seed: string, folder: string): Promise<Mutant & { readonly path: string }> {
  const random = seedrandom.alea(seed), pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const site = pick(SITES), is = pick(site.is)((0.05 + 0.9 * random()).toFixed(3), 1 + Math.floor(random() * 4));
  const target = path.join(ROOT, 'src/loco', site.file), contents = changed(site.file, site.was, is), outfile = path.join(folder, `mutant-${seed}.mjs`);
  await build({
    stdin: { contents: "import { loco } from './loco.ts'; export default loco;", resolveDir: path.join(ROOT, 'src/policies'), loader: 'ts' },
    bundle: true, format: 'esm', platform: 'node', packages: 'external', outfile, logLevel: 'silent',
    plugins: [{ name: 'one line', setup: ({ onLoad }) => { onLoad({ filter: /\/loco\/[\w-]+\.ts$/ }, ({ path: file }) => (file === target ? { contents, loader: 'ts' } : undefined)); } }],
  });
  const { default: definition } = await import(/* @vite-ignore */ pathToFileURL(outfile).href) as { default: PolicyDefinition };
  return { what: `src/loco/${site.file}: ${site.was} → ${is}`, definition, path: outfile };
}
