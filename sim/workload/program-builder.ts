// Writes down one program, node by node, for a draft: calls, tools and joins, each after those it waits for.
import { SchedlabError } from '../../src/errors.ts';
import { LOSE_BRANCH, type FailureRule } from '../../src/programs/failure.ts';
import { NEED_ALL, NEED_SETTLED, NODE_CALL, NODE_JOIN, NODE_TOOL, planOf, type PlanNode } from '../../src/programs/plan.ts';
import { CONTEXT_FULL, CONTEXT_LAST, CONTEXT_NEW, SYSTEM_TEXTS } from './context.ts';
import type { ProgramDraft } from './workload.ts';

const RULES = { full: CONTEXT_FULL, last: CONTEXT_LAST, new: CONTEXT_NEW } as const;

interface NodeParts {
  /** Nodes that it waits for, by the numbers that the builder answered; none: it begins with the program. */
  readonly after?: readonly number[];
  /** all (default), settled: all that do not fail; k: the first k, the others are withdrawn. */
  readonly need?: 'all' | 'settled' | number;
  /** µs between the moment at which they have come and its beginning. */
  readonly thinkUs?: number;
  /** Begins only if another node wakes it. */
  readonly dormant?: boolean;
}

export interface CallParts extends NodeParts {
  /** Tokens that its prompt adds to what is in sight, and tokens of its answer. */
  readonly prompt: number;
  readonly output: number;
  /** full (default): all that was said on the way here; last: the system prompt and the answers just got; new: the system prompt alone. */
  readonly context?: keyof typeof RULES;
  /** Of what is right above it, or of what stands before that: the call whose conversation it goes on with, and no other's. */
  readonly history?: number;
  readonly failure?: FailureRule | 'branch';
  /** Withdrawn when it has waited so long, in µs. */
  readonly timeoutUs?: number;
  /** What it needs of a place, in µs, its first token after an equal share; absent: what its tokens and the rates of the place make of it. */
  readonly serviceUs?: number;
  /** Dormant nodes that begin to live when this call has been answered; they come later in the list. */
  readonly wakes?: readonly number[];
}

export interface ToolParts extends NodeParts { readonly us: number; /** Place of the pool among the model's tools; −1: none, as many as come at once. */ readonly pool?: number }

/** What all prompts of a program share, and how fast a place reads and writes where service is a matter of places. */
export interface ProgramParts {
  readonly systemText?: number;
  readonly systemTokens?: number;
  readonly slotRates?: { readonly prefill: number; readonly decode: number } | undefined;
}

const COUNT = 'a whole number from 0 to 2147483647';
const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 31;
const isUs = (value: number): boolean => value >= 0 && value <= Number.MAX_SAFE_INTEGER;

function hold(what: string, value: unknown, accepted: string, holds: boolean): void {
  if (!holds) throw new SchedlabError('ERR_OPTION_RANGE', `${what} is ${accepted}, received ${typeof value === 'string' ? JSON.stringify(value) : String(value)}. Correct it where the program is written down.`, { key: what, value });
}

/** O(nodes + edges) a program. Numbers of nodes are 0, 1, 2 … in the order in which they are written. */
export class ProgramBuilder {
  #nodes: PlanNode[] = [];
  #calls: (CallParts | undefined)[] = [];

  /** Throws ERR_OPTION_RANGE for what no call can be. */
  call(parts: CallParts): number {
    const { failure } = parts;
    this.#check(parts);
    return this.#add(NODE_CALL, parts, { ...(failure === undefined ? {} : { failure: failure === 'branch' ? LOSE_BRANCH : failure }), ...(parts.wakes ? { wakes: parts.wakes } : {}) }, parts);
  }

  tool(parts: ToolParts): number { return this.#add(NODE_TOOL, parts, { toolUs: parts.us, pool: parts.pool ?? -1 }, undefined); }
  /** Takes no time. */
  join(parts: NodeParts): number { return this.#add(NODE_JOIN, parts, {}, undefined); }

  get length(): number { return this.#nodes.length; }

  /** Fills the columns of a draft, and begins anew. Arrival, number, agent and class are the workload's to set. Throws what `planOf` throws, and ERR_OPTION_RANGE for parts that are none. */
  into(draft: ProgramDraft, { systemText = 0, systemTokens = 0, slotRates }: ProgramParts = {}): void {
    hold('systemText', systemText, `a whole number from 0 below ${SYSTEM_TEXTS}`, isCount(systemText) && systemText < SYSTEM_TEXTS);
    hold('systemTokens', systemTokens, COUNT, isCount(systemTokens));
    if (slotRates !== undefined) for (const key of ['prefill', 'decode'] as const) hold(`slotRates.${key}`, slotRates[key], 'a number above 0', slotRates[key] > 0 && slotRates[key] < Infinity);
    const nodes = this.#nodes, calls = this.#calls, n = nodes.length, plan = planOf(nodes), rule = new Uint8Array(n), newTokens = new Int32Array(n), history = calls.some((call) => call?.history !== undefined) ? new Int32Array(n).fill(-1) : undefined;
    this.#nodes = [];
    this.#calls = [];
    draft.ensure(n);
    draft.length = n;
    draft.graph = plan.graph;
    for (let i = 0; i < n; i++) {
      const call = calls[i];
      draft.thinkUs[i] = plan.thinkUs[i]!;
      draft.promptTokens[i] = draft.outputTokens[i] = 0;
      draft.serviceUs[i] = draft.firstTokenUs[i] = NaN;
      draft.pin[i] = -1;
      draft.timeoutUs[i] = call?.timeoutUs ?? 0;
      draft.cancelUs[i] = 0;
      if (call === undefined) continue;
      draft.outputTokens[i] = call.output;
      if (call.serviceUs !== undefined) {
        draft.serviceUs[i] = call.serviceUs;
        draft.firstTokenUs[i] = Math.round(call.serviceUs / Math.max(1, call.output));
      }
      newTokens[i] = call.prompt;
      rule[i] = RULES[call.context ?? 'full'];
      if (call.history !== undefined) history![i] = call.history;
    }
    draft.context = { rule, newTokens, ...(history === undefined ? {} : { history }), systemText, systemTokens, slotRates };
    draft.abandonAt = -1;
  }

  #check({ prompt, output, context = 'full', history, serviceUs = 0, timeoutUs = 0 }: CallParts): void {
    const node = this.#nodes.length, of = ` of node ${node}`;
    hold(`prompt${of}`, prompt, COUNT, isCount(prompt));
    hold(`output${of}`, output, COUNT, isCount(output));
    hold(`context${of}`, context, Object.keys(RULES).join(', '), Object.hasOwn(RULES, context));
    hold(`serviceUs${of}`, serviceUs, 'a number of µs from 0', isUs(serviceUs));
    hold(`timeoutUs${of}`, timeoutUs, 'a number of µs from 0; 0: for ever', isUs(timeoutUs));
    hold(`history${of}`, history, 'the number of a call before it', history === undefined || this.#calls[history] !== undefined);
  }

  #add(kind: PlanNode['kind'], { after = [], need = 'all', thinkUs = 0, dormant = false }: NodeParts, more: Partial<PlanNode>, call: CallParts | undefined): number {
    this.#nodes.push({ kind, parents: after, need: need === 'all' ? NEED_ALL : need === 'settled' ? NEED_SETTLED : need, thinkUs, dormant, ...more });
    this.#calls.push(call);
    return this.#nodes.length - 1;
  }
}
