// A file that every replication adds to: each writes a part of its own, and the parts are joined in (cell, replication) order.
import { closeSync, createReadStream, createWriteStream, existsSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { SchedlabError } from '../../src/errors.ts';
import { PROCESS_ID } from './machine.ts';
import type { Task } from './tasks.ts';

/** Bytes gathered before they are written. */
const CHUNK = 1 << 16;

/** Flags that ask for a file beside the results. */
export type PartsFlag = '--calls' | '--decisions' | '--trace';

/** The word for messages, and what stands before and after the lines of all replications. */
const KINDS: Readonly<Record<PartsFlag, { readonly what: string; readonly head?: string; readonly foot?: string }>> = {
  '--calls': { what: 'calls' },
  '--decisions': { what: 'decisions' },
  // One JSON document. The last event stands by itself, so that every other can end with a comma.
  '--trace': { what: 'trace', head: '{"displayTimeUnit":"ms","otherData":{"clock":"simulated time"},"traceEvents":[\n', foot: '{"ph":"M","ts":0,"name":"trace_end","pid":0,"tid":0,"args":{}}\n]}\n' },
};

const partPath = (path: string, task: Task): string => join(dirname(path), `.${basename(path)}.${task.cell}.${task.replication}.part`);

function failed(path: string, flag: PartsFlag, cause: unknown): SchedlabError {
  return new SchedlabError('ERR_OUTPUT', `cannot write the ${KINDS[flag].what} to ${JSON.stringify(path)}: ${cause instanceof Error ? cause.message : String(cause)}. Choose another file with ${flag}.`, { path, cause });
}

/** What one replication writes, streamed to disk: memory does not grow with the run. */
export class Part {
  readonly #path: string;
  readonly #flag: PartsFlag;
  readonly #fd: number;
  #pending: string[] = [];
  #size = 0;
  constructor(path: string, task: Task, flag: PartsFlag) {
    this.#path = path;
    this.#flag = flag;
    try { this.#fd = openSync(partPath(path, task), 'w'); } catch (cause) { throw failed(path, flag, cause); }
  }
  write(text: string): void {
    this.#pending.push(text);
    if ((this.#size += text.length) >= CHUNK) this.#flush();
  }
  #flush(): void {
    try {
      const bytes = Buffer.from(this.#pending.join(''));
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    } catch (cause) { throw failed(this.#path, this.#flag, cause); }
    this.#pending = [];
    this.#size = 0;
  }
  close(): void {
    try { this.#flush(); } finally { closeSync(this.#fd); }
  }
}

/** One line of JSON a record. `cell` is written where a file holds several cells. */
export class LinesPart {
  readonly #part: Part;
  readonly #cell: string | undefined;
  constructor(path: string, task: Task, cell: string | undefined, flag: PartsFlag) {
    this.#part = new Part(path, task, flag);
    this.#cell = cell;
  }
  readonly write = (line: object): void => { this.#part.write(`${JSON.stringify(this.#cell === undefined ? line : { cell: this.#cell, ...line })}\n`); };
  close(): void { this.#part.close(); }
}

/** Joins the parts of the finished tasks, in the order given, into the file (packed where it ends in .gz) and removes every part. Throws ERR_OUTPUT. */
export async function joinParts(path: string, flag: PartsFlag, finished: readonly Task[], all: readonly Task[]): Promise<void> {
  const { head, foot } = KINDS[flag], temporary = join(dirname(path), `.${basename(path)}.${PROCESS_ID}.tmp`);
  async function* bytes(): AsyncGenerator<Buffer> {
    if (head !== undefined) yield Buffer.from(head);
    for (const task of finished) {
      const part = partPath(path, task);
      if (existsSync(part)) yield* createReadStream(part) as AsyncIterable<Buffer>;
    }
    if (foot !== undefined) yield Buffer.from(foot);
  }
  try {
    // Renaming over a device or a pipe would destroy it.
    if (existsSync(path) && !statSync(path).isFile()) throw new Error('it is no plain file');
    if (path.endsWith('.gz')) await pipeline(bytes, createGzip(), createWriteStream(temporary));
    else await pipeline(bytes, createWriteStream(temporary));
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw failed(path, flag, cause);
  } finally {
    dropParts(path, all);
  }
}

/** Removes what an experiment that failed left beside the file. */
export function dropParts(path: string, all: readonly Task[]): void {
  for (const task of all) rmSync(partPath(path, task), { force: true });
}
