// The bytes of a trace file: read in pieces, checksummed as stored, unpacked where they are gzip. Every failure is a coded error.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { SchedlabError } from '../../../src/errors.ts';

/** Bytes of one read, large enough that the calls cost nothing and small enough to stay out of the way. */
const PIECE_BYTES = 1 << 20;
/** Most bytes that a packed file may unpack to: node:zlib offers no synchronous stream, so they are in memory at once. */
const UNPACKED_MAX_BYTES = 2 ** 31;

export interface TraceBytes {
  /** Bytes as stored, and their SHA-256 once all pieces were taken. */
  readonly bytes: number;
  sha256(): string;
  /** Each is good until the next is asked for: who takes it copies what must stay. */
  pieces(): Iterable<Buffer>;
}

function unreadable(path: string, why: string, next: string): SchedlabError {
  return new SchedlabError('ERR_TRACE_FILE', `cannot read the trace ${JSON.stringify(path)}: ${why}. ${next}`, { path });
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file', EACCES: 'permission denied', EPERM: 'permission denied', EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory', ELOOP: 'its links run in a circle', ENAMETOOLONG: 'the path is too long', EMFILE: 'too many files are open',
};

function explained(path: string, error: unknown): SchedlabError {
  const code = String((error as NodeJS.ErrnoException).code ?? 'unknown error');
  return unreadable(path, WHY[code] ?? code, 'Name the path of a readable trace file.');
}

function* slices(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE_BYTES) yield content.subarray(at, at + PIECE_BYTES);
}

/** Bytes that are in memory already: unpacked where they begin as gzip does. */
export function bytesInMemory(path: string, stored: Uint8Array): TraceBytes {
  const buffer = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  let content = buffer;
  if (buffer.length >= 2 && buffer[0] === 0x1f && buffer[1] === 0x8b) {
    try {
      content = gunzipSync(buffer, { maxOutputLength: UNPACKED_MAX_BYTES });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ERR_BUFFER_TOO_LARGE' || code === 'ERR_OUT_OF_RANGE') throw unreadable(path, 'it unpacks to more than 2 GiB', 'Unpack it and name the unpacked file, which is read in pieces.');
      throw unreadable(path, 'its gzip data is broken or cut short', 'Fetch or pack it again.');
    }
  }
  return { bytes: buffer.length, sha256: () => createHash('sha256').update(buffer).digest('hex'), pieces: () => slices(content) };
}

function opened(path: string): number {
  if (path === '') throw unreadable(path, 'no file was named', 'Name the path of a trace file.');
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (!stat.isFile()) throw unreadable(path, 'it is a pipe or a device', 'Write it to a file first: the checksum of a run belongs to a file.');
    return openSync(path, 'r');
  } catch (error) {
    throw error instanceof SchedlabError ? error : explained(path, error);
  }
}

export interface TraceStream {
  /** Bytes as stored, and their SHA-256 once all pieces were taken. */
  readonly bytes: number;
  sha256(): string;
  pieces(): AsyncIterable<Buffer>;
}

/** A file on disk, packed or not, a piece at a time: memory does not grow with the file. Throws ERR_TRACE_FILE. */
export function streamOfFile(path: string): TraceStream {
  const hash = createHash('sha256'), source = createReadStream(path, { fd: opened(path), highWaterMark: PIECE_BYTES });
  let bytes = 0;
  async function* stored(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of source as AsyncIterable<Buffer>) { bytes += piece.length; hash.update(piece); yield piece; }
    } catch (error) { throw explained(path, error); } finally { source.destroy(); }
  }
  async function* pieces(): AsyncGenerator<Buffer> {
    const all = stored(), { value: first, done } = await all.next();
    if (done === true) return;
    if (!(first[0] === 0x1f && first[1] === 0x8b)) { yield first; yield* all; return; }
    async function* packed(): AsyncGenerator<Buffer> { yield first as Buffer; yield* all; }
    const unpacked = Readable.from(packed(), { objectMode: false }), gunzip = createGunzip({ chunkSize: PIECE_BYTES });
    unpacked.on('error', (error) => { gunzip.destroy(error); });
    try { yield* unpacked.pipe(gunzip) as AsyncIterable<Buffer>; } catch (error) {
      throw error instanceof SchedlabError ? error : unreadable(path, 'its gzip data is broken or cut short', 'Fetch or pack it again.');
    } finally { gunzip.destroy(); unpacked.destroy(); }
  }
  return { get bytes() { return bytes; }, sha256: () => hash.digest('hex'), pieces };
}

/** A file on disk. Plain text is read in pieces of 1 MiB; a packed one is unpacked in memory. Throws ERR_TRACE_FILE. */
export function bytesOfFile(path: string): TraceBytes {
  const hash = createHash('sha256'), file = opened(path);
  let bytes = 0;
  function* pieces(): Generator<Buffer> {
    // One buffer for all pieces.
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    try {
      for (;;) {
        let read: number;
        try { read = readSync(file, piece, 0, PIECE_BYTES, null); } catch (error) { throw explained(path, error); }
        if (read === 0) return;
        if (bytes === 0 && piece[0] === 0x1f && piece[1] === 0x8b) {
          let stored: Buffer;
          try { stored = readFileSync(path); } catch (error) { throw explained(path, error); }
          bytes = stored.length;
          hash.update(stored);
          yield* bytesInMemory(path, stored).pieces();
          return;
        }
        bytes += read;
        const taken = piece.subarray(0, read);
        hash.update(taken);
        yield taken;
      }
    } finally {
      closeSync(file);
    }
  }
  return { get bytes() { return bytes; }, sha256: () => hash.digest('hex'), pieces };
}
