// dist/ from the sources: built when their bytes have changed since the last build, whatever their times say.
// Two stages: the program alone, in seconds and without the compiler; or all of it, with types and the modules one by one.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { node } from './child.mjs';
import { withLock } from './lock.mjs';

const STAMP = 'dist/.built', PROGRAM_STAMP = 'dist/.program', COMPILER = 'node_modules/typescript/bin/tsc';
/** The script that brings a report's charts to life, where the report's modules look for it. */
const BUNDLE = 'dist/reports/runtime/bundled.js';
/** Makes what ships, the program in it, and BUNDLE; with `program`, what ships alone, and without types. */
const PACKER = '.ci/bundle.mjs', PROGRAM = 'dist/bundle/src/cli/main.js';

function filesUnder(root, folder, ending) {
  const full = path.join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { recursive: true }).map((name) => path.join(folder, String(name)).split(path.sep).join('/')).filter((name) => name.endsWith(ending)).sort();
}

/** What the build is made from: code, as the compiler's own configuration lists it, and the data that it imports. */
function sources(root) {
  const { include } = JSON.parse(readFileSync(path.join(root, 'tsconfig.build.json'), 'utf8'));
  return [...include.flatMap((folder) => filesUnder(root, folder, '.ts')), ...filesUnder(root, 'sim', '.json')];
}

function hashOf(root, names) {
  const hash = createHash('sha256');
  for (const name of [...names, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', PACKER]) {
    const full = path.join(root, name);
    if (existsSync(full)) hash.update(`\0${name}\0`).update(readFileSync(full));
  }
  return hash.digest('hex');
}

const built = (name) => `dist/${name.replace(/\.ts$/, '.js')}`;

const isWhole = (root, names) => names.every((name) => name.endsWith('.d.ts') || existsSync(path.join(root, built(name))));

const stampOf = (root, file) => (existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : undefined);

/** Why a build is needed; nothing where dist is what the sources say. */
export function staleness(root, stage = 'whole') {
  const names = sources(root), stamps = [STAMP, ...(stage === 'program' ? [PROGRAM_STAMP] : [])].map((file) => stampOf(root, file)).filter((stamp) => stamp !== undefined);
  if (stamps.length === 0) return existsSync(path.join(root, PROGRAM)) ? 'it holds the program alone, and not its modules one by one' : 'there is none';
  if (!stamps.includes(hashOf(root, names))) return 'the sources have changed';
  const wanted = stage === 'program' ? [PROGRAM] : [BUNDLE, PROGRAM];
  return (stage === 'program' || isWhole(root, names)) && wanted.every((name) => existsSync(path.join(root, name))) ? undefined : 'files are missing from it';
}

/** Outputs whose source is gone would still be found by an import. */
function removeOrphans(root, names) {
  const wanted = new Set([BUNDLE, ...names.filter((name) => !name.endsWith('.d.ts')).flatMap((name) => [built(name), built(name).replace(/\.js$/, '.d.ts')])]);
  for (const folder of ['src', 'sim', 'scenarios', 'reports', 'bench', 'test']) {
    for (const name of ['.js', '.d.ts', '.json'].flatMap((ending) => filesUnder(root, `dist/${folder}`, ending))) {
      if (!wanted.has(name)) rmSync(path.join(root, name));
    }
  }
}

async function compile(root, names) {
  const info = path.join(root, 'dist/.tsbuildinfo');
  // The compiler trusts its record of what it wrote: without the files the record is worth nothing.
  if (existsSync(info) && !isWhole(root, names)) rmSync(info);
  return node([path.join(root, COMPILER), '-p', 'tsconfig.build.json'], { cwd: root, stdout: 2 });
}

async function pack(root, ...args) {
  if (await node([path.join(root, PACKER), ...args], { cwd: root, stdout: 2 }) !== 0) throw new Error('the package could not be bundled. What went wrong stands above.');
  chmodSync(path.join(root, PROGRAM), 0o755);
}

/** The compiler's part: every module by itself, with its types. */
async function modulesOf(root, names) {
  removeOrphans(root, names);
  const code = await compile(root, names);
  if (code !== 0) throw new Error(`the compiler found faults (exit code ${code}). Correct what it lists above.`);
  chmodSync(path.join(root, 'dist/src/cli/main.js'), 0o755);
}

/**
 * Builds where it must: `program`, what `npx schedlab` runs; `whole`, what ships, tests and benchmarks ask for as well. Without a compiler
 * (an installation for production) an existing build is kept as it is. Throws where a tool finds a fault.
 */
export async function build(root, say, stage = 'whole') {
  if (staleness(root, stage) === undefined) return;
  if (!existsSync(path.join(root, COMPILER))) {
    if (!existsSync(path.join(root, PROGRAM))) say('not built: TypeScript is not installed. Run npm ci with development packages.');
    return;
  }
  await withLock(root, 'build', () => { say('waiting: another process builds'); }, async () => {
    const why = staleness(root, stage);
    if (why === undefined) return;
    say(`building ${stage === 'program' ? 'the program' : 'dist with TypeScript'}, because ${why}`);
    const started = performance.now(), names = sources(root), hash = hashOf(root, names);
    mkdirSync(path.join(root, 'dist'), { recursive: true });
    for (const stamp of [STAMP, PROGRAM_STAMP]) rmSync(path.join(root, stamp), { force: true });
    if (stage === 'whole') await modulesOf(root, names);
    await pack(root, ...(stage === 'whole' ? [] : ['program']));
    writeFileSync(path.join(root, stage === 'whole' ? STAMP : PROGRAM_STAMP), hash);
    say(`built in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  });
}
