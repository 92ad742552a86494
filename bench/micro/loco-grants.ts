// Grants per second under LOCO, through the dispatcher core, against the number of waiting agents. Every state is checked against a full scan before it is timed.
import { leastLoaded } from '../../src/balancers/least-loaded.ts';
import { CallTable } from '../../src/dispatch/calls.ts';
import { DispatchCore } from '../../src/dispatch/core.ts';
import { SILENT } from '../../src/dispatch/create.ts';
import { LocoPolicy } from '../../src/loco/policy.ts';
import { loadScore } from '../../src/loco/rule.ts';
import { LocoState } from '../../src/loco/state.ts';
import { seededRandom } from '../../src/random.ts';
import type { BenchRow } from '../row.ts';


export interface LocoGrantOptions {
  readonly agents?: readonly number[];
  /** Time given to each row. */
  readonly rowMs?: number;
  /** CPU or wall time in ms; default process CPU time, so that a busy neighbour does not count. */
  readonly nowMs?: () => number;
  /** Only rows whose kind and note contain this. */
  readonly only?: string;
}

/** Each row is the best of this many windows: the machine's other work can only slow one down. */
const WINDOWS = 3;
const ALPHA = 0.25;

/** One grant. Returns the agent that was granted. */
type Step = () => number;

/**
 * The whole way through the dispatcher core, one engine with one place: the running call completes, its agent submits the
 * next at the same instant, the round is decided. One call an agent; always of weight 1, or of a new random weight each time, with ages spread at the start.
 */
function coreStep(agents: number, isRandom: boolean): { step: Step; state: LocoState } {
  const calls = new CallTable(agents + 2), random = seededRandom(`loco-grants/${agents}`);
  const policy = new LocoPolicy(calls, { alpha: ALPHA, guardWindow: 100, autoTune: false, draw: seededRandom('ties'), ageUnit: 'ticks' });
  const core = new DispatchCore({
    calls, dispatch: 'late', windows: [1], maxWaiters: Infinity, lifecycle: SILENT, createPolicy: () => policy,
    balancer: leastLoaded.create({ calls, random: seededRandom('balancer'), options: {} }),
  });
  let ordinal = 0, nowUs = 0;
  const submit = (agent: number): number => {
    const call = calls.allocate(agent, ordinal++ % 1000, agent);
    calls.weight[call] = isRandom ? random() * 20 : 1;
    core.submit(call, nowUs);
    return call;
  };
  let running = submit(agents);
  core.flush(nowUs);
  for (let i = 0; i < agents; i++) {
    submit(i);
    core.flush(nowUs);
    if (isRandom) policy.state.now += Math.floor(random() * 3);
  }
  const step = (): number => {
    nowUs++;
    const agent = calls.agent[running];
    core.complete(running, 0, 0);
    submit(agent);
    core.flush(nowUs);
    running = core.commands.call[0];
    return calls.agent[running];
  };
  return { step, state: policy.state };
}

/** State and index alone, weight and age drawn anew at each grant. */
function stateStep(agents: number): { step: Step; state: LocoState } {
  const state = new LocoState(), random = seededRandom(`loco-state/${agents}`), draw = seededRandom('ties');
  state.reserve(agents);
  state.now = 1000;
  const add = (i: number): void => { state.enqueue(i, i, random() * 20, Math.floor(random() * 1000)); };
  for (let i = 0; i < agents; i++) { add(i); state.wait(i, i); }
  const step = (): number => {
    const agent = state.choose(ALPHA, null, draw);
    state.dequeue(agent);
    add(agent);
    return agent;
  };
  return { step, state };
}

/** Throws unless as many agents wait as are said to, and the index finds the highest score that a scan finds, and as many agents with it. */
function check(state: LocoState, alpha: number, waiting: number, task: string): void {
  if (state.waiters.count !== waiting) throw new Error(`${task}: ${state.waiters.count} agents wait`);
  let maxBacklog = 0, maxAge = 0, best = -Infinity, tied = 0;
  for (let i = 0; i < state.agents; i++) { maxBacklog = Math.max(maxBacklog, state.backlog(i)); maxAge = Math.max(maxAge, state.age(i)); }
  for (let i = 0; i < state.agents; i++) {
    const score = loadScore(alpha, state.backlog(i), maxBacklog, state.age(i), maxAge);
    if (score > best) { best = score; tied = 0; }
    if (score === best) tied++;
  }
  const found = state.ask(alpha);
  if (found !== tied || state.topScore !== best) throw new Error(`${task}: the index finds ${found} agents at ${state.topScore}, a scan ${tied} at ${best}`);
}

function cpuMs(): number { const { user, system } = process.cpuUsage(); return (user + system) / 1000; }

export async function locoGrants(options: LocoGrantOptions = {}): Promise<BenchRow[]> {
  const { agents = [8, 100, 1_000, 10_000, 100_000], rowMs = 400, nowMs = cpuMs, only = '' } = options;
  const rows: BenchRow[] = [];
  const kinds: readonly [string, string, (n: number) => { step: Step; state: LocoState }][] = [
    ['one task each', 'through the core, guard on', (n) => coreStep(n, false)],
    ['random weights and ages', 'through the core, guard on', (n) => coreStep(n, true)],
    ['random weights and ages', 'state and index alone, both redrawn at each grant', stateStep],
  ];
  for (const [kind, note, make] of kinds) {
    if (!`${kind}, ${note}`.includes(only)) continue;
    for (const n of agents) {
      const task = `loco grants, ${n} waiting agents, ${kind}`, { step, state } = make(n);
      for (let i = 0; i < 20; i++) { check(state, ALPHA, n, task); step(); }
      for (const until = nowMs() + rowMs / 2; nowMs() < until;) for (let i = 0; i < 1_000; i++) step();
      let best = 0;
      for (let window = 0; window < WINDOWS; window++) {
        const start = nowMs();
        let grants = 0, spent = 0;
        while (spent < rowMs / WINDOWS) { for (let i = 0; i < 1_000; i++) step(); grants += 1_000; spent = nowMs() - start; }
        best = Math.max(best, grants / spent * 1000);
      }
      check(state, ALPHA, n, task);
      rows.push({ task, perSecond: best, unit: 'grants/s', note });
      await Promise.resolve();
    }
  }
  return rows;
}
