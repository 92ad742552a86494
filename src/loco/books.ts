// What is booked at grants and releases: cost, budget, tokens; and who is told of it.
import { SchedlabError } from '../errors.ts';
import { Budget, type BudgetOptions } from './budget.ts';
import { CostAverage } from './cost-average.ts';
import type { LocoEvent, LocoTask, LocoUsage } from './leases.ts';
import { LocoMetrics } from './metrics.ts';
import type { Waiter } from './task-policy.ts';

export interface Listeners {
  /** Told before the call goes on. What it throws ends the call and gives its place back. */
  readonly onTaskStarted?: ((agent: string, task: LocoTask) => void) | undefined;
  /** Told after the place was given back. */
  readonly onTaskCompleted?: ((agent: string, task: LocoTask, usage: LocoUsage) => void) | undefined;
  /** Told of everything, after it has happened. What it throws reaches the caller of that operation. */
  readonly onEvent?: ((event: LocoEvent) => void) | undefined;
}

/** Called in the middle of a decision (`refuses`, `granted`) and by callers at their releases (`ended`). */
export class LocoBooks {
  readonly budget: Budget | undefined;
  readonly costAverage = new CostAverage();
  readonly metrics = new LocoMetrics();
  readonly #listeners: Listeners;

  constructor(budget: BudgetOptions | undefined, listeners: Listeners) {
    this.budget = budget === undefined ? undefined : new Budget(budget);
    this.#listeners = listeners;
  }

  /** The error with which the budget refuses a task, or nothing. */
  refuses(task: LocoTask): SchedlabError | undefined {
    const { budget } = this;
    if (budget?.mode !== 'reject' || !budget.exceeds(task.agent, task.weight)) return undefined;
    const { current, limit, cost } = budget.check(task.agent, task.weight);
    return new SchedlabError('ERR_BUDGET', `task ${JSON.stringify(task.id)} of agent ${JSON.stringify(task.agent)} costs ${cost}, but ${current} of ${limit} are spent or reserved. Raise the limit, reset the budget, or submit lighter work.`, { agent: task.agent, task: task.id, current, limit, cost });
  }

  /** The grant: check and reservation are one step, so that concurrent calls cannot overshoot. */
  granted(waiter: Waiter): void {
    const { agent, task } = waiter;
    if (!task) return;
    waiter.check = this.budget?.reserve(agent, task.weight);
    this.metrics.dequeued(agent, task.weight, waiter.ageTicks);
  }

  /** The lease begins. What a listener throws is for the call. */
  started({ agent, task, ageTicks, check }: Waiter, tick: number): void {
    this.tell(() => ({ kind: 'grant', tick, agent, task, ageTicks, budget: check?.outcome ?? 'ok' }));
    if (task) this.#listeners.onTaskStarted?.(agent, task);
  }

  /** The lease has ended, its place is given back. */
  ended({ agent, task, check }: Waiter, usage: LocoUsage, tick: number): void {
    const tokens = usage.tokens ?? 0;
    if (task && check) this.budget?.settle(agent, task.weight, usage.cost ?? task.weight);
    if (task && usage.tokens !== undefined) this.costAverage.observe(task.type, tokens);
    this.metrics.released(agent, tokens, usage.error !== undefined);
    this.tell(() => ({ kind: 'release', tick, agent, task, tokens, error: usage.error }));
    if (task) this.#listeners.onTaskCompleted?.(agent, task, usage);
  }

  /** Builds the event only where somebody listens. */
  tell(event: () => LocoEvent): void { this.#listeners.onEvent?.(event()); }
}
