// What the process table costs: updates with many programs alive, and memory while a million programs come and go. What it holds is checked before and after it is timed.
import { ProcessTable } from '../../src/programs/process-table.ts';
import { seededRandom } from '../../src/random.ts';
import type { BenchRow } from '../row.ts';

export interface ProcessTableOptions {
  /** Programs alive at once. */
  readonly live?: readonly number[];
  /** Programs opened and closed in the row about memory. */
  readonly programs?: number;
  /** Time given to each row of updates. */
  readonly rowMs?: number;
  /** CPU or wall time in ms; default process CPU time, so that a busy neighbour does not count. */
  readonly nowMs?: () => number;
  /** Bytes in use after a collection of garbage; default that of this process, where it may collect. */
  readonly heap?: (() => number) | undefined;
}

/** Each row is the best of this many windows: the machine's other work can only slow one down. */
const WINDOWS = 3;
/** Calls whose programs are drawn anew before each window. */
const BATCH = 1 << 16;
/** Updates of a call: arrive, start, progress, end. */
const UPDATES = 4;
const CALLS_ALIVE = 256;

function cpuMs(): number { const { user, system } = process.cpuUsage(); return (user + system) / 1000; }

function fail(task: string, what: string): never { throw new Error(`${task}: ${what}`); }

/** Programs with one call each behind them, and one call after another of programs drawn at random. */
function updates(live: number, keepsCalls: boolean): { readonly step: () => void; readonly check: (task: string) => void } {
  const table = new ProcessTable({ keepsCalls }), random = seededRandom(`process-table/${live}`), programs = Int32Array.from({ length: BATCH }, () => Math.floor(random() * live)), ordinals = new Int32Array(live).fill(1);
  let nowUs = 0, at = 0, calls = 0;
  const one = (call: number, program: number, ordinal: number): void => {
    table.arrive(call, program, ordinal, 100, ++nowUs);
    table.inherits(call, keepsCalls ? table.fromBefore(call) : table.rows.critical[table.row[call]]);
    table.start(call, call & 15, ++nowUs);
    table.progress(call, 3, ++nowUs);
    table.end(call, 0, 10, ++nowUs);
    calls++;
  };
  for (let program = 0; program < live; program++) one(program % CALLS_ALIVE, program, 0);
  return {
    step: () => { const program = programs[at = (at + 1) & (BATCH - 1)]; one(at & (CALLS_ALIVE - 1), program, ordinals[program]++); },
    check: (task) => {
      let service = 0;
      for (let program = 0; program < live; program++) service += table.rows.service[table.rows.find(program)];
      if (table.rows.open !== live || service !== 10 * calls || table.answered[0] !== UPDATES * calls) fail(task, `${table.rows.open} programs with ${service} tokens after ${calls} calls`);
    },
  };
}

/** Opens and closes programs, a thousand alive at a time; answers bytes a program held at the end beyond what the first tenth left. */
function comeAndGo(programs: number, heap: () => number): number {
  const table = new ProcessTable({ keepsCalls: true }), alive = 1000, early = Math.floor(programs / 10);
  let before = 0;
  for (let program = 0; program < programs; program++) {
    const call = program % CALLS_ALIVE;
    table.arrive(call, program, 0, 100, program);
    table.inherits(call, 0);
    table.start(call, 0, program);
    table.end(call, 0, 10, program);
    if (program >= alive) table.close(program - alive);
    if (program === early) before = heap();
  }
  const held = heap() - before;
  if (table.rows.open !== Math.min(alive, programs) || table.rows.program.length > 2 * alive + 64) fail('programs that come and go', `${table.rows.open} rows are open, of ${table.rows.program.length}`);
  return held / (programs - early);
}

export async function processTable(options: ProcessTableOptions = {}): Promise<BenchRow[]> {
  const { live = [1_000, 100_000], programs = 1_000_000, rowMs = 400, nowMs = cpuMs, heap = heapOf() } = options, rows: BenchRow[] = [];
  for (const n of live) for (const keepsCalls of [false, true]) {
    const task = `process table, ${n} live programs`, { step, check } = updates(n, keepsCalls);
    check(task);
    for (const until = nowMs() + rowMs / 2; nowMs() < until;) for (let i = 0; i < 1_000; i++) step();
    let best = 0;
    for (let window = 0; window < WINDOWS; window++) {
      const start = nowMs();
      let done = 0, spent = 0;
      while (spent < rowMs / WINDOWS) { for (let i = 0; i < 1_000; i++) step(); done += 1_000; spent = nowMs() - start; }
      best = Math.max(best, done * UPDATES / spent * 1000);
    }
    check(task);
    rows.push({ task, perSecond: best, unit: 'updates/s', note: `${(1e6 / best).toFixed(2)} µs an update${keepsCalls ? ', what each call ended with is kept' : ''}; limit 2 µs` });
    await Promise.resolve();
  }
  rows.push(heap === undefined ? { task: `process table, ${programs} programs come and go`, perSecond: null, unit: 'bytes/program', note: 'node --expose-gc measures it' }
    : { task: `process table, ${programs} programs come and go`, perSecond: Math.max(0, comeAndGo(programs, heap)), unit: 'bytes/program', note: 'held beyond what the first tenth left; 1000 alive at a time' });
  return rows;
}

function heapOf(): (() => number) | undefined {
  const collect = (globalThis as { gc?: () => void }).gc;
  return collect && (() => { collect(); const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers; });
}
