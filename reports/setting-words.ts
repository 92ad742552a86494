// A cell in words: `alpha 0 with guard on` in a sentence, `0, guard on` beside a mark.
import type { ParamValue } from '../src/options.ts';
import type { CellSummary } from '../sim/results.ts';
import { list } from './numbers.ts';

/** A value in words: switches as on and off, a path by its last part, a file of code without its ending. */
export const valueText = (value: ParamValue | undefined): string =>
  value === undefined
    ? 'none'
    : value === true
      ? 'on'
      : value === false
        ? 'off'
        : typeof value === 'string'
          ? value === ''
            ? 'none'
            : /^[^:\s]*\/[^/]+$/.test(value)
              ? value.slice(value.lastIndexOf('/') + 1).replace(/\.[mc]?[jt]s$/, '')
              : value
          : String(value).replace('-', '\u2212');

/** In a name a longer value is cut in its middle: its ends tell it from others, and where they do not, the setting gets its id. */
const LONGEST_VALUE = 36;
function shortValue(value: ParamValue | undefined): string {
  const text = valueText(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 13)}…${text.slice(-12)}` : text;
}

/** A value that says by itself what it is: `fcfs`, but `alpha 0.25`, `guard on`, `no balancer`. */
export const partText = (key: string, value: ParamValue | undefined): string =>
  value === '' ? `no ${key}` : typeof value === 'string' && !/^\d/.test(value) ? shortValue(value) : `${key} ${shortValue(value)}`;

export interface Words {
  /** `alpha 0.25 with guard on`: for sentences. */
  readonly name: string;
  /** `0.25` where one key was swept, else the name: for lists and for sentences that have named the key. */
  readonly short: string;
  /** `0.25, guard on`: for marks, rows and columns. */
  readonly label: string;
  /** `alpha 0.25` and `0.25`: the value of the main key, with it and without it. */
  readonly main: string;
  readonly bare: string;
  /** `guard on`: the other keys. */
  readonly others: readonly string[];
}

/** Words of one cell. `keys`: those of the grid, the main one first; `extras`: what sets the cell beside the grid, in words. */
export function wordsOf(
  cell: CellSummary,
  keys: readonly string[],
  extras: readonly string[],
  axisKey: string | undefined,
  value: (key: string) => ParamValue | undefined,
): Words {
  // A cell that does not know a key is named by the others: `fcfs` beside a sweep of alpha.
  const first = keys.slice(0, 1).find((key) => value(key) !== undefined),
    others = [...keys.slice(1).filter((key) => value(key) !== undefined).map((key) => partText(key, value(key))), ...extras],
    main = first === undefined ? '' : partText(first, value(first)),
    needsKey = first === undefined || typeof value(first) === 'boolean' || (keys.length > 1 && axisKey !== first) || value(first) === '',
    bare = first === undefined || needsKey ? main : shortValue(value(first));
  const join = (head: string, between: string): string => (others.length && head ? `${head}${between}${list(others)}` : head || others.join(', ') || cell.label || cell.id);
  const name = join(main, ' with ');
  return { name, short: keys.length > 1 ? name : join(bare, ' with '), label: [bare, ...others].filter(Boolean).join(', ') || name, main, bare, others };
}
