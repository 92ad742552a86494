// One service a tick, straight on a policy: arrivals join, the first is granted, and it ends at once, which is the tick. For tests.
import { CallTable, type CallView } from '../../src/dispatch/calls.ts';
import type { Admits, Policy } from '../../src/policies/policy.ts';
import { seededRandom } from '../../src/random.ts';

export interface SyncArrival { readonly agent: number; readonly weight: number; /** Whatever the caller calls it. */ readonly name?: string }
export interface SyncStep { readonly agent: number; readonly name: string | undefined; /** Ticks waited. */ readonly age: number }

export interface SyncResult {
  /** One a tick; undefined where nobody waited. */
  readonly steps: readonly (SyncStep | undefined)[];
  readonly arrived: readonly number[];
  readonly completed: readonly number[];
  /** Tick of the first service by agent; the number of ticks where it never came. */
  readonly firstServed: readonly number[];
  readonly waitSum: readonly number[];
  readonly remaining: number;
  readonly starved: number;
  /** Jain index over completions, agents without one included. */
  readonly jain: number;
}

const ANYWHERE: Admits = { open: Uint8Array.of(1), version: 1 };

export function runSync(agents: number, ticks: number, arrivalsAt: (tick: number) => readonly SyncArrival[], create: (calls: CallView) => Policy): SyncResult {
  const calls = new CallTable(), policy = create(calls), zeros = (): number[] => new Array<number>(agents).fill(0);
  const steps: (SyncStep | undefined)[] = [], arrived = zeros(), completed = zeros(), waitSum = zeros(), firstServed = zeros().fill(ticks);
  const born = new Map<number, { tick: number; name: string | undefined }>();
  for (let tick = 0, ordinal = 0; tick < ticks; tick++) {
    for (const { agent, weight, name } of arrivalsAt(tick)) {
      const call = calls.allocate(0, ordinal++, agent);
      calls.weight[call] = weight;
      born.set(call, { tick, name });
      arrived[agent]++;
      policy.arrive(call, tick);
    }
    const call = policy.first(ANYWHERE, tick);
    if (call < 0) { steps.push(undefined); continue; }
    const agent = calls.agent[call], { tick: from, name } = born.get(call)!;
    policy.grant(call, tick);
    policy.finish(call, true, tick + 1);
    born.delete(call);
    calls.release(call);
    steps.push({ agent, name, age: tick - from });
    waitSum[agent] += tick - from;
    if (completed[agent]++ === 0) firstServed[agent] = tick;
  }
  const sum = completed.reduce((a, b) => a + b, 0), squares = completed.reduce((a, b) => a + b * b, 0);
  return { steps, arrived, completed, firstServed, waitSum, remaining: policy.waiting, starved: completed.filter((n) => n === 0).length, jain: squares === 0 ? 1 : sum * sum / (agents * squares) };
}

/** Poisson arrivals of weight 1, one stream an agent, so that every policy sees the same ones. */
export function poissonArrivals(rates: readonly number[], ticks: number, seed: string): readonly (readonly SyncArrival[])[] {
  const streams = rates.map((_, agent) => seededRandom(`${seed}/${agent}`));
  return Array.from({ length: ticks }, () => rates.flatMap((rate, agent) => Array.from({ length: poisson(streams[agent](), rate) }, () => ({ agent, weight: 1 }))));
}

function poisson(u: number, mean: number): number {
  let n = 0, p = Math.exp(-mean);
  for (let sum = p; u > sum && n < 100; sum += p) p *= mean / ++n;
  return n;
}
