// Events per CPU second of the whole model, M/M/8 at load 0.8: both shells, with recorder and digest, beside a bare loop on the same queue and sampler.
// An event is an arrival or a departure. The mean waits of all three must agree before anything counts.
import { BALANCERS, POLICIES } from '../../src/index.ts';
import { EventQueue } from '../../sim/kernel/event-queue.ts';
import { parseDistribution } from '../../sim/random/parse.ts';
import { Streams } from '../../sim/random/streams.ts';
import { OpenArrivals } from '../../sim/workload/open-arrivals.ts';
import { ProgramDraft } from '../../sim/workload/workload.ts';
import type { Model } from '../../sim/scenario.ts';
import { runReplication } from '../../sim/worlds/virtual.ts';
import { inlineUpTo } from '../../sim/experiment/machine.ts';
import type { BenchRow } from '../row.ts';

export interface Mm8Options {
  /** Customers of a run through the event shell and the bare loop; of one through the promise shell. */
  readonly calls?: number;
  readonly promiseCalls?: number;
  /** Runs of each kind, in turns; the best counts. */
  readonly rounds?: number;
}

const SERVERS = 8, LOAD = 0.8, SEED = 'mm8', US_PER_S = 1e6;
/** Erlang's C for 8 servers at load 0.8, over 8 − 6.4: the mean wait in services. */
const THEORY_S = 0.286;

const cpuS = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / US_PER_S; };

const exponential = parseDistribution('exponential', 1);
const customers = (streams: Streams, calls: number): OpenArrivals => new OpenArrivals(streams, { calls, gapS: 1 / (SERVERS * LOAD), gap: exponential, service: exponential });

/** As the scenario `queueing` sets it up: one central queue, first come, first served. */
const modelOf = (calls: number): Model => ({
  engines: { kind: 'slots', count: 1, slots: SERVERS, discipline: 'nonpreemptive' }, dispatch: 'late', place: 'gate', window: SERVERS, maxWaiters: Infinity,
  policy: POLICIES['fcfs'], policyOptions: {}, balancer: BALANCERS['round-robin'], balancerOptions: {},
  endUs: Infinity, tickUs: 0, study: 'steady', agents: [{ name: 'everybody', class: 'all' }], classes: ['all'],
  workload: (streams) => customers(streams, calls),
});

/** Nothing but the event queue, the sampler and a ring of waiting customers. Answers the mean wait in seconds. */
function bare(calls: number): number {
  const arrivals = customers(new Streams(SEED), calls);
  const queue = new EventQueue(), draft = new ProgramDraft(), arrivedUs = new Float64Array(1 << 16), serviceUs = new Float64Array(1 << 16), mask = (1 << 16) - 1;
  let head = 0, tail = 0, busy = 0, waitUs = 0, isMore = arrivals.next(draft);
  if (isMore) queue.push(draft.arrivalUs, 0);
  while (queue.size > 0) {
    const kind = queue.pop(), nowUs = queue.timeUs;
    if (kind === 0) {
      arrivedUs[tail & mask] = nowUs;
      serviceUs[tail++ & mask] = draft.serviceUs[0];
      isMore = arrivals.next(draft);
      if (isMore) queue.push(draft.arrivalUs, 0);
    } else busy--;
    if (busy < SERVERS && head < tail) {
      busy++;
      waitUs += nowUs - arrivedUs[head & mask];
      queue.push(nowUs + serviceUs[head++ & mask], 1);
    }
  }
  return waitUs / calls / US_PER_S;
}

async function through(shell: 'event' | 'promise', calls: number): Promise<number> {
  const { metrics, events } = await runReplication(modelOf(calls), { seed: SEED, replication: 0, shell, params: {}, cell: 'mm8' });
  if (events !== 3 * calls) throw new Error(`${shell} shell: ${events} lifecycle events of ${calls} calls, due were ${3 * calls}`);
  return metrics['wait.mean']!;
}

/** Events per CPU second: the best of some rounds in which all kinds take turns. */
export async function mm8(options: Mm8Options = {}): Promise<BenchRow[]> {
  const { calls = 1_000_000, promiseCalls = 300_000, rounds = 3 } = options;
  // As every run of the laboratory does.
  inlineUpTo(2500);
  const kinds = [
    { task: 'M/M/8, bare loop', calls, run: (n: number) => bare(n), note: 'same queue, same sampler; no dispatcher, recorder or digest' },
    { task: 'M/M/8, event shell', calls, run: (n: number) => through('event', n), note: 'recorder and digest on' },
    { task: 'M/M/8, promise shell', calls: promiseCalls, run: (n: number) => through('promise', n), note: 'recorder and digest on' },
  ];
  const best = kinds.map(() => 0), truth = bare(20_000);
  // The promise shell comes last and alone: what it makes of the compiler's guesses must not slow the others.
  for (const turn of [kinds.slice(0, 2), kinds.slice(2)]) {
    for (const { task, run } of turn) { const wait = await run(20_000); if (Math.abs(wait - truth) > 1e-9) throw new Error(`${task}: mean wait ${wait} s, the bare loop has ${truth} s`); }
    for (let round = 0; round < rounds; round++) {
      for (const { task, calls: n, run } of turn) {
        (globalThis as { gc?: () => void }).gc?.();
        const start = cpuS(), wait = await run(n), spent = cpuS() - start, kind = kinds.findIndex((one) => one.task === task);
        if (n >= 1_000_000 && Math.abs(wait / THEORY_S - 1) > 0.1) throw new Error(`${task}: mean wait ${wait} s, theory ${THEORY_S} s`);
        best[kind] = Math.max(best[kind], (2 * n) / spent);
      }
    }
  }
  return kinds.map(({ task, calls: n, note }, i) => ({ task: `${task}, ${n} customers`, perSecond: best[i], unit: 'events/CPU s', note: i === 0 ? note : `${note}; ${(best[i] / best[0]).toFixed(2)} × bare` }));
}
