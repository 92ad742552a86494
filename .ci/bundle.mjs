// What ships: every door, the program and the worker as few files with shared chunks, and the types of the doors beside them.
// Node reads a hundred small modules in five times the time of one large one. Run in the root: `node .ci/bundle.mjs` after the compiler, or, without types, `node .ci/bundle.mjs program`.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const BUNDLE = 'dist/bundle';

/** Modules that somebody loads by name: users, the shell, a worker thread. They keep the paths of their sources. */
export const ENTRIES = ['src/index', 'sim/index', 'sim/testing/index', 'scenarios/index', 'src/cli/main', 'src/cli/front', 'src/cli/check-worker', 'sim/experiment/worker', 'sim/experiment/hooks', 'sim/experiment/register'];

/** Entries with types of their own. */
const DOORS = ['src/index', 'sim/index', 'sim/testing/index'];

/** Files that are cut by hand, each without what the ones before it hold: every file costs a start about half a ms, and no door loads another's. */
const PARTS = [
  ['base', ['src/index'], ['src/cli/front']], ['front', ['src/cli/front', 'src/cli/version', 'src/cli/strays']], ['production', ['src/index']], ['testing', ['sim/testing/index']], ['laboratory', ['sim/index']],
  ['experiment', ['sim/experiment/worker']], ['command', ['src/cli/verbs/sweep']],
];

/** Small packages that go into the bundle, because each costs a start some ms; all others are installed. Their licences go along. */
export const INLINED = ['csv-parse', 'csv-stringify', 'eventsource-parser', 'fast-check', 'fastest-levenshtein', 'seedrandom', 'simple-statistics', 'vega-interpreter', 'yargs-parser'];

/** About the most characters of a line of what ships. */
const LINE = 160;

const RELATIVE = /(from |import\()(['"])(\.{1,2}\/[^'"]+?)\.ts\2/g;

/** `AbortSignal` belongs to Node's types and to the DOM's: where a project has neither, the name alone must be known. It merges with theirs. */
const SIGNAL = '\ndeclare global { interface AbortSignal {} }\n';

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
    writeFileSync(file, text.replace(RELATIVE, '$1$2$3.js$2') + (/\bAbortSignal\b/.test(text) ? SIGNAL : ''));
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
  const [{ SCENARIOS }, { POLICIES, BALANCERS, ADDONS }] = await Promise.all([load('scenarios/index.js'), load('src/index.js')]);
  const told = (registry) => Object.fromEntries(Object.entries(registry).map(([key, { name, title, params }]) => [key, { name, title, params }]));
  // Parameters of add-ons are keys with their names.
  const keyed = Object.fromEntries(Object.entries(ADDONS).map(([key, { params, ...addon }]) => [key, { ...addon, params: Object.fromEntries(Object.entries(params).map(([name, spec]) => [`${key}.${name}`, spec])) }]));
  return JSON.stringify({ scenarios: told(SCENARIOS), policies: told(POLICIES), balancers: told(BALANCERS), addons: told(keyed) });
}

/** The modules that these lead to, without a step through import(). */
async function reached(options, names) {
  const { rolldown } = await import('rolldown');
  const made = await rolldown({ ...options, input: names.map((name) => `${name}.ts`) });
  try {
    const { output } = await made.generate({ format: 'esm' });
    const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk])), seen = new Set();
    const open = [...chunks.values()].filter(({ isEntry, facadeModuleId }) => isEntry && names.some((name) => facadeModuleId.endsWith(`/${name}.ts`))).map(({ fileName }) => fileName);
    while (open.length > 0) { const name = open.pop(); if (!seen.has(name) && chunks.has(name)) { seen.add(name); open.push(...chunks.get(name).imports); } }
    return new Set([...seen].flatMap((name) => chunks.get(name).moduleIds));
  } finally { await made.close(); }
}

/** The page's script, straight from its sources. Its maker is one file, which needs no more than its types taken off. */
async function pageScript(root) {
  const { transform } = await import('esbuild'), folder = path.join(root, 'reports/runtime'), maker = path.join(root, `dist/page-script.${process.pid}.mjs`);
  writeFileSync(maker, (await transform(readFileSync(path.join(folder, 'bundle.ts'), 'utf8'), { loader: 'ts' })).code);
  try {
    const { asModule, bundleRuntime } = await import(pathToFileURL(maker).href);
    return asModule(await bundleRuntime(folder));
  } finally { rmSync(maker, { force: true }); }
}

/**
 * Takes comments and white space away and leaves names. Lines stay short, because Node shows the whole line of a fault that nobody catches.
 * Maps go without the text of the sources: they name file and line of a fault, and a fifth of their size does that.
 */
async function tighten(file) {
  const { transform } = await import('esbuild'), text = readFileSync(file, 'utf8'), place = `${file}.map`, hasMap = existsSync(place);
  // A map that stands in the text is carried on into the new one.
  const inline = hasMap ? `//# sourceMappingURL=data:application/json;base64,${readFileSync(place).toString('base64')}\n` : '', name = /\n\/\/# sourceMappingURL=\S+\s*$/;
  const { code, map } = await transform(`${text.replace(name, '\n')}${inline}`, { loader: 'js', format: 'esm', target: 'esnext', minifyWhitespace: true, lineLimit: LINE, legalComments: 'inline', ...(hasMap ? { sourcemap: 'external', sourcesContent: false, sourcefile: path.basename(file) } : {}) });
  writeFileSync(file, hasMap ? `${code.trimEnd()}\n//# sourceMappingURL=${path.basename(place)}\n` : code);
  if (hasMap) writeFileSync(place, map);
}

/** Bundles into a folder beside the old one and puts it in its place at the end: a program that runs meanwhile finds all its parts. */
export async function bundle(root, { whole = true } = {}) {
  const { rolldown } = await import('rolldown');
  const fresh = path.join(root, `${BUNDLE}.${process.pid}`), place = path.join(root, BUNDLE), gone = `${fresh}.old`;
  rmSync(fresh, { recursive: true, force: true });
  const installed = Object.keys(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).dependencies);
  const options = {
    cwd: root, platform: 'neutral', onLog: (level, log, say) => { if (log.code !== 'INEFFECTIVE_DYNAMIC_IMPORT') say(level, log); }, treeshake: { moduleSideEffects: false },
    resolve: { mainFields: ['module', 'main'], conditionNames: ['node', 'import', 'default'] },
    external: (id) => id.startsWith('node:') || builtinModules.includes(id) || installed.some((name) => id === name || id.startsWith(`${name}/`)),
  };
  // What does something when it is loaded stays by itself.
  const groups = [], starts = new Set(ENTRIES.filter((name) => ![...DOORS, 'scenarios/index', 'src/cli/front'].includes(name)).map((name) => path.join(root, `${name}.ts`)));
  for (const [name, from, also = from] of PARTS) {
    const one = await reached(options, from), other = await reached(options, also);
    groups.push({ name, modules: new Set([...one].filter((id) => other.has(id))) });
  }
  const made = await rolldown({ ...options, input: Object.fromEntries(ENTRIES.map((name) => [name, `${name}.ts`])) });
  const { output } = await made.write({
    dir: fresh, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', sourcemap: true,
    codeSplitting: { groups: groups.map(({ name, modules }, i) => ({ name, test: (id) => modules.has(id) && !starts.has(id), priority: groups.length - i })) },
  });
  await made.close();
  for (const { fileName, type } of output) if (type === 'chunk') await tighten(path.join(fresh, fileName));
  // The page's script is found beside the chunk that asks for it.
  const script = await pageScript(root);
  writeFileSync(path.join(fresh, 'chunks/bundled.js'), script);
  if (whole) {
    writeFileSync(path.join(root, 'dist/reports/runtime/bundled.js'), script);
    copyTypes(root, fresh);
  }
  writeFileSync(path.join(fresh, 'tables.json'), await tables(fresh));
  const inputs = output.flatMap(({ moduleIds = [] }) => moduleIds).map((id) => path.relative(root, id));
  writeFileSync(path.join(fresh, 'THIRD-PARTY.txt'), `This package holds parts of other packages. Their licences:\n\n${notices(root, inputs).join('\n----\n\n')}`);
  if (existsSync(place)) renameSync(place, gone);
  renameSync(fresh, place);
  rmSync(gone, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(process.cwd(), { whole: process.argv[2] !== 'program' });
