// The rows of schedlab/trace@1: parents are found, contents get numbers, and the first fault ends the reading with its file and line.
import { SchedlabError } from '../../../src/errors.ts';
import type { RowTaker } from './column-rows.ts';
import { LINE_MAX_BYTES } from './lines.ts';
import { isBlank } from './rows.ts';
import { schedlab } from './schedlab.ts';
import { isFault, NAME_KEYS, parseHeader, parseRow, type ParsedRow, type RowFault } from './schedlab-row.ts';
import { emptyRow, type RowSink, type RowSource, type TraceOrigin } from './sink.ts';
import { timestampUs } from './timestamp.ts';

/** Calls of programs that are remembered: a parent stands at most so many of them before its child. Bounds the memory of a reading. */
export const PARENT_ROWS_MAX = 250_000;
/** Calls without a program, which are nobody's parents: their ids are remembered to tell twins. */
const ALONE_ROWS_MAX = 50_000;

/** What later rows ask of one before them. */
interface Known { readonly row: number; readonly line: number; readonly program: string; /** Earliest time at which it could be done, in µs. */ readonly doneUs: number }

/** The last of many by name: at least `most` of them, at most twice as many. */
class Recent<T> {
  readonly #most: number;
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  constructor(most: number) { this.#most = most; }
  get(name: string): T | undefined { return this.#young.get(name) ?? this.#old.get(name); }
  set(name: string, value: T): void {
    if (this.#young.size >= this.#most) { this.#old = this.#young; this.#young = new Map(); }
    this.#young.set(name, value);
  }
}

export class SchedlabRows implements RowTaker {
  readonly source: RowSource & { names: string[]; contents: string[]; blockTokens: number; hasBlocks: boolean; startUs: number | undefined; origin: TraceOrigin | undefined };
  readonly #path: string;
  readonly #open: (source: RowSource) => RowSink;
  readonly #row = emptyRow();
  readonly #places = new Map<string, number>();
  readonly #contents = new Map<string, number>();
  #sink: RowSink | undefined;
  readonly #known = new Recent<Known>(PARENT_ROWS_MAX);
  /** Lines of calls without a program. */
  readonly #alone = new Recent<number>(ALONE_ROWS_MAX);
  #rows = 0;

  constructor(path: string, open: (source: RowSource) => RowSink) {
    this.#path = path;
    this.#open = open;
    this.source = { format: schedlab, shape: 'jsonl', names: [], contents: [], hasBlocks: false, blockTokens: 0, startUs: undefined, origin: undefined };
  }

  lines(lines: readonly string[], first: number): void {
    for (let i = 0; i < lines.length; i++) if (!isBlank(lines[i])) this.#take(lines[i], first + i);
  }

  tooLong(line: number): void { throw this.#refuse({ key: '', what: `the line has more than ${LINE_MAX_BYTES >> 20} MiB`, next: 'No call is that long: check the file.' }, '', line); }

  #take(text: string, line: number): void {
    let json: unknown;
    try { json = JSON.parse(text); } catch { json = undefined; }
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw this.#refuse({ key: '', what: 'the line is no JSON object', next: 'One line is one call, written as a JSON object.' }, text, line);
    if (this.#sink === undefined) {
      const isHeader = Object.hasOwn(json, 'schema');
      if (isHeader) {
        const header = parseHeader(json as Readonly<Record<string, unknown>>, timestampUs);
        if (isFault(header)) throw this.#refuse(header, text, line);
        Object.assign(this.source, header, { hasBlocks: header.blockTokens > 0 });
      }
      this.#sink = this.#open(this.source);
      if (isHeader) return;
    }
    const parsed = parseRow(json as Readonly<Record<string, unknown>>);
    if (isFault(parsed)) throw this.#refuse(parsed, text, line);
    this.#give(parsed, text, line);
  }

  #give(parsed: ParsedRow, text: string, line: number): void {
    const row = this.#row, { id, names: { program = '' } } = parsed;
    const twin = this.#known.get(id)?.line ?? this.#alone.get(id);
    if (twin !== undefined) throw this.#refuse({ key: 'id', what: `the id ${JSON.stringify(id)} is that of line ${twin} too`, next: 'Give every call an id of its own.' }, text, line);
    const parents = parsed.parents.map((name): Known => {
      const parent = this.#known.get(name);
      if (parent === undefined && this.#alone.get(name) !== undefined) throw this.#refuse({ key: 'parents', what: `the parent ${JSON.stringify(name)} belongs to no program`, next: 'Write the same "program": "a" in both.' }, text, line);
      if (parent === undefined) throw this.#refuse({ key: 'parents', what: `no line before has the id ${JSON.stringify(name)}`, next: `Parents stand before their children, at most ${PARENT_ROWS_MAX} calls before.` }, text, line);
      if (parent.program !== program) throw this.#refuse({ key: 'parents', what: `the parent ${JSON.stringify(name)} belongs to the program ${JSON.stringify(parent.program)}, the call to ${JSON.stringify(program)}`, next: 'Parents are calls of the same program.' }, text, line);
      return parent;
    });
    row.line = line;
    row.id = id;
    row.time = parsed.arrivalUs ?? Math.max(...parents.map(({ doneUs }) => doneUs)) + parsed.afterUs;
    row.outputTokens = parsed.outputTokens;
    row.texts = this.#texts(parsed);
    row.parents = parents.length === 0 ? undefined : parents.map(({ row: at }) => at);
    row.parentIds = parents.length === 0 ? undefined : parsed.parents;
    row.afterUs = parsed.afterUs;
    row.toolUs = parsed.toolUs;
    this.#takePrompt(parsed.prompt);
    const at = this.#rows++;
    if (program === '') this.#alone.set(id, line); else this.#known.set(id, { row: at, line, program, doneUs: row.time + row.toolUs });
    this.#sink!.add(row);
  }

  /** Contents up to the last that has a name; the rest of the prompt is the call's own. */
  #takePrompt(prompt: ParsedRow['prompt']): void {
    const row = this.#row, size = this.source.blockTokens, blocks: number[] = [], tokens: number[] = [];
    let total = 0, last = prompt.length, isUniform = size > 0;
    for (const [, length] of prompt) total += length;
    while (last > 0 && prompt[last - 1][0] === null) last--;
    for (let k = 0; k < last; k++) {
      const [content, length] = prompt[k];
      blocks.push(content === null ? -1 : this.#number(content));
      tokens.push(length);
      if (length !== Math.max(0, Math.min(size, total - k * size))) isUniform = false;
    }
    row.promptTokens = total;
    row.blocks = blocks.length > 0 || size > 0 ? blocks : undefined;
    row.blockTokens = isUniform || row.blocks === undefined ? undefined : tokens;
  }

  #number(content: string | number): number {
    if (typeof content === 'number') return content;
    // The same content written as text or as number is the same.
    if (/^(0|[1-9]\d{0,9})$/.test(content) && Number(content) <= 0x7fffffff) return Number(content);
    let number = this.#contents.get(content);
    if (number === undefined) {
      number = -2 - this.source.contents.length;
      this.source.contents.push(content);
      this.#contents.set(content, number);
    }
    return number;
  }

  #texts({ names, fields }: ParsedRow): string[] {
    const texts: string[] = [];
    for (const key of NAME_KEYS) if (names[key] !== undefined) texts[this.#place(key)] = names[key];
    for (const [name, text] of Object.entries(fields)) texts[this.#place(name)] = text;
    return texts;
  }

  #place(name: string): number {
    let place = this.#places.get(name);
    if (place === undefined) { place = this.source.names.length; this.source.names.push(name); this.#places.set(name, place); }
    return place;
  }

  #refuse({ key, what, next }: RowFault, text: string, line: number): SchedlabError {
    const at = key === '' ? -1 : text.indexOf(JSON.stringify(key)), column = at < 0 ? 1 : at + 1;
    const place = { file: this.#path, line, column, text, length: at < 0 ? Math.max(1, Math.min(text.length, 40)) : key.length + 2 };
    return new SchedlabError('ERR_TRACE_ROW', `${what} (${this.#path}:${line}:${column}). ${next}`, { place });
  }
}
