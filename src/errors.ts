// The one table of coded errors. A code never changes its meaning; a retired code is never used again.

/** Exit code of the process that an error leads to: 1 a bug, 2 usage or configuration, 3 an invalid run, 5 a difference. */
export type ExitCode = 1 | 2 | 3 | 4 | 5;

export const ERROR_CODES = {
  ERR_INTERNAL: 1,
  ERR_USAGE: 2,
  ERR_OPTION_UNKNOWN: 2,
  ERR_OPTION_RANGE: 2,
  ERR_OPTION_TYPE: 2,
  ERR_OPTION_CONFLICT: 2,
  ERR_SCENARIO_UNKNOWN: 2,
  ERR_SCENARIO_FILE: 2,
  ERR_POLICY_UNKNOWN: 2,
  ERR_BALANCER_UNKNOWN: 2,
  ERR_ADDON_UNKNOWN: 2,
  ERR_ENGINE_UNKNOWN: 2,
  ERR_METRIC_UNKNOWN: 2,
  ERR_TRACE_FILE: 2,
  ERR_TRACE_FORMAT: 2,
  ERR_TRACE_ROW: 2,
  ERR_RESULTS: 2,
  ERR_OUTPUT: 2,
  ERR_NOT_POSSIBLE: 2,
  ERR_KNOWLEDGE: 2,
  ERR_TARGET: 3,
  ERR_STALLED: 1,
  ERR_ZENO: 1,
  ERR_INVARIANT: 1,
  ERR_LEASE_RELEASED_TWICE: 1,
  ERR_BACKPRESSURE: 3,
  ERR_TIMEOUT: 3,
  ERR_CANCELLED: 3,
  ERR_SHUTDOWN: 3,
  ERR_UNROUTABLE: 3,
  ERR_AGENT_UNKNOWN: 2,
  ERR_AGENT_BUSY: 2,
  ERR_AGENT_EXISTS: 2,
  ERR_BUDGET: 3,
  ERR_ENGINE: 3,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What went wrong, where, why, and what to do next. `details` holds what a program may want to read. */
export class SchedlabError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'SchedlabError';
    this.code = code;
    this.details = details;
  }
  get exitCode(): ExitCode { return ERROR_CODES[this.code]; }
}

/** Crashes on a broken invariant: a bug in this program, never a user's mistake. */
export function assert(holds: boolean, what: string, details?: Readonly<Record<string, unknown>>): asserts holds {
  if (!holds) throw new SchedlabError('ERR_INVARIANT', `invariant broken: ${what}`, details);
}
