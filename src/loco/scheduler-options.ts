// The options of the LOCO scheduler, checked one by one: what was accepted and what was received.
import type { Clock } from '../clock.ts';
import { SchedlabError } from '../errors.ts';
import { resolveOptions, unknownName, type ParamTable } from '../options.ts';
import { resolveAlpha } from './alpha.ts';
import type { Listeners } from './books.ts';
import type { BudgetOptions } from './budget.ts';

export interface LocoOptions extends Listeners {
  /** Places that may be held at once. Default 1. */
  readonly capacity?: number | undefined;
  /** Backlog against wait, from 0 to 1; or a preset, never both. Default 0.25. */
  readonly alpha?: number | undefined;
  readonly optimizeFor?: string | undefined;
  /** Seed of the tie draws. Default 1. */
  readonly seed?: string | number | undefined;
  /** Who wins among equals: drawn, or the first registered. Default `seeded`. */
  readonly ties?: 'seeded' | 'registration' | undefined;
  /** Calls that may wait; the next one is refused with ERR_BACKPRESSURE. Default 100. */
  readonly maxWaiters?: number | undefined;
  /** Adapts alpha to what waits. Default off. */
  readonly autoTune?: boolean | undefined;
  /** Caps alpha at half of what starves nobody: at 0.25, and lower under overload. Default on; switch it off for a larger alpha to count. */
  readonly guard?: boolean | undefined;
  readonly budget?: BudgetOptions | undefined;
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

const NUMBERS: ParamTable = {
  capacity: { kind: 'number', default: 1, min: 1, max: 1e6, integer: true, help: 'places that may be held at once' },
  maxWaiters: { kind: 'number', default: 100, min: 0, integer: true, words: ['Infinity'], help: 'calls that may wait' },
  seed: { kind: 'text', default: '1', help: 'seed of the tie draws' },
  ties: { kind: 'choice', default: 'seeded', values: ['seeded', 'registration'], help: 'who wins among equals' },
  autoTune: { kind: 'flag', default: false, help: 'adapt alpha to what waits' },
  guard: { kind: 'flag', default: true, help: 'lower alpha under overload' },
};
const OTHERS = ['alpha', 'optimizeFor', 'budget', 'clock', 'onTaskStarted', 'onTaskCompleted', 'onEvent'];

export interface ResolvedLoco {
  readonly capacity: number;
  readonly maxWaiters: number;
  readonly seed: string;
  readonly ties: 'seeded' | 'registration';
  readonly autoTune: boolean;
  readonly guard: boolean;
  readonly alpha: number;
}

const WHERE = 'new LocoScheduler(options)';

/** Defaults and checks. Throws ERR_OPTION_UNKNOWN, ERR_OPTION_TYPE, ERR_OPTION_RANGE or ERR_OPTION_CONFLICT. */
export function resolveLoco(options: LocoOptions): ResolvedLoco {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (Object.hasOwn(NUMBERS, name)) given[name] = value === Infinity ? 'Infinity' : value;
    else if (!OTHERS.includes(name)) throw unknownName('key', name, [...Object.keys(NUMBERS), ...OTHERS], WHERE);
  }
  for (const name of ['onTaskStarted', 'onTaskCompleted', 'onEvent'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function') throw new SchedlabError('ERR_OPTION_TYPE', `${name} in ${WHERE} accepts a function, received ${typeof options[name]}.`);
  }
  const values = resolveOptions(NUMBERS, given, WHERE);
  return {
    capacity: values['capacity'] as number,
    maxWaiters: values['maxWaiters'] === 'Infinity' ? Infinity : values['maxWaiters'] as number,
    seed: values['seed'] as string,
    ties: values['ties'] as 'seeded' | 'registration',
    autoTune: values['autoTune'] as boolean,
    guard: values['guard'] as boolean,
    alpha: resolveAlpha(options, WHERE),
  };
}
