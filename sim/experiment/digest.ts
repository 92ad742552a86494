// Digests: SHA-256 over canonical JSON, so that equal content has equal bytes whatever the order in which it was put together.
import { createHash } from 'node:crypto';
import { SchedlabError } from '../../src/errors.ts';

/**
 * JSON with sorted keys (by UTF-16 code units), no spaces, undefined members left out. Numbers must be finite and −0 is written 0.
 * Throws ERR_INVARIANT on anything that JSON would change in silence (NaN, infinities, functions). O(n log n).
 */
export function canonicalJson(value: unknown, root = '$'): string { return canonical(value, [root]); }

/** `at`: keys and indices down to here, joined only where something is wrong. */
function canonical(value: unknown, at: (string | number)[]): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw new SchedlabError('ERR_INVARIANT', `invariant broken: ${pathOf(at)} is ${value}; results hold finite numbers or null.`, { path: pathOf(at) });
      return JSON.stringify(Object.is(value, -0) ? 0 : value);
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'object': {
      if (Array.isArray(value)) return `[${value.map((item, i) => below(item, i, at)).join(',')}]`;
      if (ArrayBuffer.isView(value)) return canonical(Array.from(value as unknown as ArrayLike<number>), at);
      const record = value as Readonly<Record<string, unknown>>;
      const members: string[] = [];
      for (const key of Object.keys(record).sort()) if (record[key] !== undefined) members.push(`${JSON.stringify(key)}:${below(record[key], key, at)}`);
      return `{${members.join(',')}}`;
    }
    default:
      throw new SchedlabError('ERR_INVARIANT', `invariant broken: ${pathOf(at)} is a ${typeof value}; results hold plain data.`, { path: pathOf(at) });
  }
}

function below(value: unknown, key: string | number, at: (string | number)[]): string {
  at.push(key);
  const text = canonical(value, at);
  at.pop();
  return text;
}

const pathOf = (at: readonly (string | number)[]): string => at.reduce<string>((path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`), '');

/** SHA-256 of text or bytes in hexadecimal: 64 digits. */
export function sha256Hex(content: string | Uint8Array): string { return createHash('sha256').update(content).digest('hex'); }

/** SHA-256 of the canonical JSON of a value. */
export function digestOf(value: unknown): string { return sha256Hex(canonicalJson(value)); }

/** Identity of a cell: 12 hex digits over what decides its numbers, and nothing else (never shell, workers, folder or number of replications). */
export function cellId(scenario: string, params: Readonly<Record<string, unknown>>, data: Readonly<Record<string, string>>, version: string): string {
  return digestOf({ scenario, params, data, version }).slice(0, 12);
}
