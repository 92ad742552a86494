// The table of digests as one file that any Node runs, and the Nodes that it can be run with.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const CACHE = path.join(ROOT, 'node_modules/.cache/nodes');
export const GOLDEN = path.join(ROOT, 'test/golden/digests.json');
/** Majors besides the running one. */
export const MAJORS = [20, 22, 24].filter((major) => major !== Number(process.versions.node.split('.')[0]));

/** The binary of a major, where one was installed; undefined where not. */
export function binary(major) {
  const file = path.join(CACHE, String(major), `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  return existsSync(file) ? file : undefined;
}

/** Bundles the table; answers the path of the file. */
export async function bundle() {
  mkdirSync(CACHE, { recursive: true });
  const outfile = path.join(CACHE, `digests-${process.pid}.mjs`);
  await build({ entryPoints: [path.join(ROOT, 'test/determinism/print-digests.ts')], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error', banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } });
  return outfile;
}

/** The table as a Node sees it. */
export function digestsUnder(node, file) { return JSON.parse(execFileSync(node, [file], { encoding: 'utf8', maxBuffer: 1 << 24 })); }
