// Lines of replications.jsonl: one record a line with a fixed order of members, and the reading back of what is intact.
import type { ReplicationRecord } from '../results.ts';
import { canonicalJson } from './digest.ts';

/** Members in the order in which they are written: what identifies a line first, what is long last. */
const MEMBERS = ['cell', 'replication', 'seed', 'params', 'metrics', 'orderDigest', 'resultDigest', 'events', 'checks', 'notes', 'faults', 'decisions', 'draws', 'detail'] as const satisfies readonly (keyof ReplicationRecord)[];

/** One line without its newline. The same record gives the same bytes, in whatever order it was put together. */
export function recordLine(record: ReplicationRecord): string {
  return `{${MEMBERS.filter((name) => record[name] !== undefined).map((name) => `"${name}":${canonicalJson(record[name], name)}`).join(',')}}`;
}

const isTable = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const areCounts = (value: unknown): boolean => isTable(value) && typeof (value as Record<string, unknown>)['digest'] === 'string' && ['count', 'alone', 'engines', 'picks'].every((name) => typeof (value as Record<string, unknown>)[name] === 'number');

/** The record of a line, or undefined where the line was cut, damaged, or is no record. */
export function parseRecord(line: string): ReplicationRecord | undefined {
  let value: Record<string, unknown>;
  try { value = JSON.parse(line) as Record<string, unknown>; } catch { return undefined; }
  if (!isTable(value)) return undefined;
  const sound = typeof value['cell'] === 'string' && /^[0-9a-f]{12}$/.test(value['cell'])
    && Number.isInteger(value['replication']) && (value['replication'] as number) >= 0
    && typeof value['seed'] === 'string' && typeof value['orderDigest'] === 'string' && typeof value['resultDigest'] === 'string' && typeof value['events'] === 'number'
    && isTable(value['params']) && isTable(value['checks']) && isTable(value['draws']) && Array.isArray(value['notes'])
    && isTable(value['metrics']) && Object.values(value['metrics'] as object).every((x) => x === null || typeof x === 'number')
    && (value['decisions'] === undefined || areCounts(value['decisions']))
    && isTable(value['detail']) && Array.isArray((value['detail'] as Record<string, unknown>)['agents']);
  return sound ? value as unknown as ReplicationRecord : undefined;
}

/** All intact records of a file, and how many lines were not. Lines without a newline at their end were cut. */
export function parseLines(text: string): { readonly records: ReplicationRecord[]; readonly torn: number } {
  const records: ReplicationRecord[] = [];
  let torn = 0;
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  if (tail !== '') torn++;
  for (const line of lines) {
    if (line === '') continue;
    const record = parseRecord(line);
    if (record) records.push(record); else torn++;
  }
  return { records, torn };
}
