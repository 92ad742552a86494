// One line of schedlab/trace@1, checked key by key. What is wrong is said with the key that it stands under; nothing is guessed.
import { TRACE_SCHEMA_NAME } from './schedlab.ts';
import type { TraceOrigin } from './sink.ts';

const TOKENS_MAX = 0x7fffffff;
/** Latest time that integer microseconds hold exactly, in seconds. */
const SECONDS_MAX = 9e9;
const US_PER_S = 1e6;

export const ROW_KEYS: readonly string[] = ['id', 'program', 'agent', 'tenant', 'class', 'parents', 'arrival', 'after_s', 'prompt', 'output_tokens', 'tool_s', 'fields'];
export const HEADER_KEYS: readonly string[] = ['schema', 'start', 'block_tokens', 'source'];
/** Keys whose text says over whom something is meant: text fields of the trace. */
export const NAME_KEYS = ['program', 'agent', 'tenant', 'class'] as const;

/** What is wrong, and the key where it is; an empty key: the line as a whole. */
export interface RowFault { readonly key: string; readonly what: string; readonly next: string }

export interface ParsedRow {
  readonly id: string;
  readonly names: Readonly<Partial<Record<(typeof NAME_KEYS)[number], string>>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly parents: readonly string[];
  /** µs from the start of the trace; undefined: the call waits for its parents. */
  readonly arrivalUs: number | undefined;
  readonly afterUs: number;
  /** Contents with their tokens; null: content that no other call has. */
  readonly prompt: readonly (readonly [content: string | number | null, tokens: number])[];
  readonly outputTokens: number;
  readonly toolUs: number;
}

type Json = Readonly<Record<string, unknown>>;
const fault = (key: string, what: string, next: string): RowFault => ({ key, what, next });
export const isFault = (value: ParsedRow | Header | RowFault): value is RowFault => 'what' in value;

const isName = (value: unknown): value is string | number => typeof value === 'string' || Number.isSafeInteger(value);
const isTokens = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= TOKENS_MAX;
const isSeconds = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= SECONDS_MAX;
const isTable = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function unknownKey(row: Json, known: readonly string[]): RowFault | undefined {
  const key = Object.keys(row).find((name) => !known.includes(name));
  return key === undefined ? undefined : fault(key, `unknown key ${JSON.stringify(key)}`, `Valid: ${known.join(', ')}. Texts of your own stand in fields: {"name": "text"}.`);
}

/** Checks the parts of a row in the order in which they are written; the answer is the first fault, or the row. */
export function parseRow(row: Json): ParsedRow | RowFault {
  const unknown = unknownKey(row, ROW_KEYS);
  if (unknown) return unknown;
  const { id, parents = [], arrival, after_s: after, prompt, output_tokens: output, tool_s: tool = 0, fields = {} } = row;
  if (!isName(id) || id === '') return fault('id', id === undefined ? 'the call has no id' : 'id is text or a whole number', 'Give every call an id of its own, such as "id": "17".');
  const names: { -readonly [K in keyof ParsedRow['names']]: string } = {};
  for (const key of NAME_KEYS) {
    const value = row[key];
    if (value === undefined) continue;
    if (!isName(value)) return fault(key, `${key} is text or a whole number`, `Write "${key}": "a", or leave it out.`);
    names[key] = String(value);
  }
  if (!Array.isArray(parents) || !parents.every(isName)) return fault('parents', 'parents is a list of ids', 'Write "parents": ["17"], or leave it out.');
  if ((arrival === undefined) === (after === undefined)) return fault(arrival === undefined ? '' : 'after_s', arrival === undefined ? 'the call has neither arrival nor after_s' : 'the call has both arrival and after_s', 'A call arrives by the clock ("arrival": seconds from the start) or after its parents ("after_s": seconds from when the last of them is done).');
  if (arrival !== undefined && !isSeconds(arrival)) return fault('arrival', `arrival is a number of seconds from 0 to ${SECONDS_MAX}`, 'Count from the start of the trace; the calendar time of that start goes into the header.');
  if (after !== undefined && !isSeconds(after)) return fault('after_s', `after_s is a number of seconds from 0 to ${SECONDS_MAX}`, 'Count from when the last parent is done.');
  if (after !== undefined && parents.length === 0) return fault('after_s', 'after_s needs parents', 'Name the calls that it waits for, "parents": ["17"], or say when it arrives, "arrival": 12.5.');
  if (parents.length > 0 && (names.program === undefined || names.program === '')) return fault('parents', 'a call with parents needs the program that they belong to', 'Write the same "program": "a" in each of them.');
  if (!Array.isArray(prompt)) return fault('prompt', prompt === undefined ? 'the call has no prompt' : 'prompt is a list of [content_id, tokens]', 'Write "prompt": [[null, 800]] where you know its length alone.');
  let tokens = 0;
  for (const segment of prompt as readonly unknown[]) {
    const [content, length] = Array.isArray(segment) ? segment as readonly unknown[] : [];
    if (!Array.isArray(segment) || segment.length !== 2 || !(content === null || isContent(content)) || !isTokens(length)) return fault('prompt', `${JSON.stringify(segment)} in prompt is no [content_id, tokens]`, `content_id is text, a whole number from 0, or null for content that no other call has; tokens is a whole number from 0 to ${TOKENS_MAX}.`);
    tokens += length;
  }
  if (tokens > TOKENS_MAX) return fault('prompt', `the prompt has ${tokens} tokens, and ${TOKENS_MAX} is the most`, 'Check its lengths.');
  if (!isTokens(output)) return fault('output_tokens', output === undefined ? 'the call has no output_tokens' : `output_tokens is a whole number from 0 to ${TOKENS_MAX}`, 'Write "output_tokens": 120.');
  if (!isSeconds(tool)) return fault('tool_s', `tool_s is a number of seconds from 0 to ${SECONDS_MAX}`, 'Write the time from the end of the call until its tool has returned, or leave it out.');
  if (!isTable(fields) || !Object.values(fields).every((value) => typeof value === 'string')) return fault('fields', 'fields is a table of texts', 'Write "fields": {"session": "s1"}, or leave it out.');
  const clash = Object.keys(fields).find((name) => (NAME_KEYS as readonly string[]).includes(name));
  if (clash !== undefined) return fault('fields', `${clash} stands in fields`, `It has a key of its own: write "${clash}": "a" beside fields.`);
  return {
    id: String(id), names, fields: fields as Readonly<Record<string, string>>, parents: (parents as readonly (string | number)[]).map(String),
    arrivalUs: arrival === undefined ? undefined : Math.round(arrival * US_PER_S), afterUs: after === undefined ? -1 : Math.round(after * US_PER_S),
    prompt: prompt as ParsedRow['prompt'], outputTokens: output, toolUs: Math.round(tool * US_PER_S),
  };
}

const isContent = (value: unknown): value is string | number => typeof value === 'string' || isTokens(value);

export interface Header { readonly startUs: number | undefined; readonly blockTokens: number; readonly origin: TraceOrigin | undefined }

/** The header of a file. `timeOf`: calendar text to µs since 1970, NaN where it is none. */
export function parseHeader(row: Json, timeOf: (text: unknown) => number): Header | RowFault {
  if (row['schema'] !== TRACE_SCHEMA_NAME) return fault('schema', `schema is ${JSON.stringify(row['schema'])}, and this version reads ${JSON.stringify(TRACE_SCHEMA_NAME)}`, 'Write the trace in that version, or take a schedlab that reads yours.');
  const unknown = unknownKey(row, HEADER_KEYS);
  if (unknown) return unknown;
  const { start, block_tokens: blockTokens = 0, source } = row, startUs = start === undefined ? undefined : timeOf(start);
  if (startUs !== undefined && !Number.isFinite(startUs)) return fault('start', 'start is no date and time', 'Write the calendar time of arrival 0: "start": "2026-11-21T14:02:00Z".');
  if (!isTokens(blockTokens)) return fault('block_tokens', 'block_tokens is a whole number', 'Write the tokens of a block where all but the last of a prompt have as many, or leave it out.');
  if (source !== undefined && !(isTable(source) && typeof source['format'] === 'string' && typeof source['sha256'] === 'string' && /^[0-9a-f]{64}$/.test(source['sha256']) && Object.keys(source).length === 2)) return fault('source', 'source tells the format and the sha256 of the file that this one was made from', 'Write "source": {"format": "mooncake", "sha256": "…"}, or leave it out.');
  return { startUs, blockTokens, origin: source as TraceOrigin | undefined };
}
