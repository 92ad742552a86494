// dist/ from the sources: built when their bytes have changed since the last build, whatever their times say.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { node } from './child.mjs';
import { withLock } from './lock.mjs';

const STAMP = 'dist/.built', COMPILER = 'node_modules/typescript/bin/tsc';
/** Makes the script that brings a report's charts to life, and what it makes. */
const BUNDLER = 'dist/reports/runtime/bundle.js', BUNDLE = 'dist/reports/runtime/bundled.js';
/** Makes what ships, and the program in it. */
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

/** Why a build is needed; nothing where dist is what the sources say. */
export function staleness(root) {
  const names = sources(root);
  if (!existsSync(path.join(root, STAMP))) return 'there is none';
  if (readFileSync(path.join(root, STAMP), 'utf8') !== hashOf(root, names)) return 'the sources have changed';
  return isWhole(root, names) && [BUNDLE, PROGRAM].every((name) => existsSync(path.join(root, name))) ? undefined : 'files are missing from it';
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

/**
 * Builds where it must. Without a compiler (an installation for production) an existing build is kept as it is.
 * Throws where the compiler finds a fault.
 */
export async function build(root, say) {
  if (staleness(root) === undefined) return;
  if (!existsSync(path.join(root, COMPILER))) {
    if (!existsSync(path.join(root, PROGRAM))) say('not built: TypeScript is not installed. Run npm ci with development packages.');
    return;
  }
  await withLock(root, 'build', () => { say('waiting: another process builds'); }, async () => {
    const why = staleness(root);
    if (why === undefined) return;
    say(`building dist with TypeScript, because ${why}`);
    const started = performance.now(), names = sources(root), hash = hashOf(root, names);
    mkdirSync(path.join(root, 'dist'), { recursive: true });
    rmSync(path.join(root, STAMP), { force: true });
    removeOrphans(root, names);
    const code = await compile(root, names);
    if (code !== 0) throw new Error(`the compiler found faults (exit code ${code}). Correct what it lists above.`);
    chmodSync(path.join(root, 'dist/src/cli/main.js'), 0o755);
    if (await node([path.join(root, BUNDLER)], { cwd: root, stdout: 2 }) !== 0) throw new Error('the script of the report could not be bundled. What went wrong stands above.');
    if (await node([path.join(root, PACKER)], { cwd: root, stdout: 2 }) !== 0) throw new Error('the package could not be bundled. What went wrong stands above.');
    chmodSync(path.join(root, PROGRAM), 0o755);
    writeFileSync(path.join(root, STAMP), hash);
    say(`built in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  });
}
