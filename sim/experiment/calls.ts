// The file of calls: every replication writes a part of its own, and the parts are joined in (cell, replication) order.
import { closeSync, createReadStream, createWriteStream, existsSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { SchedlabError } from '../../src/errors.ts';
import type { CallLine } from '../results.ts';
import { PROCESS_ID } from './machine.ts';
import type { Task } from './tasks.ts';

/** Bytes gathered before they are written. */
const CHUNK = 1 << 16;

const partPath = (path: string, task: Task): string => join(dirname(path), `.${basename(path)}.${task.cell}.${task.replication}.part`);

function failed(path: string, cause: unknown): SchedlabError {
  return new SchedlabError('ERR_OUTPUT', `cannot write the calls to ${JSON.stringify(path)}: ${cause instanceof Error ? cause.message : String(cause)}. Choose another file with --calls.`, { path, cause });
}

/** The lines of one replication, streamed to disk: memory does not grow with the calls. `cell` is written where a file holds several cells. */
export class CallsPart {
  readonly #path: string;
  readonly #cell: string | undefined;
  readonly #fd: number;
  #pending: string[] = [];
  #size = 0;
  constructor(path: string, task: Task, cell: string | undefined) {
    this.#path = path;
    this.#cell = cell;
    try { this.#fd = openSync(partPath(path, task), 'w'); } catch (cause) { throw failed(path, cause); }
  }
  readonly write = (line: CallLine): void => {
    const text = `${JSON.stringify(this.#cell === undefined ? line : { cell: this.#cell, ...line })}\n`;
    this.#pending.push(text);
    if ((this.#size += text.length) >= CHUNK) this.#flush();
  };
  #flush(): void {
    try {
      const bytes = Buffer.from(this.#pending.join(''));
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    } catch (cause) { throw failed(this.#path, cause); }
    this.#pending = [];
    this.#size = 0;
  }
  close(): void {
    try { this.#flush(); } finally { closeSync(this.#fd); }
  }
}

/** Joins the parts of the finished tasks, in the order given, into the file (packed where it ends in .gz) and removes every part. Throws ERR_OUTPUT. */
export async function joinCalls(path: string, finished: readonly Task[], all: readonly Task[]): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${PROCESS_ID}.tmp`);
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const task of finished) {
      const part = partPath(path, task);
      if (existsSync(part)) yield* createReadStream(part) as AsyncIterable<Buffer>;
    }
  }
  try {
    // Renaming over a device or a pipe would destroy it.
    if (existsSync(path) && !statSync(path).isFile()) throw new Error('it is no plain file');
    if (path.endsWith('.gz')) await pipeline(bytes, createGzip(), createWriteStream(temporary));
    else await pipeline(bytes, createWriteStream(temporary));
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw failed(path, cause);
  } finally {
    dropParts(path, all);
  }
}

/** Removes what an experiment that failed left beside the file. */
export function dropParts(path: string, all: readonly Task[]): void {
  for (const task of all) rmSync(partPath(path, task), { force: true });
}
