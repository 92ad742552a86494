// Files of a results folder: written whole or not at all, under fixed names, and read with coded errors.
import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SchedlabError } from '../../src/errors.ts';
import { PROCESS_ID } from './machine.ts';

export const FILES = { manifest: 'manifest.json', replications: 'replications.jsonl', trails: 'trails.jsonl', summary: 'summary.json', csv: 'summary.csv' } as const;
/** Everything that this program writes into a results folder, the report's files too. */
export const OWN_FILES: readonly string[] = [...Object.values(FILES), 'report.html', 'report.md'];

function failed(what: string, path: string, cause: unknown): SchedlabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SchedlabError('ERR_OUTPUT', `cannot ${what} ${JSON.stringify(path)}: ${reason}. Choose a folder that can be written with --out.`, { path, cause });
}

/**
 * Makes a folder and those above it, one level at a time: Node's own `recursive` never ends where a file system says that a folder is
 * missing although it is there. Throws ERR_OUTPUT.
 */
export function makeFolder(dir: string): void {
  const parent = dirname(dir);
  if (existsSync(dir)) return;
  if (parent !== dir) makeFolder(parent);
  try { mkdirSync(dir); } catch (cause) { if (!existsSync(dir)) throw failed('make the folder', dir, cause); }
}

/**
 * Replaces a file as a whole: a reader sees the old one or the new one, and an interrupted write leaves the old one. The temporary file lies
 * in the same folder, because a rename between file systems is a copy. Throws ERR_OUTPUT.
 */
export function writeWhole(path: string, content: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${PROCESS_ID}.tmp`);
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (cause) {
    try { rmSync(temporary, { force: true }); } catch { /* A name that is too long has no file. */ }
    throw failed('write', path, cause);
  }
}

/** JSON for people: two spaces, a newline at the end. Numbers that JSON cannot hold are a bug and throw ERR_INVARIANT. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) throw new SchedlabError('ERR_INVARIANT', `invariant broken: ${key} is ${item}; results hold finite numbers or null.`);
    return item;
  }, 2)}\n`;
}

/** A file that grows line by line. Never follows a link out of the folder. */
export class LineFile {
  readonly #path: string;
  #fd: number;
  constructor(path: string) {
    this.#path = path;
    try { this.#fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o644); } catch (cause) { throw failed('open', path, cause); }
  }
  append(line: string): void {
    try {
      const bytes = Buffer.from(`${line}\n`);
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    } catch (cause) { throw failed('write', this.#path, cause); }
  }
  close(): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
  }
}

/** Text of a file, or undefined where there is none. Throws ERR_RESULTS where it cannot be read. */
export function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try { return readFileSync(path, 'utf8'); } catch (cause) { throw new SchedlabError('ERR_RESULTS', `cannot read ${JSON.stringify(path)}: ${cause instanceof Error ? cause.message : String(cause)}.`, { path, cause }); }
}
