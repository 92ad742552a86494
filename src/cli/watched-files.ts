// The files behind a command, and when one of them was saved: those that the command names, and what they import of the user's own.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { namesFile, valuesOf } from '../../sim/experiment/definitions.ts';
import type { Io } from './io.ts';
import type { Asked } from './request.ts';

const CODE = /\.m?[jt]s$/, MOST = 1000;
/** Relative imports, static and dynamic, and re-exports. A path in a comment is watched for nothing, and does no harm. */
const IMPORT = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** Files that the command itself names: scenario, policies, balancers, metrics, data. Full paths. */
export function namedFiles({ found, scenarioText, request }: Asked, io: Io): readonly string[] {
  const table = found.definition.params, data = Object.keys(table).filter((key) => table[key].kind === 'file').flatMap((key) => [...valuesOf(request, key), table[key].default]);
  const code = [...valuesOf(request, 'policy'), ...valuesOf(request, 'balancer'), ...(request.metrics ?? [])].filter(namesFile);
  return [...new Set([
    ...(found.file ? [path.resolve(io.cwd, scenarioText)] : []), ...(found.source.kind === 'file' ? [found.source.path] : []),
    ...[...code, ...data.filter((value): value is string => typeof value === 'string' && value !== '')].map((file) => path.resolve(io.cwd, file)),
  ])];
}

/** These files and all that they import by relative paths, as far as it is there. */
export function withImports(files: readonly string[]): readonly string[] {
  const seen = new Set<string>(), open = [...files];
  while (open.length > 0 && seen.size < MOST) {
    const file = open.pop()!;
    if (seen.has(file)) continue;
    seen.add(file);
    if (!CODE.test(file) || !existsSync(file)) continue;
    for (const [, target] of readText(file).matchAll(IMPORT)) open.push(path.resolve(path.dirname(file), target));
  }
  return [...seen];
}

const readText = (file: string): string => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };

/**
 * Looks whether any of the files is another than when it was last asked. Times and sizes are looked at first, contents only where those moved: a
 * look costs a few calls of the system, and works where a file is replaced, as editors do, or lies on a network.
 */
export class FileWatch {
  readonly #named: readonly string[];
  #stamps = new Map<string, string>();
  #contents = new Map<string, string>();

  constructor(named: readonly string[]) { this.#named = named; this.look(); }

  /** All that is watched, imports included. */
  get files(): readonly string[] { return [...this.#stamps.keys()]; }

  /** The files whose content has changed since the last look, the named ones first. */
  look(): readonly string[] {
    const stamps = new Map<string, string>();
    for (const file of this.#stamps.size > 0 ? this.#stamps.keys() : withImports(this.#named)) stamps.set(file, stampOf(file));
    const moved = [...stamps].filter(([file, stamp]) => this.#stamps.get(file) !== stamp).map(([file]) => file);
    if (moved.length === 0) return [];
    const changed = moved.filter((file) => { const content = contentOf(file), old = this.#contents.get(file); this.#contents.set(file, content); return old !== undefined && old !== content; });
    // Imports may have come and gone with the change.
    this.#stamps = new Map(withImports(this.#named).map((file) => [file, stampOf(file)]));
    for (const file of this.#stamps.keys()) if (!this.#contents.has(file)) this.#contents.set(file, contentOf(file));
    return changed;
  }
}

function stampOf(file: string): string {
  try { const { mtimeMs, size, ino } = statSync(file); return `${mtimeMs} ${size} ${ino}`; } catch { return 'gone'; }
}

function contentOf(file: string): string {
  try { return createHash('sha256').update(readFileSync(file)).digest('hex'); } catch { return 'gone'; }
}
