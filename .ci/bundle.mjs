// What ships: every door, the program and the worker as few files with shared chunks, and the types of the doors beside them.
// Node reads a hundred small modules in five times the time of one large one. Run after the compiler, in the root: `node .ci/bundle.mjs`.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const BUNDLE = 'dist/bundle';

/** Modules that somebody loads by name: users, the shell, a worker thread. They keep the paths of their sources. */
export const ENTRIES = ['src/index', 'sim/index', 'sim/testing/index', 'scenarios/index', 'src/cli/main', 'src/cli/front', 'sim/experiment/worker', 'sim/experiment/hooks', 'sim/experiment/register'];

/** Entries with types of their own. */
const DOORS = ['src/index', 'sim/index', 'sim/testing/index'];

/** Small packages that go into the bundle, because each costs a start some ms; all others are installed. Their licences go along. */
export const INLINED = ['csv-parse', 'csv-stringify', 'eventsource-parser', 'fast-check', 'fastest-levenshtein', 'pure-rand', 'seedrandom', 'simple-statistics', 'vega-interpreter', 'yargs-parser'];

const RELATIVE = /(from |import\()(['"])(\.{1,2}\/[^'"]+?)\.ts\2/g;

/** Copies the types that a door leads to. What the compiler writes names sources; a package has none. */
function copyTypes(root, to) {
  const seen = new Set(), open = DOORS.map((name) => `${name}.d.ts`);
  while (open.length > 0) {
    const name = open.pop();
    if (seen.has(name)) continue;
    seen.add(name);
    const text = readFileSync(path.join(root, 'dist', name), 'utf8');
    for (const [, , , target] of text.matchAll(RELATIVE)) open.push(path.posix.join(path.posix.dirname(name), `${target}.d.ts`));
    const file = path.join(to, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text.replace(RELATIVE, '$1$2$3.js$2'));
  }
  return seen.size;
}

/** The licences of the packages that these inputs come from. */
function notices(root, inputs) {
  const names = new Set(inputs.flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  return [...names].sort().map((name) => {
    const folder = path.join(root, 'node_modules', name), { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(path.join(folder, file), 'utf8').trim() : 'See its package.'}\n`;
  });
}

/** Names and parameters of all that ships, for completion in a shell: it must not wait for the modules. */
async function tables(folder) {
  const load = (name) => import(pathToFileURL(path.join(folder, name)).href);
  const [{ SCENARIOS }, { POLICIES, BALANCERS }] = await Promise.all([load('scenarios/index.js'), load('src/index.js')]);
  const told = (registry) => Object.fromEntries(Object.entries(registry).map(([key, { name, title, params }]) => [key, { name, title, params }]));
  return JSON.stringify({ scenarios: told(SCENARIOS), policies: told(POLICIES), balancers: told(BALANCERS) });
}

/** Bundles into a folder beside the old one and puts it in its place at the end: a program that runs meanwhile finds all its parts. */
export async function bundle(root) {
  const { build } = await import('esbuild');
  const fresh = path.join(root, `${BUNDLE}.${process.pid}`), place = path.join(root, BUNDLE), gone = `${fresh}.old`;
  rmSync(fresh, { recursive: true, force: true });
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(ENTRIES.map((name) => [name, `${name}.ts`])),
    outdir: fresh, chunkNames: 'chunks/[name]-[hash]',
    bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20.19',
    external: Object.keys(dependencies), mainFields: ['module', 'main'], conditions: ['import'],
    sourcemap: true, sourcesContent: false, sourceRoot: '', legalComments: 'none', charset: 'utf8', metafile: true, logLevel: 'warning',
  });
  // The page's script is found beside the chunk that asks for it.
  cpSync(path.join(root, 'dist/reports/runtime/bundled.js'), path.join(fresh, 'chunks/bundled.js'));
  copyTypes(root, fresh);
  writeFileSync(path.join(fresh, 'tables.json'), await tables(fresh));
  writeFileSync(path.join(fresh, 'THIRD-PARTY.txt'), `This package holds parts of other packages. Their licences:\n\n${notices(root, Object.keys(metafile.inputs)).join('\n----\n\n')}`);
  if (existsSync(place)) renameSync(place, gone);
  renameSync(fresh, place);
  rmSync(gone, { recursive: true, force: true });
  return metafile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(process.cwd());
