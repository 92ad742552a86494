// What a conformance suite is: it reads a folder and yields cases; each case says how the production code differs from it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mismatch, type Shape } from './shape.ts';

export interface ConformCase {
  readonly id: string;
  /** Differences found, one line each; none: passed. A throw counts as one. */
  check(): readonly string[] | Promise<readonly string[]>;
  /** What to print of a case after its check, passed or not: figures that are shown and not judged. */
  note?(): string;
}

export interface ConformSuite {
  readonly name: string;
  /** Folder under the shared data that is read where none is given. */
  readonly folder: string;
  /** All cases of a folder. Throws FormatError where it is missing, empty, or not in the format. */
  cases(dir: string): readonly ConformCase[];
}

/** The folder or a line of it cannot be read: the input is wrong, not the code under test. */
export class FormatError extends Error {}

/** One kind of line: its shape, and the check. `V` is what the shape has made certain. */
export interface LineKind<V> {
  readonly shape: Shape;
  check(vector: V): readonly string[] | Promise<readonly string[]>;
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a registry of kinds with different vectors
export type LineKinds = Readonly<Record<string, LineKind<any> | 'skip'>>;

/** Cases of all `.jsonl` files of a folder, in order of name and line. Kinds marked `skip` are left out. */
export function lineCases(dir: string, kinds: LineKinds): readonly ConformCase[] {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new FormatError(`no folder ${dir}. Give the folder that holds the vectors: npm run conform -- loco DIR.`);
  const files = readdirSync(dir).filter((name) => name.endsWith('.jsonl')).sort();
  const cases: ConformCase[] = [];
  for (const file of files) {
    readFileSync(join(dir, file), 'utf8').split('\n').forEach((line, index) => {
      if (line.trim() === '') return;
      const one = lineCase(line, `${file}:${index + 1}`, kinds);
      if (one) cases.push(one);
    });
  }
  if (cases.length === 0) throw new FormatError(`${dir} holds no vectors: expected .jsonl files with one vector a line.`);
  return cases;
}

function lineCase(line: string, where: string, kinds: LineKinds): ConformCase | undefined {
  let vector: unknown;
  try { vector = JSON.parse(line); } catch (error) { throw new FormatError(`${where} is not JSON: ${(error as Error).message}`); }
  if (typeof vector !== 'object' || vector === null) throw new FormatError(`${where} is not an object.`);
  const { id, kind } = vector as { id?: unknown; kind?: unknown };
  if (typeof id !== 'string') throw new FormatError(`${where}: id is missing or not text.`);
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) throw new FormatError(`${where} (${id}): unknown kind ${JSON.stringify(kind)}. Valid: ${Object.keys(kinds).sort().join(', ')}.`);
  const entry = kinds[kind];
  if (entry === 'skip') return undefined;
  const wrong = mismatch(vector, entry.shape, kind);
  if (wrong) throw new FormatError(`${where} (${id}): ${wrong}.`);
  return { id, check: () => entry.check(vector) };
}

/** The repository's root, found from this file, whether it runs as source or built. */
export function repositoryRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) {
    const up = dirname(dir);
    if (up === dir) throw new FormatError('cannot find the repository that this file belongs to.');
    dir = up;
  }
  return dir;
}

/** Where shared data lies: beside the repository, or where SCHEDLAB_SHARED says. */
export function sharedFolder(): string {
  return process.env['SCHEDLAB_SHARED'] ?? resolve(repositoryRoot(), '..', 'shared');
}
