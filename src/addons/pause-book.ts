// The book of program pause: what each program holds, who is in and who is held, and the check that pauses and lets in.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { Deadlines } from '../dispatch/deadlines.ts';
import type { Admission } from './admission.ts';

export interface PauseRules {
  /** Above this many tokens programs are paused, down to the second number; held ones go on below the third. */
  readonly pauseAtTokens: number;
  readonly pauseToTokens: number;
  readonly resumeTokens: number;
  readonly everyUs: number;
  /** Infinity: programs in tools count whole. */
  readonly halfLifeUs: number;
  readonly bufferTokens: number;
  readonly ageingTokensPerUs: number;
  readonly resumeTimeoutUs: number;
  readonly idleLimitUs: number;
}

/** In memory with a call, in memory while a tool runs, to be paused once its calls have ended, outside. */
const REASONING = 0, ACTING = 1, MARKED = 2, HELD = 3;

/** A program that has not ended. */
interface Row {
  readonly program: number;
  /** Dense number, for the heaps. */
  readonly at: number;
  state: number;
  /** Calls let in that have not ended, and their prompts; context of the last that ended; calls held here, and their prompts. */
  inFlight: number;
  flightTokens: number;
  lastTokens: number;
  outside: number;
  outsideTokens: number;
  /** Since when it is in a tool; since when it is held. */
  actingUs: number;
  heldUs: number;
}

/**
 * Usage is the contexts of programs with a call, those of programs in a tool times 2^(−t ÷ half-life), and a buffer for each. At every check held programs go on
 * while usage stays below the third threshold, smallest first less what they aged, the first in order before any other; then, above the first threshold, programs
 * are paused smallest first down to the second: those in tools at once, the others when their calls have ended. One program is always in. A program paused
 * at one check goes on at the next at the earliest. Between checks a new program enters where it fits and nobody is held. O(log programs) an event.
 */
export class PauseBook implements Admission {
  wakeUs = Infinity;
  readonly #calls: CallView;
  readonly #rules: PauseRules;
  readonly #rows = new Map<number, Row>();
  readonly #byAt: (Row | undefined)[] = [];
  readonly #free: number[] = [];
  /** Programs in memory, by tokens: with calls, in tools. Programs outside, by tokens and age: with calls that wait, without. */
  readonly #reasoning = new Deadlines();
  readonly #acting = new Deadlines();
  readonly #waiting = new Deadlines();
  readonly #absent = new Deadlines();
  /** By time: held since, silent since. */
  readonly #heldSince = new Deadlines();
  readonly #silentSince = new Deadlines();
  /** Programs in memory that stay, and those that leave when their calls have ended. */
  #inside = 0;
  #marked = 0;
  #reasoningTokens = 0;
  /** Of programs in tools, as they counted at `#decayedUs`. */
  #actingTokens = 0;
  #decayedUs = 0;
  #pauses = 0;
  #resumes = 0;
  #forced = 0;

  constructor(calls: CallView, rules: PauseRules) { this.#calls = calls; this.#rules = rules; }

  arrive(call: CallSlot, nowUs: number): boolean {
    const program = this.#calls.program[call], prompt = this.#calls.promptTokens[call], row = this.#rows.get(program) ?? this.#add(program, prompt, nowUs);
    if (row.state >= MARKED) {
      if (row.state === HELD) this.#leave(row, nowUs);
      row.outside++;
      row.outsideTokens += prompt;
      if (row.state === HELD) this.#enter(row, nowUs);
    } else {
      this.#leave(row, nowUs);
      row.state = REASONING;
      row.inFlight++;
      row.flightTokens += prompt;
      this.#enter(row, nowUs);
    }
    this.#arm(nowUs);
    return row.state < MARKED;
  }

  finish(call: CallSlot, _well: boolean, nowUs: number): void { this.#ended(call, this.#calls.promptTokens[call] + this.#calls.outputTokens[call], nowUs); }
  cancel(call: CallSlot, nowUs: number): void { this.#ended(call, this.#calls.promptTokens[call], nowUs); }

  withdraw(call: CallSlot, nowUs: number): void {
    const row = this.#rows.get(this.#calls.program[call]);
    if (row === undefined) return;
    if (row.state === HELD) this.#leave(row, nowUs);
    row.outside--;
    row.outsideTokens -= this.#calls.promptTokens[call];
    if (row.state === HELD) this.#enter(row, nowUs);
    this.#arm(nowUs);
  }

  programEnd(program: number, nowUs: number): void {
    const row = this.#rows.get(program);
    if (row === undefined) return;
    this.#drop(row, nowUs);
    this.#arm(nowUs);
  }

  /** Tokens that count now. */
  usage(nowUs: number): number { return this.#reasoningTokens + this.#decayed(nowUs) + this.#inside * this.#rules.bufferTokens; }

  metrics(): Readonly<Record<string, number>> { return { 'pause.paused': this.#pauses, 'pause.resumed': this.#resumes, 'pause.forced': this.#forced }; }

  // ---- the check

  review(nowUs: number, letIn: (program: number) => void): void {
    if (nowUs < this.wakeUs) return;
    this.#forgetSilent(nowUs);
    this.#pause(nowUs, this.#resume(nowUs, letIn));
    this.wakeUs = Infinity;
    this.#arm(nowUs);
  }

  /** Lets in who may go on; answers those that time alone let in. */
  #resume(nowUs: number, letIn: (program: number) => void): Set<number> {
    const { resumeTokens, resumeTimeoutUs, bufferTokens } = this.#rules, forced = new Set<number>();
    while (this.#heldSince.size > 0 && nowUs - this.#heldSince.nextUs >= resumeTimeoutUs) {
      const row = this.#byAt[this.#heldSince.first]!;
      forced.add(row.at);
      this.#forced++;
      this.#goOn(row, nowUs, letIn);
    }
    for (;;) {
      const heap = this.#waiting.size > 0 ? this.#waiting : this.#absent;
      if (heap.size === 0) return forced;
      const row = this.#byAt[heap.first]!, isAlone = this.#inside + this.#marked === 0;
      if (!isAlone && this.usage(nowUs) + tokensOf(row) + bufferTokens > resumeTokens) return forced;
      this.#goOn(row, nowUs, letIn);
    }
  }

  /** The calls that it held are in flight from now on. */
  #goOn(row: Row, nowUs: number, letIn: (program: number) => void): void {
    this.#leave(row, nowUs);
    row.inFlight = row.outside;
    row.flightTokens = row.outsideTokens;
    row.outside = row.outsideTokens = 0;
    row.state = row.inFlight > 0 ? REASONING : ACTING;
    row.actingUs = nowUs;
    this.#enter(row, nowUs);
    this.#resumes++;
    letIn(row.program);
  }

  /** `spared`: let in by time in this very check, by their dense numbers. */
  #pause(nowUs: number, spared: ReadonlySet<number>): void {
    const { pauseAtTokens, pauseToTokens } = this.#rules;
    if (this.usage(nowUs) <= pauseAtTokens) return;
    for (const heap of [this.#acting, this.#reasoning]) {
      const passed: Row[] = [];
      while (heap.size > 0 && this.#inside > 1 && this.usage(nowUs) > pauseToTokens) {
        const row = this.#byAt[heap.first]!;
        if (spared.has(row.at)) { heap.pop(); passed.push(row); continue; }
        this.#leave(row, nowUs);
        row.state = row.state === ACTING ? HELD : MARKED;
        row.heldUs = nowUs;
        this.#enter(row, nowUs);
        this.#pauses++;
      }
      for (const row of passed) heap.push(row.at, row.state === ACTING ? row.lastTokens : row.flightTokens, row.program);
    }
  }

  // ---- rows

  #add(program: number, prompt: number, nowUs: number): Row {
    this.#forgetSilent(nowUs);
    const { pauseAtTokens, bufferTokens } = this.#rules, isAlone = this.#inside + this.#marked === 0;
    const fits = this.#heldSince.size === 0 && (isAlone || this.usage(nowUs) + prompt + bufferTokens <= pauseAtTokens);
    const row: Row = { program, at: this.#free.pop() ?? this.#byAt.length, state: fits ? ACTING : HELD, inFlight: 0, flightTokens: 0, lastTokens: 0, outside: 0, outsideTokens: 0, actingUs: nowUs, heldUs: nowUs };
    this.#byAt[row.at] = row;
    this.#rows.set(program, row);
    this.#enter(row, nowUs);
    return row;
  }

  /** A call that was let in is over; the program keeps what it held. */
  #ended(call: CallSlot, context: number, nowUs: number): void {
    const row = this.#rows.get(this.#calls.program[call]);
    if (row === undefined || row.inFlight === 0) return;
    this.#leave(row, nowUs);
    row.inFlight--;
    row.flightTokens -= this.#calls.promptTokens[call];
    row.lastTokens = context;
    if (row.inFlight === 0) {
      row.state = row.state === MARKED ? HELD : ACTING;
      row.actingUs = row.heldUs = nowUs;
    }
    this.#enter(row, nowUs);
    this.#arm(nowUs);
  }

  #forgetSilent(nowUs: number): void {
    while (this.#silentSince.size > 0 && nowUs - this.#silentSince.nextUs >= this.#rules.idleLimitUs) this.#drop(this.#byAt[this.#silentSince.first]!, nowUs);
  }

  #drop(row: Row, nowUs: number): void {
    this.#leave(row, nowUs);
    this.#rows.delete(row.program);
    this.#byAt[row.at] = undefined;
    this.#free.push(row.at);
  }

  /** Takes the row out of whatever counts it. Its state and its tokens must be those with which it entered. */
  #leave(row: Row, nowUs: number): void {
    switch (row.state) {
      case REASONING:
        this.#inside--;
        this.#reasoningTokens -= row.flightTokens;
        this.#reasoning.remove(row.at);
        break;
      case ACTING:
        this.#inside--;
        this.#acting.remove(row.at);
        this.#silentSince.remove(row.at);
        // Rounding must not outlive the last of them.
        this.#setActing(this.#silentSince.size === 0 ? 0 : this.#decayed(nowUs) - row.lastTokens * this.#share(nowUs - row.actingUs), nowUs);
        break;
      case MARKED: this.#marked--; break;
      default:
        this.#heldSince.remove(row.at);
        this.#waiting.remove(row.at);
        this.#absent.remove(row.at);
    }
  }

  #enter(row: Row, nowUs: number): void {
    switch (row.state) {
      case REASONING:
        this.#inside++;
        this.#reasoningTokens += row.flightTokens;
        this.#reasoning.push(row.at, row.flightTokens, row.program);
        break;
      case ACTING:
        this.#inside++;
        this.#setActing(this.#decayed(nowUs) + row.lastTokens * this.#share(nowUs - row.actingUs), nowUs);
        this.#acting.push(row.at, row.lastTokens, row.program);
        this.#silentSince.push(row.at, row.actingUs, row.program);
        break;
      case MARKED: this.#marked++; break;
      default:
        this.#heldSince.push(row.at, row.heldUs, row.program);
        (row.outside > 0 ? this.#waiting : this.#absent).push(row.at, tokensOf(row) + this.#rules.ageingTokensPerUs * row.heldUs, row.program);
    }
  }

  // ---- time

  /** What is left of a context after so long in a tool. */
  #share(us: number): number { return us === 0 || this.#rules.halfLifeUs === Infinity ? 1 : Math.exp(-Math.LN2 * (us / this.#rules.halfLifeUs)); }
  #decayed(nowUs: number): number { return this.#actingTokens === 0 ? 0 : this.#actingTokens * this.#share(nowUs - this.#decayedUs); }
  #setActing(tokens: number, nowUs: number): void { this.#actingTokens = Math.max(0, tokens); this.#decayedUs = nowUs; }

  /** Checks stand on a grid, and nobody is woken for one that would do nothing. */
  #arm(nowUs: number): void {
    const { everyUs, pauseAtTokens } = this.#rules;
    if (this.#heldSince.size === 0 && (this.#inside < 2 || this.usage(nowUs) <= pauseAtTokens)) this.wakeUs = Infinity;
    else if (this.wakeUs === Infinity) this.wakeUs = (Math.floor(nowUs / everyUs) + 1) * everyUs;
  }
}

/** What the program would hold if it went on. */
const tokensOf = (row: Row): number => (row.outside > 0 ? row.outsideTokens : row.lastTokens);
