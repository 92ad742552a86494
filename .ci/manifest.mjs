// package.json as it ships: without the scripts, tools and permissions of the clone, which mean nothing to whoever installs the package.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = 'package.json', KEPT = 'dist/.package.json';

/** The fields that ship, as text. */
export function shipped(text) {
  const { scripts: _scripts, devDependencies: _tools, allowScripts: _permissions, ...rest } = JSON.parse(text);
  return `${JSON.stringify(rest, null, 2)}\n`;
}

/** Puts the file that ships in its place; the clone's is kept until `restore`. */
export function strip(root) {
  restore(root);
  const file = path.join(root, FILE), kept = path.join(root, KEPT);
  const text = readFileSync(file, 'utf8');
  mkdirSync(path.dirname(kept), { recursive: true });
  writeFileSync(kept, text);
  writeFileSync(file, shipped(text));
}

/** Brings the clone's file back, unless it was changed meanwhile: then that one is somebody's work. */
export function restore(root) {
  const file = path.join(root, FILE), kept = path.join(root, KEPT);
  if (!existsSync(kept)) return;
  if (readFileSync(file, 'utf8') === shipped(readFileSync(kept, 'utf8'))) renameSync(kept, file);
  else rmSync(kept);
}
