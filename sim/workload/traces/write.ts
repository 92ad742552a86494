// Rows as lines of a file: one writer a format. Each says what of a trace it cannot hold; nothing is left out unsaid.
import { SchedlabError } from '../../../src/errors.ts';
import { sizes } from './builder.ts';
import { toMicroseconds } from './format.ts';
import { NAME_KEYS } from './schedlab-row.ts';
import { TRACE_SCHEMA_NAME } from './schedlab.ts';
import type { RowSource, TraceOrigin, TraceRow } from './sink.ts';
import { timestampText } from './timestamp.ts';

/** What a first reading found out about a file that is to be written anew. */
export interface TraceFacts {
  readonly source: RowSource;
  readonly origin: TraceOrigin;
  /** Earliest arrival, in the unit of the source. */
  readonly start: number;
  readonly hasIds: boolean;
  readonly hasPrograms: boolean;
  /** Largest number of a content, −1 where there are none. */
  readonly contentMax: number;
  /** True where blocks have tokens of their own. */
  readonly hasSegments: boolean;
}

export interface TraceWriter {
  /** Lines before the first row. */
  readonly head: readonly string[];
  readonly lineEnd: string;
  /** What the format cannot hold of this trace, in words. */
  readonly losses: readonly string[];
  /** What it makes up, because the trace does not say, in words. */
  readonly additions?: readonly string[];
  /** `ordinal`: of the row among the data rows of the file, those that were dropped included. */
  line(row: TraceRow, ordinal: number): string;
}

export type WriterName = keyof typeof WRITERS;

const text = (value: unknown): string => JSON.stringify(value);
const seconds = (us: number): number => us / 1e6;
const arrivalUs = (facts: TraceFacts, row: TraceRow): number => toMicroseconds(row.time - facts.start, facts.source.format.unit);
const idOf = (row: TraceRow, ordinal: number): string => row.id ?? String(ordinal);

function beganUs({ source, start }: TraceFacts): number | undefined {
  if (source.format.isCalendar) return start;
  return source.startUs === undefined ? undefined : source.startUs + toMicroseconds(start, source.format.unit);
}

function refuse(what: string, next: string): never { throw new SchedlabError('ERR_NOT_POSSIBLE', `${what}. ${next}`); }

/** Names of the text fields, refused where one is a column of the format itself. */
function textNames(facts: TraceFacts, format: string, own: readonly string[]): readonly string[] {
  const clash = facts.source.names.find((name) => own.includes(name));
  if (clash !== undefined) refuse(`the trace has a field ${text(clash)}, which is a column of ${format}`, 'Convert it to schedlab, which keeps fields apart.');
  return facts.source.names;
}

function refusePrograms(facts: TraceFacts, format: string): void {
  if (facts.hasPrograms) refuse(`the trace has calls that wait for their parents, and ${format} knows times of the clock alone`, 'Keep it as schedlab.');
}

/** The prompt of a row as contents and tokens; what no block names comes last. */
function segments({ source }: TraceFacts, { promptTokens, blocks = [], blockTokens }: TraceRow): string {
  const lengths = blockTokens ?? sizes(blocks.length, promptTokens, source.blockTokens);
  const parts = Array.from(blocks, (block, k) => `[${block === -1 ? 'null' : block < -1 ? text(source.contents[-2 - block]) : block},${lengths[k]}]`);
  const rest = promptTokens - lengths.reduce((sum, length) => sum + length, 0);
  if (rest > 0) parts.push(`[null,${rest}]`);
  return `[${parts.join(',')}]`;
}

function ours(facts: TraceFacts): TraceWriter {
  const { source, origin } = facts, began = beganUs(facts), made = source.format.name === 'schedlab' ? source.origin : origin;
  const header = { schema: TRACE_SCHEMA_NAME, ...(began === undefined ? {} : { start: timestampText(began) }), ...(source.blockTokens > 0 ? { block_tokens: source.blockTokens } : {}), ...(made ? { source: { format: made.format, sha256: made.sha256 } } : {}) };
  const isKey = (name: string): boolean => (NAME_KEYS as readonly string[]).includes(name);
  return {
    head: [text(header)], lineEnd: '\n', losses: [],
    line(row, ordinal) {
      const parts = [`"id":${text(idOf(row, ordinal))}`], fields: string[] = [];
      for (let k = 0; k < source.names.length; k++) {
        const value = row.texts[k];
        if (value !== undefined) (isKey(source.names[k]) ? parts : fields).push(`${text(source.names[k])}:${text(value)}`);
      }
      if (row.parentIds !== undefined) parts.push(`"parents":${text(row.parentIds)}`);
      parts.push(row.afterUs >= 0 ? `"after_s":${seconds(row.afterUs)}` : `"arrival":${seconds(arrivalUs(facts, row))}`);
      parts.push(`"prompt":${segments(facts, row)}`, `"output_tokens":${row.outputTokens}`);
      if (row.toolUs > 0) parts.push(`"tool_s":${seconds(row.toolUs)}`);
      if (fields.length > 0) parts.push(`"fields":{${fields.join(',')}}`);
      return `{${parts.join(',')}}`;
    },
  };
}

const MOONCAKE_TOKENS = 512;

function mooncake(facts: TraceFacts): TraceWriter {
  refusePrograms(facts, 'mooncake');
  const { source, hasIds, contentMax } = facts;
  if (facts.hasSegments || (contentMax >= 0 && source.blockTokens !== MOONCAKE_TOKENS)) refuse(`mooncake has blocks of ${MOONCAKE_TOKENS} tokens, and the contents of this trace have ${facts.hasSegments ? 'lengths of their own' : `${source.blockTokens}`}`, 'Keep it as schedlab, or convert it to plain, which has no contents.');
  const names = textNames(facts, 'mooncake', ['timestamp', 'input_length', 'output_length', 'hash_ids', 'request_id']);
  // Contents that have a name only, or that no other call has, get numbers that are not taken.
  let fresh = contentMax + 1 + source.contents.length;
  return {
    head: [], lineEnd: '\n', losses: beganUs(facts) === undefined ? [] : ['the calendar time of its start'],
    line(row, ordinal) {
      const blocks = Array.from(row.blocks ?? [], (block) => (block >= 0 ? block : block === -1 ? fresh++ : contentMax - 1 - block));
      while (blocks.length < Math.ceil(row.promptTokens / MOONCAKE_TOKENS) && !source.hasBlocks) blocks.push(fresh++);
      const parts = [`"timestamp": ${arrivalUs(facts, row) / 1000}`, `"input_length": ${row.promptTokens}`, `"output_length": ${row.outputTokens}`, `"hash_ids": [${blocks.join(', ')}]`];
      if (hasIds) parts.push(`"request_id": ${text(idOf(row, ordinal))}`);
      names.forEach((name, k) => parts.push(`${text(name)}: ${text(row.texts[k] ?? '')}`));
      return `{${parts.join(', ')}}`;
    },
  };
}

function azure(facts: TraceFacts): TraceWriter {
  refusePrograms(facts, 'azure-2023');
  const { source, hasIds, contentMax } = facts, began = beganUs(facts);
  return {
    head: ['TIMESTAMP,ContextTokens,GeneratedTokens'], lineEnd: '\r\n',
    losses: [...(hasIds ? ['ids'] : []), ...source.names, ...(contentMax >= 0 || source.hasBlocks ? ['contents of prompts'] : [])],
    ...(began === undefined ? { additions: ['its calendar begins at 1970-01-01, because the trace has no date'] } : {}),
    // Seven digits of a fraction, as the traces of this format have them.
    line: (row) => `${timestampText((began ?? 0) + arrivalUs(facts, row)).replace('T', ' ').replace('Z', '0')},${row.promptTokens},${row.outputTokens}`,
  };
}

const plainLosses = (facts: TraceFacts): string[] => [...(facts.contentMax >= 0 || facts.source.hasBlocks ? ['contents of prompts'] : []), ...(beganUs(facts) === undefined ? [] : ['the calendar time of its start'])];
const PLAIN = ['id', 'arrival', 'prompt_tokens', 'output_tokens'];

function plainJson(facts: TraceFacts): TraceWriter {
  refusePrograms(facts, 'plain');
  const names = textNames(facts, 'plain', PLAIN);
  return {
    head: [], lineEnd: '\n', losses: plainLosses(facts),
    line: (row, ordinal) => `{${[`"id":${text(idOf(row, ordinal))}`, `"arrival":${seconds(arrivalUs(facts, row))}`, `"prompt_tokens":${row.promptTokens}`, `"output_tokens":${row.outputTokens}`, ...names.map((name, k) => `${text(name)}:${text(row.texts[k] ?? '')}`)].join(',')}}`,
  };
}

function plainCsv(facts: TraceFacts): TraceWriter {
  refusePrograms(facts, 'plain');
  const names = textNames(facts, 'plain', PLAIN);
  const cell = (value: string): string => {
    if (/[\r\n]/.test(value)) refuse('a text of the trace has a line end in it, and one line of a CSV file is one row', 'Write plain as .jsonl.');
    return /[",]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  return {
    head: [[...PLAIN, ...names].map(cell).join(',')], lineEnd: '\n', losses: plainLosses(facts),
    line: (row, ordinal) => [cell(idOf(row, ordinal)), seconds(arrivalUs(facts, row)), row.promptTokens, row.outputTokens, ...names.map((_name, k) => cell(row.texts[k] ?? ''))].join(','),
  };
}

/** Writers by the name of their format; plain by the ending of the file too. */
export const WRITERS = { 'schedlab': ours, mooncake, 'azure-2023': azure, 'plain': plainJson, 'plain.csv': plainCsv } as const satisfies Record<string, (facts: TraceFacts) => TraceWriter>;
/** Formats that can be written. */
export const WRITABLE: readonly string[] = Object.keys(WRITERS).filter((name) => !name.includes('.'));
