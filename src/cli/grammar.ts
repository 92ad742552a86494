// VALUES: lists, ranges and words, in spellings that no shell touches. Text in, texts out: what a text means is its parameter's to say.
import { SchedlabError } from '../errors.ts';

/** More values than this in one list are refused: a slip of the step, not a wish. */
export const MAX_VALUES = 10_000;

export interface Values { readonly values: readonly string[]; /** What a reader should know, such as a stop that no step reaches. */ readonly notes: readonly string[] }

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** True for text that reads as a finite number. */
export function isNumber(text: string): boolean { return NUMBER.test(text) && Number.isFinite(Number(text)); }

const bad = (key: string, text: string, why: string, next: string): SchedlabError =>
  new SchedlabError('ERR_USAGE', `${key}=${text}: ${why}. ${next}`, { name: key, value: text });

/** Decimal places that a number was written with. */
function decimals(text: string): number {
  const [mantissa, exponent] = text.toLowerCase().split('e');
  const places = (mantissa.split('.')[1] ?? '').length - Number(exponent ?? 0);
  return Math.min(100, Math.max(0, places));
}

const plain = (value: number): string => String(value === 0 ? 0 : value);

function tooMany(key: string, text: string, count: number): SchedlabError {
  const said = count < 1e15 ? String(count) : 'far too many';
  return bad(key, text, `that makes ${said} values, and ${MAX_VALUES} is the most`, 'Choose a larger step or fewer values.');
}

/** start:stop:step, stop included; value i is start + i × step, rounded to the decimals that the range is written with. */
function stepped(key: string, text: string, parts: readonly string[], notes: string[]): string[] {
  const [start, stop, step] = parts.map(Number);
  if (step === 0) throw bad(key, text, 'the step is 0', 'Write start:stop:step, such as 0:0.5:0.05.');
  if ((stop - start) * step < 0) throw bad(key, text, `a step of ${parts[2]} never leads from ${parts[0]} to ${parts[1]}`, 'Change the sign of the step.');
  const steps = (stop - start) / step;
  const count = Math.floor(steps + 1e-9 + steps * 1e-12) + 1;
  if (!(count <= MAX_VALUES)) throw tooMany(key, text, count);
  const places = Math.max(decimals(parts[0]), decimals(parts[2]));
  const values = Array.from({ length: count }, (_, i) => plain(Number((start + i * step).toFixed(places))));
  if (Math.abs(steps - Math.round(steps)) > 1e-9) notes.push(`${key}=${text} ends at ${values[count - 1]}: no step reaches ${parts[1]}`);
  return values;
}

/** lin:A:B:N and log:A:B:N: N values from A to B, both included, to 12 significant digits. */
function spaced(key: string, text: string, parts: readonly string[]): string[] {
  const [shape, from, to, many] = parts;
  const form = `Write ${shape}:first:last:how many, such as ${shape === 'lin' ? 'lin:0:1:11' : 'log:1:64:7'}.`;
  if (parts.length !== 4 || !isNumber(from) || !isNumber(to) || !/^\d+$/.test(many)) throw bad(key, text, `${shape} needs two numbers and a count`, form);
  const a = Number(from), b = Number(to), n = Number(many);
  if (n < 2) throw bad(key, text, 'a range has two values or more', form);
  if (n > MAX_VALUES) throw tooMany(key, text, n);
  if (a === b) throw bad(key, text, 'first and last are the same', 'Write the one value alone.');
  if (shape === 'log' && (a <= 0 || b <= 0)) throw bad(key, text, 'a logarithmic range lies above 0', form);
  return Array.from({ length: n }, (_, i) => {
    if (i === 0) return plain(a);
    if (i === n - 1) return plain(b);
    const t = i / (n - 1);
    const value = shape === 'lin' ? a + (b - a) * t : Math.exp(Math.log(a) + (Math.log(b) - Math.log(a)) * t);
    return plain(Number(value.toPrecision(12)));
  });
}

function one(key: string, text: string, notes: string[]): string[] {
  const parts = text.split(':');
  if (parts[0] === 'lin' || parts[0] === 'log') return spaced(key, text, parts);
  if (parts.length < 2 || !parts.every(isNumber)) return [text];
  if (parts.length === 3) return stepped(key, text, parts, notes);
  throw bad(key, text, parts.length === 2 ? 'a range to sweep over has three parts' : 'a range has three parts', `Write start:stop:step, such as ${parts[0]}:${parts[1]}:${plain(Math.abs(Number(parts[1]) - Number(parts[0])) / 10 || 1)}.`);
}

/** Reads VALUES. `slots:8`, `hash:10` and `vllm:FILE` are words, not ranges: a range has numbers only. Throws ERR_USAGE. */
export function parseValues(key: string, text: string): Values {
  const notes: string[] = [], values: string[] = [], seen = new Set<string>();
  for (const item of text.split(',')) {
    if (item === '' && text !== '') throw bad(key, text, 'the list has an empty value', 'Take the spare comma out.');
    for (const value of one(key, item, notes)) {
      if (seen.has(value)) throw bad(key, text, `${value} is there twice`, 'Give each value once.');
      seen.add(value);
      values.push(value);
      if (values.length > MAX_VALUES) throw tooMany(key, text, values.length);
    }
  }
  return { values, notes };
}
