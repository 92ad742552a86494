// Dependencies as package-lock.json says: installed where they are missing or of another lock file, left alone otherwise.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { node, run } from './child.mjs';
import { withLock } from './lock.mjs';

const STAMP = 'node_modules/.schedlab-installed';

const readOr = (file, fallback) => { try { return readFileSync(file, 'utf8'); } catch { return fallback; } };

function wanted(root) {
  return `${createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json'))).digest('hex')} ${process.platform}-${process.arch}`;
}

/** True where npm's own record of node_modules names every package of the lock file in its version: somebody else ran npm. */
function matchesRecord(root) {
  const record = readOr(path.join(root, 'node_modules/.package-lock.json'), '');
  if (record === '') return false;
  const there = JSON.parse(record).packages, lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(lock).every(([at, { version, optional, dev }]) => at === '' || optional || there[at]?.version === version || (dev && there[at] === undefined));
}

/** Notes that node_modules is what the lock file says. For the end of an installation that npm made itself. */
export function markInstalled(root) { writeFileSync(path.join(root, STAMP), wanted(root)); }

/** Development packages may be left out on purpose (`--omit=dev`): these two stand for all of them. */
export const hasDevelopment = (root) => ['typescript', 'vitest'].every((name) => existsSync(path.join(root, 'node_modules', name, 'package.json')));

/** Why an installation is needed; nothing where none is. */
function reason(root, { development }) {
  if (!existsSync(path.join(root, 'node_modules'))) return 'node_modules is missing';
  if (readOr(path.join(root, STAMP), '') !== wanted(root)) {
    if (!matchesRecord(root)) return 'package-lock.json has changed';
    markInstalled(root);
  }
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
    markInstalled(root);
    say(`installed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  });
}
