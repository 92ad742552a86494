// The compiled spec as the page carries it: colours by CSS variable, numbers of six digits, nothing that the drawing does not need.
import { themed } from './tokens.ts';

/** Data fields that hold the words of users: never touched. */
const WORDS = new Set(['t', 'tip', 'text', 'subtitle', 'id', 'g']);

function slim(value: unknown, key: string): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (typeof value === 'string') return WORDS.has(key) ? value : themed(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => slim(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$schema').map(([name, item]) => [name, slim(item, name)]));
}

export const liveSpec = (spec: unknown): unknown => slim(spec, '');
