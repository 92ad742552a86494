// The grid: swept keys multiply, zipped keys advance together, `--also` cells stand beside.
import { SchedlabError } from '../../src/errors.ts';
import type { ParamValue, ParamValues } from '../../src/options.ts';
import type { Given } from './parameters.ts';
import type { ExperimentRequest, GivenValue, SweptKey } from './types.ts';

/** More cells than this are a slip of the finger, not a study. */
export const MOST_CELLS = 10_000;

/** One cell as asked: all given values, and the keys that it is told apart by. `beside`: an `--also` cell. */
export interface AskedCell { readonly given: Given; readonly keys: readonly string[]; readonly beside: boolean }

type Change = Readonly<Record<string, GivenValue>>;

const asked = (value: unknown, where: string | undefined): GivenValue => ({ value, origin: 'flag', where: where ?? 'the command' });

function axisOf(key: SweptKey): Change[] {
  if (key.values.length === 0) throw new SchedlabError('ERR_USAGE', `${key.key} in ${key.where ?? 'the command'} has no values to sweep. Give at least one: ${key.key}=VALUE[,VALUE…].`);
  return key.values.map((value) => ({ [key.key]: asked(value, key.where) }));
}

function zipAxis(keys: readonly SweptKey[]): Change[] {
  const length = keys[0].values.length;
  for (const key of keys)
    if (key.values.length !== length) throw new SchedlabError('ERR_USAGE', `zipped keys advance together and need equally many values: ${keys.map((k) => `${k.key} has ${k.values.length}`).join(', ')}.`);
  if (length === 0) axisOf(keys[0]);
  return keys[0].values.map((_, i) => Object.fromEntries(keys.map((key) => [key.key, asked(key.values[i], key.where)])));
}

function refuseTwice(keys: readonly string[]): void {
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `${twice} is swept twice. Name all its values in one list: ${twice}=A,B,C.`);
}

/** Swept and zipped keys, in the order in which they vary, then the further keys of `--also` cells. */
export function variedKeys(request: ExperimentRequest): { readonly axes: readonly string[]; readonly all: readonly string[] } {
  const axes = [...(request.swept ?? []), ...(request.zip ?? [])].map((key) => key.key);
  refuseTwice(axes);
  return { axes, all: [...new Set([...axes, ...(request.also ?? []).flatMap((cell) => Object.keys(cell))])] };
}

/** Every cell as asked, in order: the first axis slowest, `--also` cells last. Equal cells are not merged here. Throws ERR_USAGE past MOST_CELLS. */
export function gridCells(request: ExperimentRequest): AskedCell[] {
  const { axes } = variedKeys(request);
  const base = request.given ?? {};
  const lists = (request.swept ?? []).map(axisOf);
  if (request.zip?.length) lists.push(zipAxis(request.zip));
  const count = lists.reduce((n, list) => n * list.length, 1);
  if (count > MOST_CELLS) throw new SchedlabError('ERR_USAGE', `the sweep has ${count} cells (${axes.join(' × ')}); the most is ${MOST_CELLS}. Sweep fewer values, or one key at a time.`);
  let changes: Change[] = [{}];
  for (const list of lists) changes = changes.flatMap((before) => list.map((one) => ({ ...before, ...one })));
  const cells: AskedCell[] = changes.map((change) => ({ given: { ...base, ...change }, keys: axes, beside: false }));
  for (const also of request.also ?? []) {
    const change = Object.fromEntries(Object.entries(also).map(([key, value]) => [key, asked(value, '--also')]));
    cells.push({ given: { ...base, ...change }, keys: [...new Set([...axes, ...Object.keys(also)])], beside: true });
  }
  return cells;
}

/** How a value is written in labels and commands. */
export function valueText(value: ParamValue): string { return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value); }

/** The keys of a cell that tell it apart, with their resolved values; keys that the cell lacks are left out. */
export function variedOf(keys: readonly string[], params: ParamValues): ParamValues {
  return Object.freeze(Object.fromEntries(keys.filter((key) => Object.hasOwn(params, key)).map((key) => [key, params[key]])));
}

/** A file by its last part, and one of code without its ending, as in every sentence and picture of the report. */
export function fileName(text: string): string {
  const last = text.replace(/^.*\/(?=[^/])/, '');
  return last === text ? text : last.replace(/\.[mc]?[jt]s$/, '');
}

/** `policy=loco alpha=0.25`; the last part of a path only; the scenario's name where nothing varies. */
export function labelOf(varied: ParamValues, otherwise: string): string {
  const parts = Object.entries(varied).map(([key, value]) => `${key}=${typeof value === 'string' ? fileName(value) : valueText(value)}`);
  return parts.join(' ') || otherwise;
}
