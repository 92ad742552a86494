// Dependencies as package-lock.json says: installed where they are missing or of another lock file, left alone otherwise.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { node, run } from './child.mjs';
import { withLock } from './lock.mjs';

/** Development packages may be left out on purpose (`--omit=dev`): these two stand for all of them. */
const hasDevelopment = (root) => ['typescript', 'vitest'].every((name) => existsSync(path.join(root, 'node_modules', name, 'package.json')));

function packagesOf(root, file) {
  try { return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages; } catch { return undefined; }
}

/**
 * Why an installation is needed; nothing where none is. npm writes a record of what it installed when it is done: that is compared
 * with the lock file, so that it does not matter who ran npm. A file of our own in node_modules would make npm distrust its record.
 */
function reason(root, { development }) {
  if (!existsSync(path.join(root, 'node_modules'))) return 'node_modules is missing';
  const there = packagesOf(root, 'node_modules/.package-lock.json'), wanted = packagesOf(root, 'package-lock.json');
  if (there === undefined) return 'node_modules is incomplete';
  const isThere = ([at, { version, optional, dev }]) => at === '' || (there[at] === undefined ? optional || dev : there[at].version === version);
  if (!Object.entries(wanted).every(isThere)) return 'package-lock.json has changed';
  return development && !hasDevelopment(root) ? 'development packages are missing' : undefined;
}

/** Throws where npm fails. */
export async function install(root, say, needs) {
  if (reason(root, needs) === undefined) return;
  await withLock(root, 'install', () => { say('waiting: another process installs the dependencies'); }, async () => {
    const why = reason(root, needs);
    if (why === undefined) return;
    say(`installing the dependencies with npm ci, because ${why}`);
    // No scripts: no dependency needs its own, and the build that npm would start is ours to start and to explain.
    const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
    const npm = process.env.npm_execpath, started = performance.now();
    // npm's own summary is dropped; its errors are not.
    const code = npm && /\.[cm]?js$/.test(npm) ? await node([npm, ...args], { cwd: root, stdout: 'ignore' })
      : await run('npm', args, { cwd: root, stdout: 'ignore', shell: process.platform === 'win32' });
    if (code !== 0) throw new Error(`npm ci ended with exit code ${code}. It needs npm's registry; nothing else is fetched.`);
    say(`installed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  });
}
