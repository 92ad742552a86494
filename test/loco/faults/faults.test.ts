// The recorded faults of the published scheduler, each played against ours: what is right must be what happens.
import { describe, expect, test } from 'vitest';
import { SchedlabError } from '../../../src/errors.ts';
import { BODY_ERROR, FaultRun, faultVectors, hasFaultVectors, HOOK_ERROR, type FaultVector } from './script.ts';

/** What the vectors call an outcome, and what it is here. */
const OUTCOMES: Readonly<Record<string, string>> = {
  granted: 'granted',
  'granted (no other claimant for the free slot)': 'granted',
  'granted (at the latest when its task was submitted)': 'granted',
  'still waiting': 'still waiting',
  'refused: shutdown': 'ERR_SHUTDOWN',
  'refused: budget': 'ERR_BUDGET',
  timeout: 'ERR_TIMEOUT',
  TimeoutError: 'ERR_TIMEOUT',
  BackpressureError: 'ERR_BACKPRESSURE',
  'error: unknown agent': 'ERR_AGENT_UNKNOWN',
  'error propagates': HOOK_ERROR.message,
};

function outcome(right: unknown): string {
  expect(OUTCOMES, `a name for the outcome ${String(right)}`).toHaveProperty([String(right)]);
  return OUTCOMES[String(right)];
}

function submitAfter(run: FaultRun): string {
  try { run.scheduler.submit('a'); return 'accepted'; } catch (error) { return error instanceof SchedlabError && error.code === 'ERR_SHUTDOWN' ? 'refused' : String(error); }
}

/** How each key of `right` is read from a run. A call's name reads its outcome. */
const READERS: Readonly<Record<string, (run: FaultRun, right: unknown) => readonly [got: unknown, expected: unknown]>> = {
  waiterB: (run, right) => [run.outcome('b1'), outcome(right)],
  afterRelease: (run, right) => [run.outcomeAfterRelease, outcome(right)],
  tick: (run, right) => [run.scheduler.tick, right],
  holders: (run, right) => [run.scheduler.holders, right],
  waiters: (run, right) => (typeof right === 'number'
    ? [run.scheduler.waiters, right]
    : [Object.fromEntries(Object.keys(right as object).map((call) => [call, run.outcome(call)])), Object.fromEntries(Object.entries(right as object).map(([call, is]) => [call, outcome(is)]))]),
  freeSlots: (run, right) => [run.scheduler.capacity - run.scheduler.holders, right],
  errorPropagates: (run, right) => [[...run.calls.values()].some((call) => call.error === BODY_ERROR), right],
  entered: (run, right) => (typeof right === 'number' ? [run.enteredAtShutdown, right] : [run.entered, right]),
  enteredWhileFull: (run, right) => [run.enteredWhileFull, right],
  cancelledWaiters: (run, right) => [run.shutdown?.cancelledWaiters, right],
  activeHolders: (run, right) => [run.shutdown?.activeHolders, right],
  submitAfter: (run, right) => [submitAfter(run), right],
  queuedWeightOfA: (run, right) => [run.scheduler.queueDepth('a'), right],
  queuedWeightOfC: (run, right) => [run.scheduler.queueDepth('c'), right],
  ageOfBsTask: (run, right) => [run.scheduler.oldestAgeTicks('b'), right],
  ageOfCsTask: (run, right) => [run.scheduler.oldestAgeTicks('c'), right],
  costOfA: (run, right) => [run.scheduler.agentMetrics('a').cost, right],
  spent: (run, right) => [run.scheduler.budget?.spent('a'), right],
  started: (run, right) => [run.started, right],
  dequeued: (run, right) => [run.calls.get('c0')?.lease?.task?.id, right],
  second: (run, right) => [run.calls.get('b')?.done === true ? 'done' : 'waiting', right],
};

async function play(vector: FaultVector): Promise<void> {
  const run = await FaultRun.of(vector);
  for (const [key, right] of Object.entries(vector.right)) {
    if (key === 'note') continue;
    const read = READERS[key] ?? ((r: FaultRun, is: unknown) => [r.outcome(key), outcome(is)] as const);
    const [got, expected] = read(run, right);
    expect(got, `${vector.id}: ${key}`).toEqual(expected);
  }
}

const absent = hasFaultVectors ? '' : ' (skipped: the shared vectors are absent)';

describe.skipIf(!hasFaultVectors)(`what the published scheduler gets wrong${absent}`, () => {
  test.each(faultVectors.map((vector) => [vector.fault, vector.title, vector] as const))('fault %i: %s', (_fault, _title, vector) => play(vector));

  test('every fault that can be scripted has a vector', () => {
    expect([...new Set(faultVectors.map((vector) => vector.fault))].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]);
  });
});
