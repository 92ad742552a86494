// Options: one table gives defaults, ranges, help and errors, for code, scenario files and flags alike.
import { distance } from 'fastest-levenshtein';
import { SchedlabError } from './errors.ts';

export type ParamValue = number | boolean | string;
export type ParamValues = Readonly<Record<string, ParamValue>>;

interface ParamCommon {
  readonly help: string;
  readonly unit?: string;
  /** Values to offer where a shell or an editor completes; others are accepted as well. */
  readonly suggest?: readonly string[];
}
export type ParamSpec = ParamCommon & (
  | { readonly kind: 'number'; readonly default: number; readonly min?: number; readonly max?: number; readonly integer?: boolean; /** Words accepted beside numbers, such as `auto`. */ readonly words?: readonly string[] }
  | { readonly kind: 'numberOrWord'; readonly default: number | string; readonly min?: number; readonly max?: number; readonly integer?: boolean; readonly words: readonly string[] }
  | { readonly kind: 'flag'; readonly default: boolean }
  | { readonly kind: 'choice'; readonly default: string; readonly values: readonly string[] }
  /** Free text; `check` throws or returns what is wrong with it, or nothing. Sentences that end with a period stand as they are. */
  | { readonly kind: 'text'; readonly default: string; readonly check?: (value: string) => string | undefined }
  /** A path to a file that the run reads. */
  | { readonly kind: 'file'; readonly default: string }
);
export type ParamTable = Readonly<Record<string, ParamSpec>>;

/** The nearest of `names`, where it is near enough to be a slip of the finger. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined, least = Infinity;
  for (const name of names) {
    const a = word.toLowerCase(), b = name.toLowerCase();
    let d = distance(a, b);
    // Two letters in the wrong order are one slip, not two.
    if (d === 2 && a.length === b.length && [...a].sort().join('') === [...b].sort().join('')) d = 1;
    if (d < least) { least = d; best = name; }
  }
  return least <= Math.max(1, Math.floor(word.length / 2.5)) ? best : undefined;
}

/** The error for a name that is not in a list: what, where, the nearest, the valid ones. */
export function unknownName(what: string, name: string, valid: readonly string[], where: string, code: SchedlabError['code'] = 'ERR_OPTION_UNKNOWN'): SchedlabError {
  const hint = nearest(name, valid);
  return new SchedlabError(code, `unknown ${what} ${JSON.stringify(name)}${where ? ` in ${where}` : ''}.${hint ? ` Did you mean ${JSON.stringify(hint)}?` : ''} Valid: ${[...valid].sort().join(', ')}.`, { name, valid, hint });
}

const SWITCH: Readonly<Record<string, boolean>> = { on: true, off: false, true: true, false: false };

/** Checks one value against its spec. Text from a shell and values from code are both understood. Throws ERR_OPTION_TYPE or ERR_OPTION_RANGE. */
export function resolveParam(name: string, spec: ParamSpec, value: unknown, where: string): ParamValue {
  const wrong = (code: SchedlabError['code'], accepted: string): SchedlabError =>
    new SchedlabError(code, `${name} in ${where} accepts ${accepted}, received ${JSON.stringify(value)}.`, { name, value });
  if (spec.kind === 'flag') {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && Object.hasOwn(SWITCH, value.toLowerCase())) return SWITCH[value.toLowerCase()];
    throw wrong('ERR_OPTION_TYPE', 'on or off');
  }
  if (spec.kind === 'number' || spec.kind === 'numberOrWord') {
    if (typeof value === 'string' && spec.words?.includes(value)) return value;
    const number = typeof value === 'number' ? value : typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value) ? Number(value) : NaN;
    const range = `${spec.integer ? 'a whole number' : 'a number'}${spec.min !== undefined && spec.max !== undefined ? ` from ${spec.min} to ${spec.max}` : spec.min !== undefined ? ` from ${spec.min}` : spec.max !== undefined ? ` up to ${spec.max}` : ''}${spec.unit ? ` (${spec.unit})` : ''}${spec.words?.length ? ` or ${spec.words.join(', ')}` : ''}`;
    if (!Number.isFinite(number)) throw wrong('ERR_OPTION_TYPE', range);
    if ((spec.integer && !Number.isInteger(number)) || number < (spec.min ?? -Infinity) || number > (spec.max ?? Infinity)) throw wrong('ERR_OPTION_RANGE', range);
    return Object.is(number, -0) ? 0 : number;
  }
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  if (text === undefined) throw wrong('ERR_OPTION_TYPE', spec.kind === 'choice' ? spec.values.join(', ') : 'text');
  if (spec.kind === 'choice') {
    if (spec.values.includes(text)) return text;
    const hint = nearest(text, spec.values);
    throw new SchedlabError('ERR_OPTION_RANGE', `${name} in ${where} accepts ${spec.values.join(', ')}, received ${JSON.stringify(value)}.${hint ? ` Did you mean ${JSON.stringify(hint)}?` : ''}`, { name, value });
  }
  if (spec.kind === 'text') {
    const complaint = spec.check?.(text);
    if (complaint) throw new SchedlabError('ERR_OPTION_RANGE', `${name} in ${where}: ${complaint}${complaint.endsWith('.') ? '' : `, received ${JSON.stringify(value)}.`}`, { name, value });
  }
  return text;
}

/** Defaults, then the given values, every one checked; unknown keys refused with the nearest name; the result frozen. */
export function resolveOptions(table: ParamTable, given: Readonly<Record<string, unknown>>, where: string): ParamValues {
  const out: Record<string, ParamValue> = {};
  for (const [name, spec] of Object.entries(table)) out[name] = spec.default;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(table, name)) throw unknownName('key', name, Object.keys(table), where);
    out[name] = resolveParam(name, table[name], value, where);
  }
  return Object.freeze(out);
}
