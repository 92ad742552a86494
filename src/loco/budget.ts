// Spending limits by agent. What is granted is reserved at once, so that concurrent calls cannot overshoot between check and spend.
import { SchedlabError } from '../errors.ts';

/** What happens to work past the limit: refused, let through and counted, or let through and marked so that the caller may choose a cheaper way. */
export const BUDGET_MODES = ['reject', 'alert', 'downgrade'] as const;
export type BudgetMode = (typeof BUDGET_MODES)[number];

/** `ok`: within the limit; `over`: past it and let through (alert, downgrade); `rejected`: past it and refused. */
export type BudgetOutcome = 'ok' | 'over' | 'rejected';

export interface BudgetOptions {
  /** Limit of every agent that has none of its own; undefined: no limit. */
  readonly limit?: number | undefined;
  /** Default: reject. */
  readonly mode?: BudgetMode | undefined;
  /** Limits of single agents. */
  readonly limits?: Readonly<Record<string, number>> | undefined;
}

export interface BudgetCheck {
  readonly outcome: BudgetOutcome;
  /** True only where the cost stays within the limit. */
  readonly allowed: boolean;
  /** Spent and reserved before this cost. */
  readonly current: number;
  readonly limit: number | undefined;
  readonly cost: number;
}

interface Account { spent: number; reserved: number; open: number }

/** Costs are in the unit of task weights. Every operation is O(1). */
export class Budget {
  readonly mode: BudgetMode;
  readonly defaultLimit: number | undefined;
  /** Checks that found the cost past the limit, in any mode. */
  alerts = 0;
  readonly #limits = new Map<string, number>();
  readonly #accounts = new Map<string, Account>();

  constructor(options: BudgetOptions = {}) {
    const mode = options.mode ?? 'reject';
    if (!BUDGET_MODES.includes(mode)) throw new SchedlabError('ERR_OPTION_RANGE', `mode of a budget accepts ${BUDGET_MODES.join(', ')}, received ${JSON.stringify(mode)}.`, { mode });
    this.mode = mode;
    this.defaultLimit = options.limit === undefined ? undefined : amount('limit of a budget', options.limit);
    for (const [agent, limit] of Object.entries(options.limits ?? {})) this.setLimit(agent, limit);
  }

  /** The limit in force for an agent; undefined: none. */
  limit(agent: string): number | undefined { return this.#limits.get(agent) ?? this.defaultLimit; }
  spent(agent: string): number { return this.#accounts.get(agent)?.spent ?? 0; }
  /** Cost of granted work that has not ended. */
  reserved(agent: string): number { return this.#accounts.get(agent)?.reserved ?? 0; }

  /** What may still be spent, never below 0; undefined: no limit. */
  remaining(agent: string): number | undefined {
    const limit = this.limit(agent);
    return limit === undefined ? undefined : Math.max(0, limit - this.spent(agent) - this.reserved(agent));
  }

  setLimit(agent: string, limit: number): void { this.#limits.set(agent, amount(`limit of agent ${JSON.stringify(agent)}`, limit)); }
  /** Back to the default limit. */
  removeLimit(agent: string): void { this.#limits.delete(agent); }
  /** Forgets what was spent. Reservations of work under way stay. */
  reset(agent: string): void {
    const account = this.#accounts.get(agent);
    if (account) account.spent = 0;
  }

  /** Whether a cost would be past the limit: spent + reserved + cost > limit. Changes nothing. */
  exceeds(agent: string, cost: number): boolean {
    const limit = this.limit(agent);
    return limit !== undefined && this.spent(agent) + this.reserved(agent) + cost > limit;
  }

  /** Answers for one cost and counts an alert where it is past the limit. Reserves nothing. */
  check(agent: string, cost: number): BudgetCheck {
    amount('cost of a task', cost);
    const over = this.exceeds(agent, cost);
    if (over) this.alerts++;
    return {
      outcome: !over ? 'ok' : this.mode === 'reject' ? 'rejected' : 'over',
      allowed: !over,
      current: this.spent(agent) + this.reserved(agent),
      limit: this.limit(agent),
      cost,
    };
  }

  /** Check and reservation in one step: unless rejected, the cost is set aside until `settle`. */
  reserve(agent: string, cost: number): BudgetCheck {
    const check = this.check(agent, cost);
    if (check.outcome !== 'rejected') {
      const account = this.#account(agent);
      account.reserved += cost;
      account.open++;
    }
    return check;
  }

  /** Ends one reservation and books what was spent in truth (default: what was reserved). */
  settle(agent: string, reserved: number, actual: number = reserved): void {
    const account = this.#account(agent);
    if (account.open === 0) throw new SchedlabError('ERR_INVARIANT', `invariant broken: agent ${JSON.stringify(agent)} settles a cost that was not reserved`, { agent, reserved });
    account.open--;
    // With nothing open the sum is zero by definition, whatever fractions have drifted to.
    account.reserved = account.open === 0 ? 0 : Math.max(0, account.reserved - reserved);
    // A cost that cannot be right books what was reserved, so that a slip never makes work free.
    account.spent += actual >= 0 && actual < Infinity ? actual : reserved;
    amount('cost of a task', actual);
  }

  /** Books a cost without a check. */
  spend(agent: string, cost: number): void { this.#account(agent).spent += amount('cost of a task', cost); }

  /** Agents with a limit of their own or an account, sorted by name. */
  agents(): readonly string[] { return [...new Set([...this.#limits.keys(), ...this.#accounts.keys()])].sort(); }

  #account(agent: string): Account {
    let account = this.#accounts.get(agent);
    if (!account) this.#accounts.set(agent, account = { spent: 0, reserved: 0, open: 0 });
    return account;
  }
}

function amount(what: string, value: number): number {
  if (!(value >= 0 && value < Infinity)) throw new SchedlabError('ERR_OPTION_RANGE', `${what} must be a number of 0 or more, received ${String(value)}.`, { value });
  return value;
}
