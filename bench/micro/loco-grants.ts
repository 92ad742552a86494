// Grants per second of the LOCO policy against the number of waiting agents. Every state is checked against a full scan before it is timed.
import { CallTable } from '../../src/dispatch/calls.ts';
import { LocoPolicy } from '../../src/loco/policy.ts';
import { loadScore } from '../../src/loco/rule.ts';
import { LocoState } from '../../src/loco/state.ts';
import type { Admits } from '../../src/policies/policy.ts';
import { seededRandom } from '../../src/random.ts';

export interface BenchRow { readonly task: string; readonly perSecond: number; readonly unit: string; readonly note: string }

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
const OPEN: Admits = { open: Uint8Array.of(1), version: 1 };

/** One grant: the best call is found and granted, ends, and its agent comes back. Returns the agent. */
type Step = () => number;

/** The policy told of every event: one call an agent, back at once with the same weight or a new one. */
function policyStep(agents: number, isRandom: boolean): { step: Step; state: LocoState } {
  const calls = new CallTable(agents), random = seededRandom(`loco-grants/${agents}`);
  const policy = new LocoPolicy(calls, { alpha: ALPHA, guardWindow: 100, autoTune: false, draw: seededRandom('ties'), ageUnit: 'ticks' });
  const weigh = (): number => (isRandom ? random() * 20 : 1);
  for (let i = 0; i < agents; i++) {
    const call = calls.allocate(i, 0, i);
    calls.weight[call] = weigh();
    policy.arrive(call, 0);
    if (isRandom) policy.state.now += Math.floor(random() * 3);
  }
  const step = (): number => {
    const call = policy.first(OPEN, 0);
    policy.grant(call, 0);
    policy.finish(call, true, 0);
    calls.weight[call] = weigh();
    policy.arrive(call, 0);
    return calls.agent[call];
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

/** Throws unless the index finds the highest score that a scan finds, and as many agents with it. */
function check(state: LocoState, alpha: number, task: string): void {
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
    ['one task each', 'policy, guard on', (n) => policyStep(n, false)],
    ['random weights and ages', 'policy, guard on', (n) => policyStep(n, true)],
    ['random weights and ages', 'state and index alone, both redrawn at each grant', stateStep],
  ];
  for (const [kind, note, make] of kinds) {
    if (!`${kind}, ${note}`.includes(only)) continue;
    for (const n of agents) {
      const task = `loco grants, ${n} waiting agents, ${kind}`, { step, state } = make(n);
      for (let i = 0; i < 20; i++) { check(state, ALPHA, task); step(); }
      for (const until = nowMs() + rowMs / 2; nowMs() < until;) for (let i = 0; i < 1_000; i++) step();
      let best = 0;
      for (let window = 0; window < WINDOWS; window++) {
        const start = nowMs();
        let grants = 0, spent = 0;
        while (spent < rowMs / WINDOWS) { for (let i = 0; i < 1_000; i++) step(); grants += 1_000; spent = nowMs() - start; }
        best = Math.max(best, grants / spent * 1000);
      }
      check(state, ALPHA, task);
      rows.push({ task, perSecond: best, unit: 'grants/s', note });
      await Promise.resolve();
    }
  }
  return rows;
}
