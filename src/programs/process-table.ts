// The process table: what every live program has been given and has waited for, and the calls that it has under way.
// Told of calls by their dense slots, of programs by their numbers. It decides nothing and never sees a clock.
import { ANSWER_DUPLICATE, ANSWER_LATE, ANSWER_TAKEN, ANSWER_UNKNOWN, type Answer } from './answers.ts';
import { ProgramRows } from './program-rows.ts';
import { DECODE_METER, serviceOf, type ServiceMeter } from './service-meter.ts';

const NEVER = 0, WAITS = 1, RUNS = 2, OVER = 3;

export interface ProcessTableOptions {
  /** What counts as service; output tokens where absent. */
  readonly meter?: ServiceMeter;
  /** Keep what each call of a live program ended with, so that `fromParents` can answer: one number a call. */
  readonly keepsCalls?: boolean;
}

/**
 * One row a program (Autellix, arXiv 2502.13965, §4.1): attained service, critical-path service, waiting, engines, active calls, last arrival,
 * last completion. O(1) an event, but for the parents that a call names. A row is made by the first call or by `open`, and freed by `close` or `reap`.
 */
export class ProcessTable {
  readonly rows = new ProgramRows();
  /** How often each answer was given, by its code. */
  readonly answered = new Float64Array(4);
  /** By call slot. Row and its generation; what the call inherited; output tokens told so far; wait and run in µs, without the stretch that goes on. */
  row = new Int32Array(64);
  inherited = new Float64Array(64);
  produced = new Float64Array(64);
  waitUs = new Float64Array(64);
  runUs = new Float64Array(64);
  /** Since when the call waits or runs. */
  sinceUs = new Float64Array(64);
  readonly #meter: ServiceMeter;
  readonly #keepsCalls: boolean;
  #generation = new Int32Array(64);
  #state = new Uint8Array(64);
  #ordinal = new Int32Array(64);
  #prompt = new Int32Array(64);
  /** Tokens held · µs, and until when that is counted. */
  #kvUs = new Float64Array(64);
  #countedUs = new Float64Array(64);
  /** By row, then by ordinal: what a call inherited, and once it has ended that and what it got. */
  readonly #ends: (Map<number, number> | undefined)[] = [];

  constructor({ meter = DECODE_METER, keepsCalls = false }: ProcessTableOptions = {}) { this.#meter = meter; this.#keepsCalls = keepsCalls; }

  // ---- programs

  /** A session starts before its first call. */
  open(program: number, nowUs: number): Answer {
    if (this.rows.find(program) >= 0) return this.#say(ANSWER_DUPLICATE);
    this.rows.add(program, nowUs);
    return this.#say(ANSWER_TAKEN);
  }

  /** A session is over. Calls of it that are still under way are told as late from now on. */
  close(program: number): Answer {
    const row = this.rows.find(program);
    if (row < 0) return this.#say(ANSWER_UNKNOWN);
    this.#free(row);
    return this.#say(ANSWER_TAKEN);
  }

  /** Frees the rows of programs without a call that were last heard of `limitUs` ago or earlier; answers how many. O(rows freed). */
  reap(nowUs: number, limitUs: number): number {
    let count = 0;
    for (let row = this.rows.longestIdle; row >= 0 && nowUs - this.rows.lastHeardUs(row) >= limitUs; row = this.rows.longestIdle) { this.#free(row); count++; }
    this.rows.reaped += count;
    return count;
  }

  // ---- calls

  /** A call waits from now on. It inherits nothing until `inherits` says what. */
  arrive(call: number, program: number, ordinal: number, promptTokens: number, nowUs: number): Answer {
    if (call >= this.#state.length) this.#grow(call);
    if (this.#state[call] === WAITS || this.#state[call] === RUNS) if (this.#isLive(call)) return this.#say(ANSWER_DUPLICATE);
    const found = this.rows.find(program), row = found >= 0 ? found : this.rows.add(program, nowUs);
    this.rows.callBegins(row, nowUs);
    this.#state[call] = WAITS;
    this.row[call] = row;
    this.#generation[call] = this.rows.generation[row];
    this.#ordinal[call] = ordinal;
    this.#prompt[call] = promptTokens;
    this.inherited[call] = 0;
    this.produced[call] = 0;
    this.waitUs[call] = 0;
    this.runUs[call] = 0;
    this.sinceUs[call] = nowUs;
    this.#kvUs[call] = 0;
    return this.#say(ANSWER_TAKEN);
  }

  /** What the call that has just arrived starts from. */
  inherits(call: number, service: number): void {
    this.inherited[call] = service;
    if (this.#keepsCalls) this.#note(call, service);
  }

  /** The call is served from now on. */
  start(call: number, engine: number, nowUs: number): Answer {
    const answer = this.#known(call, WAITS);
    if (answer !== ANSWER_TAKEN) return this.#say(answer);
    this.waitUs[call] += nowUs - this.sinceUs[call];
    this.sinceUs[call] = nowUs;
    this.#countedUs[call] = nowUs;
    this.#state[call] = RUNS;
    this.rows.servedBy(this.row[call], engine);
    return this.#say(ANSWER_TAKEN);
  }

  /** So many more output tokens. */
  progress(call: number, tokens: number, nowUs: number): Answer {
    const answer = this.#known(call, RUNS);
    if (answer === ANSWER_TAKEN) this.#produce(call, tokens, nowUs);
    return this.#say(answer);
  }

  /** The call lost its place and waits again. */
  stop(call: number, nowUs: number): Answer {
    const answer = this.#known(call, RUNS);
    if (answer !== ANSWER_TAKEN) return this.#say(answer);
    this.#produce(call, 0, nowUs);
    this.runUs[call] += nowUs - this.sinceUs[call];
    this.sinceUs[call] = nowUs;
    this.#state[call] = WAITS;
    return this.#say(ANSWER_TAKEN);
  }

  /** The call ended, well, failed or withdrawn: what it got is charged to its program. Tokens told by `progress` count where the usage says less. */
  end(call: number, cachedTokens: number, outputTokens: number, nowUs: number): Answer {
    const state = this.#stateOf(call), answer = this.#known(call, state === RUNS ? RUNS : WAITS);
    if (answer !== ANSWER_TAKEN) return this.#say(answer);
    const { rows } = this, row = this.row[call];
    if (state === RUNS) this.#produce(call, Math.max(0, outputTokens - this.produced[call]), nowUs);
    if (state === RUNS) this.runUs[call] += nowUs - this.sinceUs[call];
    else this.waitUs[call] += nowUs - this.sinceUs[call];
    const own = this.#service(call, cachedTokens), total = this.inherited[call] + own;
    rows.service[row] += own;
    if (total > rows.critical[row]) rows.critical[row] = total;
    rows.waitUs[row] += this.waitUs[call];
    rows.runUs[row] += this.runUs[call];
    if (this.#keepsCalls) this.#note(call, total);
    this.#state[call] = OVER;
    rows.callEnds(row, nowUs);
    return this.#say(ANSWER_TAKEN);
  }

  /** Longest chain through these parents, given as ordinals: max of what each inherited and got. A parent that still runs counts with what it inherited; one never heard of with nothing. O(parents). */
  fromParents(call: number, parents: ArrayLike<number>): number {
    const ends = this.#ends[this.row[call]];
    let most = 0;
    for (let i = 0; i < parents.length; i++) most = Math.max(most, ends?.get(parents[i]) ?? 0);
    return most;
  }

  /** The same for a chain: through the call before this one. */
  fromBefore(call: number): number { return this.#ends[this.row[call]]?.get(this.#ordinal[call] - 1) ?? 0; }

  /** True while the call belongs to the program that now has its row. */
  belongs(call: number): boolean { return this.#isLive(call); }

  // ----

  #service(call: number, cachedTokens: number): number {
    // A prompt of which nothing was ever computed is not charged.
    const computed = this.runUs[call] > 0 || this.produced[call] > 0 ? Math.max(0, this.#prompt[call] - cachedTokens) : 0;
    return serviceOf(this.#meter, computed, this.produced[call], this.runUs[call], this.#kvUs[call]);
  }

  /** Output since the last telling came evenly, so half of it was held on average. */
  #produce(call: number, tokens: number, nowUs: number): void {
    this.#kvUs[call] += (this.#prompt[call] + this.produced[call] + tokens / 2) * (nowUs - this.#countedUs[call]);
    this.#countedUs[call] = nowUs;
    this.produced[call] += tokens;
  }

  #note(call: number, service: number): void {
    const row = this.row[call];
    while (this.#ends.length <= row) this.#ends.push(undefined);
    (this.#ends[row] ??= new Map()).set(this.#ordinal[call], service);
  }

  #free(row: number): void {
    this.rows.remove(row);
    if (this.#keepsCalls && row < this.#ends.length) this.#ends[row] = undefined;
  }

  #isLive(call: number): boolean { return this.#generation[call] === this.rows.generation[this.row[call]]; }
  #stateOf(call: number): number { return call >= 0 && call < this.#state.length ? this.#state[call] : NEVER; }

  #known(call: number, wanted: number): Answer {
    const state = this.#stateOf(call);
    if (state === NEVER) return ANSWER_UNKNOWN;
    if (!this.#isLive(call)) return ANSWER_LATE;
    return state === wanted ? ANSWER_TAKEN : ANSWER_DUPLICATE;
  }

  #say(answer: Answer): Answer { this.answered[answer]++; return answer; }

  #grow(call: number): void {
    const n = Math.max(this.#state.length * 2, call + 1);
    const floats = (from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => { const to = new Float64Array(n); to.set(from); return to; };
    const ints = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => { const to = new Int32Array(n); to.set(from); return to; };
    const state = new Uint8Array(n); state.set(this.#state); this.#state = state;
    this.row = ints(this.row); this.#generation = ints(this.#generation); this.#ordinal = ints(this.#ordinal); this.#prompt = ints(this.#prompt);
    this.inherited = floats(this.inherited); this.produced = floats(this.produced); this.waitUs = floats(this.waitUs); this.runUs = floats(this.runUs);
    this.sinceUs = floats(this.sinceUs); this.#kvUs = floats(this.#kvUs); this.#countedUs = floats(this.#countedUs);
  }
}
