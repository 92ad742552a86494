// Reads a request trace: recognise the format, take the rows that can be used, say what was left out.
import { SchedlabError } from '../../../src/errors.ts';
import type { LoadedData, Trace } from '../../scenario.ts';
import { TraceBuilder } from './builder.ts';
import { unitsOf } from './block-size.ts';
import { bytesInMemory, bytesOfFile, type TraceBytes } from './bytes.ts';
import type { TraceFormat } from './format.ts';
import { TraceReading } from './reading.ts';
import { formatNamed } from './recognise.ts';

/** Latest arrival that integer microseconds hold exactly. */
const ARRIVAL_MAX_US = Number.MAX_SAFE_INTEGER;

/** Throws ERR_TRACE_ROW where a file has no usable row, or more rows that are not than rows that are. */
export function checkRows(path: string, rows: number, dropped: number, why: string): void {
  const where = `the trace ${JSON.stringify(path)}`;
  if (rows === 0) throw new SchedlabError('ERR_TRACE_ROW', `${where} has no row that can be used${why === '' ? ': it holds no data' : `: ${why}`}. Mend the file, or name its format by format=.`, { path, dropped });
  if (dropped > rows) throw new SchedlabError('ERR_TRACE_ROW', `${where} is not usable: ${dropped} of ${rows + dropped} rows cannot be used (${why}). Mend the file, or name its format by format=.`, { path, dropped, rows });
}

function checked(path: string, builder: TraceBuilder | undefined): Trace {
  checkRows(path, builder?.rows ?? 0, builder?.dropped ?? 0, builder?.dropNotes().join('; ') ?? '');
  const trace = builder!.finish();
  if (!(trace.arrivalUs[trace.rows - 1] <= ARRIVAL_MAX_US)) throw new SchedlabError('ERR_TRACE_ROW', `the trace ${JSON.stringify(path)} spans more time than microseconds can count. Check the units of its times, or name its format by format=.`, { path });
  return trace;
}

function read(path: string, source: TraceBytes, named: TraceFormat | undefined): LoadedData {
  let builder: TraceBuilder | undefined;
  const reading = new TraceReading(path, named, (rows) => { builder = new TraceBuilder(rows); return builder; });
  for (const piece of source.pieces()) reading.push(piece);
  const format = reading.end(), trace = checked(path, builder);
  return {
    trace,
    file: {
      path, sha256: source.sha256(), bytes: source.bytes, format: format.name, rowsRead: builder!.rows, rowsDropped: builder!.dropped,
      notes: [`units: ${unitsOf(format)}`, ...builder!.dropNotes(), ...builder!.remarkNotes(), ...reading.remarks()],
    },
  };
}

/**
 * Reads a trace file, packed or not, whole and at once. `format`: a name of TRACE_FORMATS; empty or `auto`: by its columns.
 * `rowsRead` counts the rows that became calls, `rowsDropped` the others; `notes` says the units, each reason with an example,
 * and what else a reader should know. Arrivals are integer µs from the earliest row, in order; rows of one instant keep the file's order.
 * Throws ERR_TRACE_FILE (cannot be read), ERR_TRACE_FORMAT (not a known format) or ERR_TRACE_ROW (no or too few usable rows; the first
 * bad row of schedlab/trace@1, with its place).
 */
export function readTrace(path: string, format?: string): LoadedData { const named = formatNamed(format); return read(path, bytesOfFile(path), named); }

/** The same for bytes in memory; `name` stands for the path. */
export function readTraceBytes(name: string, bytes: Uint8Array, format?: string): LoadedData { return read(name, bytesInMemory(name, bytes), formatNamed(format)); }
