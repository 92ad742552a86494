// The desk: calls, doors and time of one history, as a dispatcher would hold them, so that a policy or balancer can be told and asked step by step.
import { CALL_ENDED, CALL_RUNNING, CALL_WAITING, CallTable, type CallSlot } from '../../src/dispatch/calls.ts';

export const ENGINES = 3;
/** Calls that an engine serves at once. */
export const WINDOW = 2;
export const AGENTS = 5;
/** Largest numbers of programs in one history, for renumbering. */
const MOST_PROGRAMS = 1009;

/** What a history is played with; none of it may change an answer but `seed`, and renumbering where there is a tie. */
export interface Ways {
  readonly seed: string;
  /** Slots are handed out in another order. */
  readonly scattered?: boolean;
  /** Programs and agents have other numbers. */
  readonly renumbered?: boolean;
  /** Columns are compared before and after everything that is told or asked. */
  readonly watchesReads?: boolean;
  /** Every question is put so many times. */
  readonly asks?: number;
}

/** A call as the history knows it. */
export interface Known { readonly name: string; readonly slot: CallSlot; readonly program: number; readonly agent: number; readonly order: number; state: 'waits' | 'runs' | 'over'; more: boolean; untold: number; produced: number }

export class Desk {
  readonly calls = new CallTable(1);
  readonly ways: Ways;
  /** Calls by slot, those that are over included until their slot is used again. */
  readonly bySlot: (Known | undefined)[] = [];
  /** What waits or runs, in order of arrival. */
  readonly present: Known[] = [];
  /** Programs between two calls, with the ordinal of the next. */
  readonly between: { readonly program: number; readonly agent: number; readonly ordinal: number }[] = [];
  readonly up = new Uint8Array(ENGINES).fill(1);
  readonly running = new Int32Array(ENGINES);
  /** As `Rooms` keeps it: class 0 anywhere, class e + 1 on engine e. */
  readonly admits = { open: new Uint8Array(ENGINES + 1).fill(1), version: 0 };
  /** What happened, in words. */
  readonly lines: string[] = [];
  nowUs = 0;
  #programs = 0;
  #calls = 0;
  #wasArrival = false;
  #lastKey = -1;

  constructor(ways: Ways) {
    this.ways = ways;
    if (ways.scattered) {
      // Seven slots that are given back out of order, and the table's own growth in between.
      const taken = Array.from({ length: 7 }, () => this.calls.allocate(0, 0, 0));
      for (const i of [3, 0, 6, 2, 5, 1, 4]) this.calls.release(taken[i]);
    }
  }

  tell(line: string): void { this.lines.push(`${timeText(this.nowUs).padStart(7)}  ${line}`); }

  /** Goes on in time; arrivals alone may share an instant, in order of their keys. */
  advance(gapUs: number, isArrival: boolean): void {
    this.nowUs += isArrival && this.#wasArrival ? gapUs : Math.max(1, gapUs);
    this.#wasArrival = isArrival;
  }

  /** A new call in the table, told to nobody yet. `distinct`: never in the instant of another. */
  open({ agent, pin, weight, promptTokens, continues, more, distinct }: { agent: number; pin: number; weight: number; promptTokens: number; continues: boolean; more: boolean; distinct: boolean }): Known {
    const goesOn = continues && this.between.length > 0 ? this.between.shift() : undefined;
    const program = goesOn?.program ?? this.#programs++, owner = goesOn?.agent ?? agent, ordinal = goesOn?.ordinal ?? 0;
    const key = program * 1000 + ordinal;
    if (distinct || key < this.#lastKey) this.nowUs++;
    this.#lastKey = key;
    const { calls, ways } = this;
    const slot = calls.allocate(ways.renumbered ? (program * 7 + 3) % MOST_PROGRAMS : program, ordinal, ways.renumbered ? (owner * 3 + 1) % AGENTS : owner);
    calls.pin[slot] = pin;
    calls.weight[slot] = weight;
    calls.promptTokens[slot] = promptTokens;
    calls.arrivedUs[slot] = this.nowUs;
    calls.state[slot] = CALL_WAITING;
    const known: Known = { name: nameOf(this.#calls), slot, program, agent: owner, order: this.#calls++, state: 'waits', more, untold: 0, produced: 0 };
    this.bySlot[slot] = known;
    this.present.push(known);
    return known;
  }

  /** The number of a program as the policy knows it. */
  numberOf(program: number): number { return this.ways.renumbered ? (program * 7 + 3) % MOST_PROGRAMS : program; }

  start(call: Known, engine: number): void {
    call.state = 'runs';
    this.calls.state[call.slot] = CALL_RUNNING;
    this.calls.engine[call.slot] = engine;
    this.calls.grantedUs[call.slot] = this.nowUs;
    this.running[engine]++;
    this.door(engine);
  }

  /** The call loses its place and waits again. */
  stop(call: Known): void {
    call.state = 'waits';
    this.calls.state[call.slot] = CALL_WAITING;
    this.#leave(call);
  }

  /** The call is over; its slot stays readable until `free`. */
  end(call: Known, tokens: number): void {
    if (call.state === 'runs') this.#leave(call);
    call.state = 'over';
    this.calls.state[call.slot] = CALL_ENDED;
    this.calls.outputTokens[call.slot] = tokens;
    this.present.splice(this.present.indexOf(call), 1);
  }

  /** Gives the slot of a call that is over back; where its program goes on, that waits for its next call. */
  free(call: Known): void {
    if (call.more) this.between.push({ program: call.program, agent: call.agent, ordinal: this.calls.ordinal[call.slot] + 1 });
    this.calls.release(call.slot);
  }

  /** Sets whether an engine takes calls at all. */
  door(engine: number, up = this.up[engine]): void {
    this.up[engine] = up;
    const open = up === 1 && this.running[engine] < WINDOW ? 1 : 0;
    if (this.admits.open[engine + 1] === open) return;
    this.admits.open[engine + 1] = open;
    this.admits.open[0] = this.admits.open.indexOf(1, 1) > 0 ? 1 : 0;
    this.admits.version++;
  }

  mayGo(call: Known): boolean { return call.state === 'waits' && this.admits.open[this.calls.pin[call.slot] + 1] === 1; }
  waiting(): Known[] { return this.present.filter((call) => call.state === 'waits'); }
  runs(): Known[] { return this.present.filter((call) => call.state === 'runs'); }

  /** What a slot stands for, in words. */
  describe(slot: unknown): string {
    if (typeof slot !== 'number' || !Number.isInteger(slot)) return String(slot);
    const call = slot < 0 ? undefined : this.bySlot[slot];
    return slot === -1 ? 'no call' : call === undefined ? `${slot}, which is no call` : call.name;
  }

  #leave(call: Known): void {
    const engine = this.calls.engine[call.slot];
    this.running[engine]--;
    this.door(engine);
  }
}

/** In the largest unit that keeps it above 1. */
function timeText(us: number): string { return us < 1000 ? `${us} µs` : us < 1_000_000 ? `${Math.floor(us / 1000)} ms` : `${Math.floor(us / 10_000) / 100} s`; }

/** a, b, … z, aa, ab, … */
function nameOf(n: number): string { return (n >= 26 ? nameOf(Math.floor(n / 26) - 1) : '') + String.fromCharCode(97 + (n % 26)); }
