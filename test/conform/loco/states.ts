// A frozen state of LOCO and one decision about it: score, grant. Also tuner and config.
import { resolveAlpha } from '../../../src/loco/alpha.ts';
import { makeTask, type LocoLease } from '../../../src/loco/leases.ts';
import { LocoScheduler } from '../../../src/loco/scheduler.ts';
import { LocoState } from '../../../src/loco/state.ts';
import { AlphaTuner } from '../../../src/loco/tuner.ts';
import { Differences } from '../differences.ts';
import { ManualClock } from '../manual-clock.ts';
import { arrayOf, fields, oneOf, orNull, recordOf, type Shape } from '../shape.ts';
import type { LineKind } from '../suite.ts';

interface Task { readonly id: string; readonly weight: number; readonly age: number }
interface Agent { readonly id: string; readonly tasks: readonly Task[] }
const AGENTS: Shape = arrayOf(fields({ id: 'text', tasks: arrayOf(fields({ id: 'text', weight: 'number', age: 'number' })) }));

/** LOCO's state as a vector tells it; agents and tasks are numbered in its order. */
function stateOf(agents: readonly Agent[]): { readonly state: LocoState; readonly tasks: readonly Task[] } {
  const state = new LocoState(), tasks: Task[] = [];
  for (const agent of agents) {
    const number = state.register();
    for (const task of agent.tasks) { state.enqueue(tasks.length, number, task.weight, task.age); tasks.push(task); }
  }
  return { state, tasks };
}

function scoresOf(state: LocoState, agents: readonly Agent[], alpha: number): Record<string, number> {
  const worked = agents.map((agent, i) => [agent.id, i] as const).filter(([, i]) => state.oldestTask(i) >= 0);
  return Object.fromEntries(worked.map(([id, i]) => [id, state.score(i, alpha)]));
}

/** All winners must be acceptable, and nobody wins only where nobody is acceptable. */
function compareWinners(d: Differences, state: LocoState, agents: readonly Agent[], alpha: number, accepted: readonly string[]): void {
  const tied = state.ask(alpha);
  d.exact('whether somebody wins', tied > 0, accepted.length > 0);
  for (let rank = 0; rank < tied; rank++) d.oneOf('winner', agents[state.winner(rank)].id, accepted);
}

interface ScoreVector {
  readonly alpha?: number; readonly optimizeFor?: string; readonly agents: readonly Agent[];
  readonly expect: { readonly backlog: Record<string, number>; readonly oldestAge: Record<string, number>; readonly scores: Record<string, number>; readonly winners: readonly string[]; readonly served: Record<string, string> };
}

export const score: LineKind<ScoreVector> = {
  shape: fields({
    'alpha?': 'number', 'optimizeFor?': 'text', agents: AGENTS,
    expect: fields({ backlog: recordOf('number'), oldestAge: recordOf('number'), scores: recordOf('number'), winners: arrayOf('text'), served: recordOf('text') }),
  }),
  check(vector) {
    const d = new Differences(), alpha = resolveAlpha(vector), { agents, expect } = vector;
    const { state, tasks } = stateOf(agents);
    d.closeRecord('backlog', Object.fromEntries(agents.map((a, i) => [a.id, state.backlog(i)])), expect.backlog);
    d.exact('oldestAge', Object.fromEntries(agents.map((a, i) => [a.id, state.age(i)])), expect.oldestAge);
    d.closeRecord('scores', scoresOf(state, agents, alpha), expect.scores);
    agents.forEach((_agent, i) => { if (state.oldestTask(i) >= 0) state.wait(i, i); });
    compareWinners(d, state, agents, alpha, expect.winners);
    for (const [agent, task] of Object.entries(expect.served)) {
      const number = agents.findIndex((a) => a.id === agent);
      d.exact(`served of ${agent}`, tasks[state.oldestTask(number)]?.id, task);
    }
    return d.found;
  },
};

interface GrantVector {
  readonly alpha: number; readonly capacity: number; readonly holders: readonly string[]; readonly agents: readonly Agent[];
  readonly waiting: readonly { readonly call: string; readonly agent: string }[]; readonly release: string;
  readonly expect: { readonly tick: number; readonly agesAfter: Record<string, number>; readonly scores: Record<string, number>; readonly winners: readonly string[]; readonly grantedCall: Record<string, string>; readonly granted: number; readonly stillWaiting: number };
}

export const grant: LineKind<GrantVector> = {
  shape: fields({
    alpha: 'number', capacity: 'number', holders: arrayOf('text'), agents: AGENTS, waiting: arrayOf(fields({ call: 'text', agent: 'text' })), release: 'text',
    expect: fields({ tick: 'number', agesAfter: recordOf('number'), scores: recordOf('number'), winners: arrayOf('text'), grantedCall: recordOf('text'), granted: 'number', stillWaiting: 'number' }),
  }),
  async check(vector) {
    const d = new Differences();
    decideInState(vector, d);
    await decideInScheduler(vector, d);
    return d.found;
  },
};

function decideInState({ alpha, agents, waiting, expect }: GrantVector, d: Differences): void {
  const { state, tasks } = stateOf(agents);
  waiting.forEach(({ agent }, i) => { state.wait(i, agents.findIndex((a) => a.id === agent)); });
  state.tick();
  d.exact('agesAfter', Object.fromEntries(tasks.map((task, i) => [task.id, state.now - state.tasks.since[i]])), expect.agesAfter);
  d.closeRecord('scores', scoresOf(state, agents, alpha), expect.scores);
  compareWinners(d, state, agents, alpha, expect.winners);
}

async function decideInScheduler(vector: GrantVector, d: Differences): Promise<void> {
  const clock = new ManualClock(), granted: string[] = [], leases = new Map<string, LocoLease>();
  const scheduler = new LocoScheduler({ capacity: vector.capacity, alpha: vector.alpha, guard: false, clock });
  for (const agent of vector.agents) scheduler.registerAgent(agent.id);
  for (const holder of vector.holders) {
    if (!scheduler.agents.includes(holder)) scheduler.registerAgent(holder);
    void scheduler.acquireStart(holder).then((lease) => leases.set(holder, lease));
    await clock.settled();
  }
  for (const agent of vector.agents) for (const task of agent.tasks) scheduler.submit(agent.id, { id: task.id, weight: task.weight, ageTicks: task.age });
  await clock.settled();
  const winnerOf = new Map<string, string>();
  for (const { call, agent } of vector.waiting) {
    void scheduler.acquireStart(agent).then(() => { granted.push(call); winnerOf.set(call, agent); });
    await clock.settled();
  }
  leases.get(vector.release)?.release();
  await clock.settled();
  const { expect } = vector;
  d.exact('tick', scheduler.tick, expect.tick);
  d.exact('granted', granted.length, expect.granted);
  d.exact('stillWaiting', scheduler.waiters, expect.stillWaiting);
  for (const call of granted) {
    d.oneOf('agent granted', winnerOf.get(call), expect.winners);
    d.exact('call granted', call, expect.grantedCall[winnerOf.get(call) ?? '']);
  }
}

interface TunerVector {
  readonly startAlpha: number; readonly step: number; readonly min: number; readonly max: number; readonly cvThreshold: number; readonly window: number;
  readonly updates: readonly { readonly agents: readonly Agent[]; readonly alpha: number }[]; readonly expect: { readonly alpha: number; readonly changes: number };
}

export const tuner: LineKind<TunerVector> = {
  shape: fields({
    startAlpha: 'number', step: 'number', min: 'number', max: 'number', cvThreshold: 'number', window: 'number',
    updates: arrayOf(fields({ agents: arrayOf(fields({ id: 'text', tasks: arrayOf(fields({ weight: 'number', age: 'number' })) })), alpha: 'number' })),
    expect: fields({ alpha: 'number', changes: 'number' }),
  }),
  check(vector) {
    const d = new Differences();
    const under = new AlphaTuner({ alpha: vector.startAlpha, step: vector.step, min: vector.min, max: vector.max, cvThreshold: vector.cvThreshold, window: vector.window });
    let changes = 0;
    vector.updates.forEach((update, i) => {
      const { state } = stateOf(update.agents), before = under.alpha;
      d.close(`alpha after update ${i}`, under.update(state.ageVariation(), state.tasks.totalBacklog), update.alpha);
      if (under.alpha !== before) changes++;
    });
    d.close('alpha', under.alpha, vector.expect.alpha);
    d.exact('changes', changes, vector.expect.changes);
    return d.found;
  },
};

interface ConfigVector { readonly options?: { readonly alpha?: number; readonly optimizeFor?: string }; readonly taskWeight?: number | null; readonly fault?: number; readonly expect: number | 'ok' | 'error' }

/** A vector that carries the number of a fault records the fault; right is the opposite: weights from 0 are accepted. */
export const config: LineKind<ConfigVector> = {
  shape: fields({ 'options?': fields({ 'alpha?': 'any', 'optimizeFor?': 'any' }), 'taskWeight?': orNull('number'), 'fault?': oneOf(13), expect: 'any' }),
  check(vector) {
    const d = new Differences();
    let got: number | 'ok' | 'error';
    try {
      got = vector.options === undefined ? 'ok' : new LocoScheduler({ ...vector.options, clock: new ManualClock() }).alpha;
      if (vector.taskWeight !== undefined) makeTask('a', { weight: vector.taskWeight ?? NaN }, () => 't');
    } catch { got = 'error'; }
    const expected = vector.fault === 13 ? 'ok' : vector.expect;
    if (typeof expected === 'number' && typeof got === 'number') d.close('alpha', got, expected);
    else d.exact('outcome', got, expected);
    return d.found;
  },
};
