// What an agent program is made of: calls, tools and joins, each waiting for others. Structure only: what a call asks for and what it truly needs stand elsewhere.
import { SchedlabError } from '../errors.ts';
import { NO_RETRY, type FailureRule } from './failure.ts';

export const NODE_CALL = 0;
export const NODE_TOOL = 1;
/** Takes no time: a place where branches meet. */
export const NODE_JOIN = 2;
export type NodeKind = typeof NODE_CALL | typeof NODE_TOOL | typeof NODE_JOIN;

/** Parents that a node waits for: all of them; all that do not fail, and at least one; or so many, the first to come. */
export const NEED_ALL = -1;
export const NEED_SETTLED = -2;

/** Most nodes of one program: attempts of a call are told apart above this. */
export const NODES_MAX = 1 << 15;

/** One node as it is written down. */
export interface PlanNode {
  readonly kind: NodeKind;
  /** Lower numbers than its own; none: it begins with the program. */
  readonly parents: readonly number[];
  /** NEED_ALL, NEED_SETTLED, or k from 1. Those that lose against the first k are withdrawn, unless others want them. */
  readonly need?: number;
  /** µs between the moment at which its parents are met and its beginning: a human, a pause. */
  readonly thinkUs?: number;
  /** Of a tool: how long it takes, and the pool that it needs a place in; −1: it has all the room that it wants. */
  readonly toolUs?: number;
  readonly pool?: number;
  /** Comes to life only when another node wakes it. */
  readonly dormant?: boolean;
  /** Dormant nodes that this one wakes when it has ended well. */
  readonly wakes?: readonly number[];
  /** Of a call: what happens where it is lost. */
  readonly failure?: FailureRule;
}

/** The same in columns, with what follows from it. */
export interface PlanGraph {
  readonly kind: Uint8Array;
  readonly parents: readonly (readonly number[])[];
  readonly children: readonly (readonly number[])[];
  readonly need: Int32Array;
  readonly toolUs: Float64Array;
  readonly pool: Int32Array;
  readonly dormant: Uint8Array;
  readonly wakes: readonly (readonly number[])[];
  readonly failure: readonly FailureRule[];
  /** Nearest calls above a node, through tools and joins: what a scheduler knows as its parents. */
  readonly callParents: readonly (readonly number[])[];
}

/** Numbered so that parents come first. Without a graph it is a chain of calls, each waiting for the one before. */
export interface ProgramPlan {
  readonly length: number;
  readonly thinkUs: Float64Array;
  readonly graph?: PlanGraph | undefined;
  /** The client dies when this node would begin: nothing more is heard of the program, and nobody says that it is over. */
  readonly abandonAt?: number | undefined;
}

const NONE: readonly number[] = [];

/** Columns of a list of nodes. Throws ERR_OPTION_RANGE for what is no program. O(nodes + edges). */
export function planOf(nodes: readonly PlanNode[]): ProgramPlan & { readonly graph: PlanGraph } {
  const n = nodes.length;
  if (n === 0 || n > NODES_MAX) throw wrong(`a program has 1 to ${NODES_MAX} nodes, received ${n}`);
  const children: number[][] = nodes.map(() => []), kind = new Uint8Array(n), need = new Int32Array(n), dormant = new Uint8Array(n), pool = new Int32Array(n).fill(-1);
  const thinkUs = new Float64Array(n), toolUs = new Float64Array(n);
  nodes.forEach((node, i) => {
    check(node, i, nodes);
    kind[i] = node.kind;
    need[i] = node.need === node.parents.length ? NEED_ALL : node.need ?? NEED_ALL;
    dormant[i] = node.dormant ? 1 : 0;
    thinkUs[i] = node.thinkUs ?? 0;
    toolUs[i] = node.toolUs ?? 0;
    pool[i] = node.pool ?? -1;
    for (const parent of node.parents) children[parent]!.push(i);
  });
  const callParents: (readonly number[])[] = [];
  for (let i = 0; i < n; i++) callParents.push(nearestCalls(nodes[i]!.parents, kind, callParents));
  return {
    length: n, thinkUs,
    graph: { kind, need, dormant, toolUs, pool, children, callParents, parents: nodes.map((node) => node.parents), wakes: nodes.map((node) => node.wakes ?? NONE), failure: nodes.map((node) => node.failure ?? NO_RETRY) },
  };
}

function nearestCalls(parents: readonly number[], kind: Uint8Array, above: readonly (readonly number[])[]): readonly number[] {
  if (parents.every((parent) => kind[parent] === NODE_CALL)) return parents;
  return [...new Set(parents.flatMap((parent) => (kind[parent] === NODE_CALL ? [parent] : above[parent]!)))].sort((a, b) => a - b);
}

function check(node: PlanNode, i: number, nodes: readonly PlanNode[]): void {
  const { kind, parents, need = NEED_ALL, thinkUs = 0, toolUs = 0, pool = -1, wakes = NONE, failure } = node;
  if (kind !== NODE_CALL && kind !== NODE_TOOL && kind !== NODE_JOIN) throw wrong(`kind of node ${i} is NODE_CALL, NODE_TOOL or NODE_JOIN, received ${String(kind)}`);
  const isUs = (us: number): boolean => Number.isSafeInteger(us) && us >= 0;
  if (!parents.every((parent) => Number.isInteger(parent) && parent >= 0 && parent < i)) throw wrong(`parents of node ${i} are nodes before it, received ${parents.join(', ')}`);
  if (new Set(parents).size < parents.length) throw wrong(`node ${i} names a parent twice`);
  if (need !== NEED_ALL && need !== NEED_SETTLED && !(Number.isInteger(need) && need >= 1 && need <= parents.length)) throw wrong(`node ${i} needs 1 to ${parents.length} of its parents, received ${need}`);
  if (!isUs(thinkUs) || !isUs(toolUs)) throw wrong(`times of node ${i} are whole µs from 0, received ${thinkUs} and ${toolUs}`);
  if (!(Number.isSafeInteger(pool) && pool >= -1)) throw wrong(`pool of node ${i} is −1 or the place of a pool among the tools, from 0, received ${String(pool)}`);
  if (failure !== undefined) checkFailure(failure, i);
  if (!wakes.every((woken) => woken > i && nodes[woken]?.dormant === true)) throw wrong(`node ${i} wakes dormant nodes after it, received ${wakes.join(', ')}`);
}

/** Attempts of one call that programs keep apart. */
const ATTEMPTS_MAX = 32;

function checkFailure({ attempts, backoffUs, factor, mostUs, then }: FailureRule, i: number): void {
  const isAmount = (value: number, from: number): boolean => Number.isFinite(value) && value >= from;
  if (!(Number.isInteger(attempts) && attempts >= 1 && attempts <= ATTEMPTS_MAX)) throw wrong(`failure.attempts of node ${i} is a whole number from 1 to ${ATTEMPTS_MAX}, received ${String(attempts)}`);
  if (!isAmount(backoffUs, 0)) throw wrong(`failure.backoffUs of node ${i} is a number from 0, received ${String(backoffUs)}`);
  if (!isAmount(factor, 1)) throw wrong(`failure.factor of node ${i} is a number from 1, received ${String(factor)}`);
  if (!isAmount(mostUs, 0)) throw wrong(`failure.mostUs of node ${i} is a number from 0, received ${String(mostUs)}`);
  if (then !== 'program' && then !== 'branch') throw wrong(`failure.then of node ${i} is program or branch, received ${String(then)}`);
}

const wrong = (what: string): SchedlabError => new SchedlabError('ERR_OPTION_RANGE', `${what}.`);
