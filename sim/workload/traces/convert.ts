// A trace from one format into another, in two readings: the first finds what the writer must know, the second writes. Nothing grows with the file.
import { closeSync, existsSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SchedlabError } from '../../../src/errors.ts';
import { unknownName } from '../../../src/options.ts';
import { scanTrace, type Scanned } from './scan.ts';
import type { RowSource } from './sink.ts';
import { WRITABLE, WRITERS, type TraceFacts, type TraceWriter, type WriterName } from './write.ts';

export interface ConvertOptions {
  readonly to: string;
  readonly out: string;
  readonly format?: string;
  readonly isStopped?: () => boolean;
}

export interface Converted {
  readonly from: Scanned;
  readonly to: string;
  readonly out: string;
  readonly rows: number;
  /** What the new format cannot hold of this trace. */
  readonly losses: readonly string[];
  readonly additions: readonly string[];
}

/** Characters gathered before they are written. */
const BATCH_CHARACTERS = 1 << 22;

async function facts(path: string, { format, isStopped }: ConvertOptions): Promise<{ readonly facts: TraceFacts; readonly scanned: Scanned }> {
  let source: RowSource | undefined, start = Infinity, contentMax = -1, rows = 0, dropped = 0;
  let hasIds = false, hasPrograms = false, hasSegments = false;
  const scanned = await scanTrace(path, (opened) => {
    source = opened;
    return {
      add(row) {
        if (row.time < start) start = row.time;
        // An id that is the row's number is none to keep.
        if (row.id !== undefined && row.id !== String(rows + dropped)) hasIds = true;
        if (row.afterUs >= 0) hasPrograms = true;
        if (row.blockTokens !== undefined) hasSegments = true;
        // A content that has a name instead of a number is one too.
        for (const block of row.blocks ?? []) if (block !== -1) contentMax = Math.max(contentMax, block, 0);
        rows++;
      },
      // What comes after it is numbered past it, and says so.
      drop() { dropped++; hasIds = true; },
    };
  }, { ...(format === undefined ? {} : { format }), ...(isStopped ? { isStopped } : {}) });
  return { scanned, facts: { source: source!, origin: { format: scanned.format, sha256: scanned.sha256 }, start, hasIds, hasPrograms, contentMax, hasSegments } };
}

/** Text into a file that appears whole or not at all, packed where its name ends in .gz. */
class WholeFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #fd: number;
  #batch = '';

  constructor(path: string) {
    this.#path = path;
    this.#temporary = join(dirname(path), `.${basename(path)}.tmp`);
    rmSync(this.#temporary, { force: true });
    try { this.#fd = openSync(this.#temporary, 'wx'); } catch (cause) { throw failed(path, cause); }
  }

  write(text: string): void {
    this.#batch += text;
    if (this.#batch.length >= BATCH_CHARACTERS) this.#flush();
  }

  finish(): void {
    this.#flush();
    closeSync(this.#fd);
    try { renameSync(this.#temporary, this.#path); } catch (cause) { throw failed(this.#path, cause); }
  }

  /** Leaves nothing behind. */
  abandon(): void {
    try { closeSync(this.#fd); } catch { /* It was closed before. */ }
    rmSync(this.#temporary, { force: true });
  }

  /** A packed file is a row of packed pieces, which unpack to their sum: each piece leaves memory when it is written. */
  #flush(): void {
    const text = Buffer.from(this.#batch), bytes = this.#path.endsWith('.gz') ? gzipSync(text) : text;
    this.#batch = '';
    if (text.length === 0) return;
    try { for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at); } catch (cause) { throw failed(this.#path, cause); }
  }
}

function failed(path: string, cause: unknown): SchedlabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SchedlabError('ERR_OUTPUT', `cannot write ${JSON.stringify(path)}: ${reason}. Choose another file with --out.`, { path, cause });
}

/** The writer's name for a format and a file. Throws ERR_OPTION_UNKNOWN. */
function writerFor(to: string, out: string): WriterName {
  if (!WRITABLE.includes(to)) throw unknownName('trace format', to, WRITABLE, '--to', 'ERR_OPTION_UNKNOWN');
  return to === 'plain' && /\.csv(\.gz)?$/.test(out) ? 'plain.csv' : to as WriterName;
}

/**
 * Converts a trace. Rows keep the order of the file; arrivals count from the earliest row. To schedlab nothing is lost that `readTrace`
 * reads; other formats say what they cannot hold. Throws what reading throws, ERR_NOT_POSSIBLE where the format cannot say it at all,
 * ERR_OUTPUT where nothing can be written. Undefined: it was stopped, and nothing was left behind.
 */
export async function convertTrace(path: string, options: ConvertOptions): Promise<Converted | undefined> {
  const { to, out, isStopped = () => false } = options, name = writerFor(to, out);
  if (existsSync(out) && existsSync(path) && realpathSync(out) === realpathSync(path)) throw new SchedlabError('ERR_OUTPUT', `${out} is the trace itself, which is read while the other is written. Choose another file with --out.`, { path: out });
  const { scanned, facts: known } = await facts(path, options);
  if (isStopped()) return undefined;
  const writer: TraceWriter = WRITERS[name](known), file = new WholeFile(resolve(out));
  let ordinal = 0;
  try {
    for (const line of writer.head) file.write(line + writer.lineEnd);
    const again = await scanTrace(path, () => ({ add(row) { file.write(writer.line(row, ordinal++) + writer.lineEnd); }, drop() { ordinal++; } }), { format: options.format ?? scanned.format, isStopped });
    if (isStopped()) { file.abandon(); return undefined; }
    if (again.sha256 !== scanned.sha256) throw new SchedlabError('ERR_TRACE_FILE', `the trace ${JSON.stringify(path)} changed while it was read. Try again when it is whole.`, { path });
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
  return { from: scanned, to, out, rows: scanned.rowsRead, losses: writer.losses, additions: writer.additions ?? [] };
}
