// What a decision costs: one call arrives, one is asked for, granted and ends, under every policy of the registry, against the number of calls that wait.
import { CALL_RUNNING, CALL_WAITING, CallTable, type CallSlot } from '../../src/dispatch/calls.ts';
import { resolveOptions } from '../../src/options.ts';
import type { DecisionCost, Policy, PolicyDefinition } from '../../src/policies/policy.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { seededRandom } from '../../src/random.ts';
import type { BenchRow } from '../row.ts';

export interface DecisionOptions {
  readonly waiting?: readonly number[];
  /** Time given to each row. */
  readonly rowMs?: number;
  /** CPU or wall time in ms; default process CPU time, so that a busy neighbour does not count. */
  readonly nowMs?: () => number;
  /** Policies whose names contain this. */
  readonly only?: string;
}

/** Each row is the best of this many windows: the machine's other work can only slow one down. */
const WINDOWS = 3;
const ENGINES = 4, RUNNING = 16, FILL = 10, LIMIT_US = 5;
/** A prime, so that the programs of an agent are not all pinned alike. */
const PINS = 8191;
/** Classes that are held against the limit. */
const CHEAP: readonly (DecisionCost | undefined)[] = ['O(1)', 'O(log n)'];

interface Rig { readonly cycle: () => void; readonly check: (task: string) => void }

function fail(task: string, what: string): never { throw new Error(`${task}: ${what}`); }

/**
 * Programs of one to nine calls, one after another; ten programs an agent; a fourth of the programs pinned to one of four engines, of which one has room at a time. Prompts grow
 * with their programs, half of each is cached. Every fourth cycle a call runs for a while and loses its place, so that some that wait have been served.
 */
export function decisionRig(definition: PolicyDefinition, waiting: number): Rig {
  const calls = new CallTable(waiting + RUNNING + 2), random = seededRandom(`decisions/${waiting}`), agents = Math.max(2, Math.ceil(waiting / 10));
  const slots = calls.capacity, output = new Float64Array(slots), total = new Float64Array(slots), left = new Int32Array(slots), had = new Float64Array(slots);
  const policy: Policy = definition.create({
    calls, random: seededRandom('policy'), options: resolveOptions(definition.params, {}, definition.name),
    knowledge: { level: 'oracle', outputTokens: (call) => output[call], programTokens: (call) => total[call], toolUs: () => NaN, cachedTokens: (call) => calls.promptTokens[call] >> 1, cachedAgeUs: () => 0 },
  });
  const admits = { open: new Uint8Array(ENGINES + 1), version: 0 }, running = new Int32Array(RUNNING);
  const pins = Int32Array.from({ length: PINS }, () => Math.floor(4 * ENGINES * random()));
  let nowUs = 0, programs = 0, cycles = 0;

  const arrive = (program: number, ordinal: number, following: number, tokens: number): void => {
    const call = calls.allocate(program, ordinal, program % agents), pin = pins[program % PINS];
    calls.pin[call] = pin < ENGINES ? pin : -1;
    calls.callClass[call] = program % 3;
    calls.weight[call] = 1 + program % 5;
    calls.promptTokens[call] = 100 * (ordinal + 1) + Math.floor(random() * 1000);
    calls.arrivedUs[call] = nowUs;
    calls.state[call] = CALL_WAITING;
    output[call] = 1 + Math.floor(random() * 500); total[call] = tokens; left[call] = following; had[call] = 0;
    policy.arrive(call, nowUs);
  };
  const start = (): void => { const following = Math.floor(random() * 9); arrive(programs++, 0, following, 250 * (following + 1)); };
  const grant = (): CallSlot => {
    const engine = cycles % ENGINES;
    admits.open.fill(0); admits.open[0] = 1; admits.open[engine + 1] = 1; admits.version++;
    const call = policy.first(admits, nowUs);
    if (call < 0) return call;
    calls.engine[call] = engine; calls.state[call] = CALL_RUNNING; calls.grantedUs[call] = nowUs;
    policy.grant(call, nowUs);
    return call;
  };
  const end = (call: CallSlot): void => {
    const program = calls.program[call], ordinal = calls.ordinal[call], following = left[call], tokens = total[call];
    calls.outputTokens[call] = output[call];
    policy.finish(call, true, nowUs);
    if (following === 0) policy.programEnd?.(program, nowUs);
    calls.release(call);
    if (following > 0) arrive(program, ordinal + 1, following - 1, tokens); else start();
  };
  /** A call runs for a part of its tokens, and waits again. */
  const lose = (): void => {
    const call = grant(), tokens = call < 0 ? 0 : Math.floor((output[call] - had[call]) / 2);
    if (call < 0) return;
    nowUs += 100;
    if (tokens > 0) { had[call] += tokens; policy.progress?.(call, tokens, nowUs); }
    calls.state[call] = CALL_WAITING; calls.engine[call] = -1;
    policy.preempt?.(call, nowUs);
  };
  const cycle = (): void => {
    nowUs += 1000;
    const at = cycles++ % RUNNING, call = running[at];
    if (call >= 0) end(call); else start();
    if (policy.preempt !== undefined && cycles % 4 === 0) lose();
    running[at] = grant();
  };

  running.fill(-1);
  // Calls end while the queue fills, so that waits differ where time is counted in ends.
  for (let i = 0; i < waiting; i++) { nowUs += 10; start(); if (i % FILL === 0) cycle(); }
  for (let i = 0; i < 2 * RUNNING; i++) cycle();

  const open = new Uint8Array(ENGINES + 1).fill(1);
  const check = (task: string): void => {
    for (let i = 0; i < 8; i++) {
      cycle();
      const all = { open, version: ++admits.version }, answer = policy.first(all, nowUs), again = policy.first(all, nowUs);
      let shown = -1;
      policy.walk((call) => { if (calls.state[call] === CALL_WAITING) shown = call; return shown < 0; }, nowUs);
      const busy = running.filter((call) => call >= 0), expected = calls.open - busy.length;
      if (answer !== again || answer !== shown || answer < 0) fail(task, `asked twice and walked, the answers are ${answer}, ${again} and ${shown}`);
      if (policy.waiting !== expected) fail(task, `${policy.waiting} calls wait of ${expected}`);
      if (busy.some((call) => calls.state[call] !== CALL_RUNNING)) fail(task, 'a call was granted that does not wait');
    }
  };
  return { cycle, check };
}

function cpuMs(): number { const { user, system } = process.cpuUsage(); return (user + system) / 1000; }

/** The best of the windows, in µs a cycle. */
function timed(cycle: () => void, rowMs: number, nowMs: () => number): number {
  const repeat = (count: number): void => { for (let i = 0; i < count; i++) cycle(); };
  let batch = 1, spent = 0;
  for (const start = nowMs(); spent < rowMs / 2; spent = nowMs() - start) { const before = nowMs(); repeat(batch); if (nowMs() - before < rowMs / 100) batch *= 2; }
  let best = Infinity;
  for (let window = 0; window < WINDOWS; window++) {
    const start = nowMs();
    let done = 0;
    do { repeat(batch); done += batch; spent = nowMs() - start; } while (spent < rowMs / WINDOWS);
    best = Math.min(best, (spent * 1000) / done);
  }
  return best;
}

export async function decisionCosts(options: DecisionOptions = {}): Promise<BenchRow[]> {
  const { waiting = [10, 1_000, 100_000], rowMs = 400, nowMs = cpuMs, only = '' } = options, rows: BenchRow[] = [];
  for (const definition of Object.values(POLICIES)) {
    if (!definition.name.includes(only)) continue;
    let least = 0, before = 0;
    for (const n of waiting) {
      const task = `${definition.name}, ${n} waiting`, { cycle, check } = decisionRig(definition, n);
      check(task);
      const us = timed(cycle, rowMs, nowMs), growth = before === 0 ? '' : `, ×${(us / least).toFixed(1)} for ×${n / before}`;
      check(task);
      const limit = n === 100_000 && CHEAP.includes(definition.decision) ? `; limit ${LIMIT_US} µs${us > LIMIT_US ? ': missed' : ''}` : '';
      rows.push({ task, perSecond: us, unit: 'µs/decision', note: `${definition.decision ?? 'no class declared'}${growth}${limit}` });
      if (before === 0) { before = n; least = us; }
      await Promise.resolve();
    }
  }
  return rows;
}
