// Which format a file has: by the columns of its first lines, or by the name that the user gave.
import { SchedlabError } from '../../../src/errors.ts';
import { unknownName } from '../../../src/options.ts';
import type { TraceFormat, TraceShape } from './format.ts';
import { BLOCK_TOKENS_MAX, BlockSizes, withBlocksOf } from './block-size.ts';
import { describeFormats, TRACE_FORMATS } from './registry.ts';
import { csvLine, isBlank, jsonLine } from './rows.ts';
import { schedlab } from './schedlab.ts';
import { lacking, spelled } from './spellings.ts';
import { vllmBench } from './vllm-bench.ts';

/** Lines looked at before a file is given up: the first may be cut or broken. */
const LOOK_LINES = 100;
/** Characters of a file that an error shows. */
const SHOWN_CHARACTERS = 160;

export interface Recognised {
  readonly format: TraceFormat;
  readonly shape: TraceShape;
  readonly columns: readonly string[];
  /** Lines before the first data row. */
  readonly skip: number;
}

/** The format of a name, with the tokens of a block where they follow a colon; undefined: to be recognised. Throws ERR_TRACE_FORMAT. */
export function formatNamed(name: string | undefined): TraceFormat | undefined {
  if (name === undefined || name === '' || name === 'auto') return undefined;
  const colon = name.indexOf(':');
  if (colon >= 0) return sized(name.slice(0, colon), name.slice(colon + 1));
  if (!Object.hasOwn(TRACE_FORMATS, name)) throw unknownName('trace format', name, Object.keys(TRACE_FORMATS), 'format=', 'ERR_TRACE_FORMAT');
  return TRACE_FORMATS[name];
}

function sized(name: string, text: string): TraceFormat {
  const format = formatNamed(name), refuse = (what: string, next: string): never => { throw new SchedlabError('ERR_TRACE_FORMAT', `${what}. ${next}`, { name, text }); };
  if (format?.blocks === undefined || format.blocks.ofTokenIds) {
    const having = Object.values(TRACE_FORMATS).flatMap(({ name: one, blocks }) => (blocks === undefined || blocks.ofTokenIds ? [] : [`${one}:N`]));
    return refuse(`format=${name}:${text} tells the tokens of a block, and ${name === '' || name === 'auto' ? 'no format with ids of blocks' : `${name} has no ids of blocks`}`, `Formats that have them: ${having.join(', ')}.`);
  }
  const tokens = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (tokens < 1 || tokens > BLOCK_TOKENS_MAX) refuse(`the tokens of a block in format=${name}:N accept a whole number from 1 to ${BLOCK_TOKENS_MAX}, received ${JSON.stringify(text)}`, `Write format=${name}:${format.blocks.tokens}.`);
  return withBlocksOf(format, tokens, 'given');
}

/** The format with the size of blocks that all of the first rows agree with, where its usual one is not such a size and one other is. */
function sizedByRows(format: TraceFormat, look: readonly string[]): TraceFormat {
  const { blocks, prompt } = format;
  if (blocks === undefined || blocks.ofTokenIds || blocks.from === 'given') return format;
  const sizes = new BlockSizes(blocks.tokens);
  look.forEach((line, k) => {
    const row = jsonLine(line), ids = row?.[blocks.column], tokens = row?.[prompt];
    if (Array.isArray(ids) && Number.isInteger(tokens)) sizes.add(tokens as number, ids.length, k + 1);
  });
  const fit = sizes.sizes();
  return sizes.odd > 0 && fit.length === 1 ? withBlocksOf(format, fit[0], 'rows') : format;
}

function shown(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return JSON.stringify(clean.length > SHOWN_CHARACTERS ? `${clean.slice(0, SHOWN_CHARACTERS)}…` : clean);
}

export function notText(path: string): SchedlabError {
  return new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(path)} is not text. Known formats: ${describeFormats()}. All may be packed as .gz.`, { path });
}

function unknownFormat(path: string, seen: string, named: TraceFormat | undefined, columns: readonly string[]): SchedlabError {
  const lacks = named === undefined || named.name === vllmBench.name ? lacking(columns) : undefined;
  if (lacks !== undefined) return new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(path)} cannot be read as calls: ${lacks}.`, { path, seen: shown(seen) });
  const what = named === undefined ? 'has no format that is known here' : `is not ${named.name} (${named.shapes.join(' or ')}: ${named.columns.join(',')})`;
  return new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(path)} ${what}: it begins with ${shown(seen)}. Known formats: ${describeFormats()}. Name one by format=, or convert the file to plain.`, { path, seen: shown(seen) });
}

function fits(format: TraceFormat, shape: TraceShape, has: (column: string) => boolean, sample: (column: string) => unknown): boolean {
  return format.shapes.includes(shape) && format.columns.every(has) && (format.recognise?.(sample) ?? true);
}

/** The best of the formats that fit: the one that asks for most columns. */
function choose(shape: TraceShape, columns: readonly string[], sample: (column: string) => unknown, named: TraceFormat | undefined): TraceFormat | undefined {
  const has = (column: string): boolean => columns.includes(column);
  if (named !== undefined) return named.shapes.includes(shape) && [named.arrival, named.prompt, named.output].every(has) ? named : named === vllmBench ? spelled(columns) : undefined;
  let best: TraceFormat | undefined;
  for (const format of Object.values(TRACE_FORMATS)) if (fits(format, shape, has, sample) && format.columns.length > (best?.columns.length ?? 0)) best = format;
  return best ?? spelled(columns);
}

/** Tells the format by the first lines of a file, which are not all blank. Throws ERR_TRACE_FORMAT with what was seen. */
export function recognise(path: string, lines: readonly string[], named: TraceFormat | undefined): Recognised {
  const look = lines.slice(0, LOOK_LINES);
  const first = look.findIndex((line) => !isBlank(line));
  const head = look[first] ?? '';
  // Whoever names it wants to be told what is wrong in its own words.
  if (named === schedlab) return { format: schedlab, shape: 'jsonl', columns: [], skip: 0 };
  for (const line of look) {
    const row = line.trimStart().startsWith('{') ? jsonLine(line) : undefined;
    if (row === undefined) continue;
    // A header names its own format; a wrong version is told by who reads it.
    if (typeof row['schema'] === 'string' && row['schema'].startsWith('schedlab/trace@') && named === undefined) return { format: schedlab, shape: 'jsonl', columns: [], skip: 0 };
    const columns = Object.keys(row);
    const format = choose('jsonl', columns, (column) => row[column], named);
    // Text columns are those that hold text, whole numbers or switches in this row: lists and measures identify nobody.
    if (format !== undefined) return { format: sizedByRows(format, look), shape: 'jsonl', columns: columns.filter((column) => typeof row[column] === 'string' || typeof row[column] === 'boolean' || Number.isInteger(row[column]) || column === format.blocks?.column), skip: 0 };
  }
  const fields = look.map((line) => (line.trimStart().startsWith('{') ? jsonLine(line) : undefined)).find((row) => row !== undefined);
  const columns = csvLine(head) ?? [];
  const cells = csvLine(look.slice(first + 1).find((line) => !isBlank(line)) ?? '') ?? [];
  const format = choose('csv', columns, (column) => cells[columns.indexOf(column)], named);
  if (format === undefined) throw unknownFormat(path, head, named, fields === undefined ? columns : Object.keys(fields));
  return { format, shape: 'csv', columns, skip: first + 1 };
}
