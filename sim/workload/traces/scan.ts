// Goes through a trace file once, row by row, whatever its size: nothing of a row is kept but what its sink keeps.
import { unitsOf } from './block-size.ts';
import { streamOfFile } from './bytes.ts';
import { checkRows } from './read.ts';
import { TraceReading } from './reading.ts';
import { formatNamed } from './recognise.ts';
import type { RowSink, RowSource } from './sink.ts';
import { dropNote, Tallies, type Tally } from './tallies.ts';

/** What was read, and what was not. */
export interface Scanned {
  readonly path: string;
  readonly format: string;
  readonly units: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rowsRead: number;
  readonly rowsDropped: number;
  /** Why rows were dropped, with the line where each reason was met first. */
  readonly drops: readonly Tally[];
}

/**
 * Reads a trace as `readTrace` does and hands each row to the sink that `open` answers. Memory is bounded by what the sink keeps.
 * Throws what `readTrace` throws. `isStopped` is asked between pieces: true ends the scan early.
 */
export async function scanTrace(path: string, open: (source: RowSource) => RowSink, { format, isStopped = () => false }: { readonly format?: string; readonly isStopped?: () => boolean } = {}): Promise<Scanned> {
  const named = formatNamed(format), drops = new Tallies();
  let rows = 0;
  const reading = new TraceReading(path, named, (source) => {
    const sink = open(source);
    return {
      add(row) { rows++; sink.add(row); },
      drop(reason, line) { drops.count(reason, line); sink.drop(reason, line); },
    };
  });
  const stream = streamOfFile(path);
  for await (const piece of stream.pieces()) {
    reading.push(piece);
    if (isStopped()) break;
  }
  const read = reading.end();
  if (!isStopped()) checkRows(path, rows, drops.total, drops.list().map(dropNote).join('; '));
  return { path, format: read.name, units: unitsOf(read), bytes: stream.bytes, sha256: stream.sha256(), rowsRead: rows, rowsDropped: drops.total, drops: drops.list() };
}
