// Traces that nobody wrote: each is read, or refused with a coded error.
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { readLines } from '../../sim/workload/traces/lines.ts';
import { readTraceBytes } from '../../sim/workload/traces/read.ts';
import { TRACE_FORMATS } from '../../sim/workload/traces/registry.ts';
import { csvRows } from '../../sim/workload/traces/rows.ts';

const formats = Object.values(TRACE_FORMATS);

/** Either a sound trace or a coded error with exit code 2. */
function check(content: Uint8Array, format?: string): void {
  let loaded;
  try {
    loaded = readTraceBytes('fuzzed', content, format);
  } catch (error) {
    if (!(error instanceof SchedlabError)) throw error;
    expect(error.code).toMatch(/^ERR_TRACE_(FILE|FORMAT|ROW)$/);
    expect(error.exitCode).toBe(2);
    return;
  }
  const { trace, file } = loaded;
  expect(trace.rows).toBe(file.rowsRead);
  expect(trace.rows).toBeGreaterThan(0);
  expect(file.rowsDropped).toBeLessThanOrEqual(file.rowsRead);
  expect(trace.arrivalUs[0]).toBe(0);
  for (let i = 0; i < trace.rows; i++) {
    expect(Number.isSafeInteger(trace.arrivalUs[i]) && trace.arrivalUs[i] >= (trace.arrivalUs[i - 1] ?? 0)).toBe(true);
    expect(trace.promptTokens[i] >= 0 && trace.outputTokens[i] >= 0).toBe(true);
  }
  for (const [name, values] of Object.entries(trace.fields)) {
    expect(values, name).toHaveLength(trace.rows);
    expect(values.every((value) => typeof value === 'string')).toBe(true);
  }
  if (trace.ids !== undefined) expect(trace.ids).toHaveLength(trace.rows);
  if (trace.blockStart !== undefined) expect(trace.blockStart[trace.rows]).toBe(trace.blocks!.length);
}

const value = fc.oneof(fc.nat(10_000), fc.double(), fc.string({ maxLength: 8 }), fc.constantFrom('', '-1', '1e9', '0x10', 'NaN', '2023-11-16 18:17:03.9799600', '2024-05-10 00:00:00+00:00', '"', '","', '__proto__', null, true), fc.array(fc.nat(9), { maxLength: 3 }));

describe('whatever a file holds', () => {
  it('random bytes are a trace or a coded error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (content) => { check(content); }), { numRuns: 1500 });
  });

  it('random text under a known header is a trace or a coded error', () => {
    fc.assert(fc.property(fc.constantFrom(...formats), fc.string({ maxLength: 300, unit: 'binary' }), fc.boolean(), (format, text, named) => {
      check(Buffer.from(`${format.columns.join(',')}\n${text}`), named ? format.name : undefined);
    }), { numRuns: 1500 });
  });

  it('random rows of known columns are a trace or a coded error, as CSV and as JSONL, packed or not', () => {
    const row = fc.constantFrom(...formats).chain((format) => fc.tuple(fc.constant(format), fc.array(fc.tuple(...format.columns.map(() => value)), { minLength: 1, maxLength: 12 }), fc.boolean(), fc.boolean()));
    fc.assert(fc.property(row, ([format, rows, asJson, packed]) => {
      const text = asJson ? rows.map((cells) => JSON.stringify(Object.fromEntries(cells.map((cell, k) => [format.columns[k], cell])))).join('\n')
        : `${format.columns.join(',')}\n${rows.map((cells) => cells.join(',')).join('\r\n')}`;
      check(packed ? gzipSync(text) : Buffer.from(text));
    }), { numRuns: 1500 });
  });

  it('mostly sound rows are read, whatever stands between them', () => {
    const sound = fc.tuple(fc.nat(1_000_000), fc.nat(5000), fc.nat(500)).map((cells) => cells.join(','));
    const junk = fc.string({ maxLength: 30 }).filter((text) => !/[\n\r]/.test(text));
    fc.assert(fc.property(fc.array(fc.tuple(sound, fc.option(junk)), { minLength: 1, maxLength: 30 }), (rows) => {
      const text = `arrival,prompt_tokens,output_tokens\n${rows.map(([row, other]) => other === null ? row : `${row}\n${other}`).join('\n')}`;
      const { file } = readTraceBytes('t', Buffer.from(text));
      expect(file.rowsRead).toBeGreaterThanOrEqual(rows.length);
    }), { numRuns: 500 });
  });
});

describe('pieces of a file', () => {
  it('give the same lines wherever they are cut', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'é', '\n', '\r\n', '€', '"', 'xyz', '\ufeff'), { maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (parts, cuts) => {
      const text = `.${parts.join('')}`;
      const content = Buffer.from(text);
      const pieces: Buffer[] = [];
      for (let at = 0, k = 0; at < content.length; k++) { const end = at + cuts[k % cuts.length]; pieces.push(content.subarray(at, end)); at = end; }
      const lines: string[] = [];
      readLines(pieces, { lines(some, first) { expect(first).toBe(lines.length + 1); lines.push(...some); }, tooLong() { throw new Error('no line is long'); } });
      const expected = text.split('\n').map((line) => line.endsWith('\r') ? line.slice(0, -1) : line);
      if (expected.at(-1) === '' && text.endsWith('\n')) expected.pop();
      expect(lines).toEqual(expected);
    }), { numRuns: 1000 });
  });
});

describe('splitting at commas', () => {
  it('gives the rows of csv-parse wherever no quote stands', () => {
    const cell = fc.string({ maxLength: 6 }).map((text) => text.replace(/["\n\r,]/g, '').trim());
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell).filter((cells) => cells.join('') !== ''), { minLength: 1, maxLength: 10 }), (rows) => {
      const lines = rows.map((cells) => cells.join(','));
      const taken: unknown[] = [];
      csvRows(['a', 'b', 'c'], ['a', 'b', 'c'])(lines, (cells) => taken.push(cells));
      expect(taken).toEqual(parse(lines.join('\n'), { trim: true, relax_column_count: true }));
    }), { numRuns: 500 });
  });
});
