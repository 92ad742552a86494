// What the LOCO API takes and hands out: tasks, leases, events. Weights have no unit of their own: twice the weight is twice the work.
import { SchedlabError } from '../errors.ts';
import type { BudgetMode, BudgetOutcome } from './budget.ts';
import { gridWeight } from './rule.ts';

export interface LocoTaskOptions {
  /** Declared work, 0 or more. Default 1. */
  readonly weight?: number | undefined;
  /** Default: `task-` and a running number. */
  readonly id?: string | undefined;
  /** Kind of work, under which its tokens are averaged. Default `default`. */
  readonly type?: string | undefined;
  /** Age that the task brings along, in ticks: for work that has waited elsewhere. Default 0. */
  readonly ageTicks?: number | undefined;
}

export interface LocoTask {
  readonly id: string;
  readonly agent: string;
  readonly weight: number;
  readonly type: string;
}

/** What a call reports when it ends. */
export interface LocoUsage {
  /** Tokens used; they feed the cost average of the task's type. */
  readonly tokens?: number | undefined;
  /** What the call cost in truth, in units of weight; default: the task's weight. Only budgets read it. */
  readonly cost?: number | undefined;
  /** Why the call failed; undefined: it ended well. */
  readonly error?: unknown;
}

/** A place held. Release it once; further releases do nothing. */
export interface LocoLease {
  readonly agent: string;
  /** The task served under this lease; undefined where the agent had none queued. */
  readonly task: LocoTask | undefined;
  /** Ticks that the task had waited when it was taken out of its queue. */
  readonly ageTicks: number;
  /** `over`: the budget is passed and its mode lets the call through. With `downgrade`, choose a cheaper way now. */
  readonly budget: BudgetOutcome;
  readonly budgetMode: BudgetMode | undefined;
  readonly released: boolean;
  /** Gives the place back: one tick. Answers false where that had happened already. */
  release(usage?: LocoUsage): boolean;
}

export interface LocoAcquireOptions {
  /** Refuse the call after so long a wait, in ms: ERR_TIMEOUT. Default: wait for ever. */
  readonly timeoutMs?: number | undefined;
  /** Withdraws the call while it waits: ERR_CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  /** A refused call leaves its task in the queue, to be tried again. Default: the task leaves with the call. */
  readonly keepTask?: boolean | undefined;
}

export type LocoEvent =
  | { readonly kind: 'submit'; readonly tick: number; readonly agent: string; readonly task: LocoTask; readonly queueDepth: number }
  | { readonly kind: 'grant'; readonly tick: number; readonly agent: string; readonly task: LocoTask | undefined; readonly ageTicks: number; readonly budget: BudgetOutcome }
  | { readonly kind: 'release'; readonly tick: number; readonly agent: string; readonly task: LocoTask | undefined; readonly tokens: number; readonly error: unknown }
  | { readonly kind: 'refuse'; readonly tick: number; readonly agent: string; readonly error: unknown };

/** A task of checked options; its weight lies on the grid of weights. Throws ERR_OPTION_RANGE. */
export function makeTask(agent: string, options: LocoTaskOptions, nextId: () => string): LocoTask {
  const { weight = 1, id, type = 'default', ageTicks = 0 } = options;
  if (!(Number.isInteger(ageTicks) && ageTicks >= 0)) throw new SchedlabError('ERR_OPTION_RANGE', `ageTicks of a task of agent ${JSON.stringify(agent)} accepts a whole number of 0 or more, received ${String(ageTicks)}.`, { agent, ageTicks });
  return Object.freeze({ id: id ?? nextId(), agent, weight: checkedWeight(weight), type });
}

/** Text or nothing would pass the arithmetic of the grid as a number. */
function checkedWeight(weight: unknown): number {
  if (typeof weight !== 'number') throw new SchedlabError('ERR_OPTION_TYPE', `the weight of a task is a number of 0 or more, received ${JSON.stringify(weight)}.`, { weight });
  gridWeight(weight);
  return weight;
}
