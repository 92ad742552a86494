// The recorder: listens to the lifecycle stream and to nothing else, keeps counts and samples, mixes both digests.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import { CALL_RUNNING, CALL_WAITING } from '../../src/dispatch/calls.ts';
import { assert } from '../../src/errors.ts';
import { DROP_CANCELLED, DROP_FAILED, type Lifecycle } from '../../src/observe/lifecycle.ts';
import { OrderDigest } from '../kernel/digest.ts';
import { AgentCounts } from './agents.ts';
import { ClassSamples } from './class-samples.ts';
import type { DecisionTrail } from './decision-trail.ts';
import { Course, Flow } from './flow.ts';

/** Kinds of lifecycle events in the order digest. */
const ARRIVE = 1, GRANT = 2, SCHEDULE = 3, FIRST_TOKEN = 4, PREEMPT = 5, FINISH = 6, DROP = 7;

/** Told of every call that ended, before its slot is reused: for --calls and for batch means. */
export interface CallListener { ended(call: CallSlot, outcome: string, atUs: number): void }

export interface RecorderOptions {
  readonly calls: CallTable;
  readonly classes: number;
  readonly places: number;
  /** Keep who waits inside engines too, and the age of the oldest, in the course: costs a look at every slot at each kept point. */
  readonly withOldest: boolean;
  readonly listener?: CallListener;
  /** Keeps what was decided. */
  readonly trail?: DecisionTrail;
  /** Service that a completed call received, in µs, where it is not the time since its service began: shared or preempted places. */
  readonly serviceUs?: (call: CallSlot) => number;
}

export class Recorder implements Lifecycle {
  readonly classes: ClassSamples[];
  readonly agents = new AgentCounts();
  readonly order = new OrderDigest();
  readonly results = new OrderDigest();
  readonly course = new Course();
  /** Calls in the system over time. */
  readonly present = new Flow();
  /** Time in places of calls that did not end well; that of the others is the sum of `e2e`. */
  cutShortUs = 0;
  readonly places: number;
  waiting = 0;
  endUs = 0;
  lastArrivalUs = 0;
  /** Sum over ended calls of their time in the system, and the same for calls still present at the end: Little's law. */
  #timeInSystemUs = 0;
  readonly #calls: CallTable;
  readonly #withOldest: boolean;
  readonly #listener: CallListener | undefined;
  readonly #trail: DecisionTrail | undefined;
  readonly #serviceUs: ((call: CallSlot) => number) | undefined;

  constructor(options: RecorderOptions) {
    this.#calls = options.calls;
    this.#withOldest = options.withOldest;
    this.#listener = options.listener;
    this.#trail = options.trail;
    this.#serviceUs = options.serviceUs;
    this.places = options.places;
    this.classes = Array.from({ length: Math.max(1, options.classes) }, () => new ClassSamples());
  }

  /** Lifecycle events so far. */
  get events(): number { return this.order.count; }

  arrive(call: CallSlot, nowUs: number): void {
    const calls = this.#calls, callClass = calls.callClass[call];
    this.#note(ARRIVE, call, 0, nowUs);
    // Live, a call arrives before the round that takes it in; a sum of areas does not mind the order.
    this.present.change(1, calls.arrivedUs[call]);
    this.waiting++;
    this.classes[callClass].arrived++;
    this.agents.arrive(calls.agent[call], callClass);
    this.lastArrivalUs = nowUs;
    if (this.course.due()) this.#keepPoint(nowUs);
  }

  grant(call: CallSlot, engine: number, nowUs: number): void {
    this.#note(GRANT, call, engine, nowUs);
    if (this.#trail !== undefined) this.#trail.grant(call, engine, this.waiting);
    this.waiting--;
  }

  schedule(call: CallSlot, engine: number, nowUs: number): void { this.#note(SCHEDULE, call, engine, nowUs); }
  firstToken(call: CallSlot, engine: number, nowUs: number): void { this.#note(FIRST_TOKEN, call, engine, nowUs); }

  preempt(call: CallSlot, engine: number, nowUs: number): void {
    this.#note(PREEMPT, call, engine, nowUs);
    this.classes[this.#calls.callClass[call]].preemptions++;
  }

  finish(call: CallSlot, engine: number, nowUs: number): void {
    const calls = this.#calls, samples = this.classes[calls.callClass[call]];
    this.#note(FINISH, call, engine, nowUs);
    const arrivedUs = calls.arrivedUs[call], scheduledUs = calls.scheduledUs[call], output = calls.outputTokens[call];
    samples.completed++;
    samples.served(arrivedUs, calls.grantedUs[call], scheduledUs, nowUs);
    this.agents.served(calls.agent[call], scheduledUs, scheduledUs - arrivedUs, this.#serviceUs === undefined ? nowUs - scheduledUs : this.#serviceUs(call), true);
    const prompt = calls.promptTokens[call];
    if (prompt > 0) { samples.promptTokens += prompt; samples.cachedTokens += calls.cachedTokens[call]; }
    if (output > 0) this.#finishTokens(call, samples, output, nowUs);
    this.#left(call, nowUs, 0);
    if (this.#listener !== undefined) this.#listener.ended(call, 'completed', nowUs);
  }

  #finishTokens(call: CallSlot, samples: ClassSamples, output: number, nowUs: number): void {
    const calls = this.#calls, firstUs = calls.firstTokenUs[call];
    samples.outputTokens += output;
    if (firstUs < 0) return;
    samples.ttft.add(firstUs - calls.grantedUs[call]);
    if (output > 1) samples.tpot.add((nowUs - firstUs) / (output - 1));
  }

  drop(call: CallSlot, reason: number, wasRunning: boolean, nowUs: number): void {
    const calls = this.#calls, samples = this.classes[calls.callClass[call]], a = calls.agent[call];
    this.#note(DROP, call, reason, nowUs);
    if (wasRunning) {
      this.cutShortUs += nowUs - calls.grantedUs[call];
      if (calls.scheduledUs[call] >= 0) this.#cutShort(call, samples, a, nowUs);
    } else this.waiting--;
    if (reason === DROP_FAILED) samples.failed++;
    else if (reason === DROP_CANCELLED) {
      samples.cancelled++;
      if (calls.scheduledUs[call] < 0) this.#unserved(samples, a, nowUs - calls.arrivedUs[call]);
    } else samples.rejected++;
    this.#left(call, nowUs, reason);
    this.#listener?.ended(call, reason === DROP_FAILED ? 'failed' : reason === DROP_CANCELLED ? 'cancelled' : 'rejected', nowUs);
  }

  /** From now on there are programs of several calls. Those of one call that have ended until now took as long as their call. */
  programsDiffer(): void { for (const samples of this.classes) samples.programTime.startAs(samples.response); }

  /** A program of several calls completed. `aloneUs`: what it would have taken with nobody else, 0: not known. `agent`: whose it was; −1: nobody's. */
  programEnd(callClass: number, responseUs: number, aloneUs: number, tokens: number, agent: number): void {
    const samples = this.classes[callClass];
    if (aloneUs > 0) { samples.slowdown.add(responseUs / aloneUs); if (agent >= 0) this.agents.slowed(agent, responseUs / aloneUs); }
    if (tokens > 0) samples.tokenLatency.add(responseUs / tokens);
    samples.programTime.add(responseUs);
  }

  /** A call that was a program of its own completed; alone it would have taken `work.serviceUs`. `areSingle`: all programs are, so that responses say it all. */
  wholeCall(call: CallSlot, nowUs: number, work: { readonly serviceUs: Float64Array; readonly outputTokens: Int32Array }, areSingle: boolean): void {
    const samples = this.classes[this.#calls.callClass[call]], responseUs = nowUs - this.#calls.arrivedUs[call], aloneUs = work.serviceUs[call], tokens = work.outputTokens[call];
    if (aloneUs > 0) { const slowdown = responseUs / aloneUs; samples.slowdown.add(slowdown); this.agents.slowed(this.#calls.agent[call], slowdown); }
    if (tokens > 0) samples.tokenLatency.add(responseUs / tokens);
    if (!areSingle) samples.programTime.add(responseUs);
  }

  /** A program ended without having been served: a call of it was refused, failed or withdrawn. */
  programLost(callClass: number, isAbandoned = false): void {
    const samples = this.classes[callClass];
    samples.programsLost++;
    if (isAbandoned) samples.programsAbandoned++;
  }

  /** Time of a completed program of several calls along its path, in whole µs by PATH_PARTS, which add up to its response. */
  programPath(callClass: number, us: Float64Array, responseUs: number): void { if (responseUs > 0) this.classes[callClass].path.add(us, responseUs); }

  /** A call that does not end well has produced so many tokens; it is an attempt that its program may repeat. */
  cutOff(call: CallSlot, tokens: number, isAttempt: boolean): void {
    const samples = this.classes[this.#calls.callClass[call]];
    samples.cutTokens += tokens;
    samples.wastedTokens += tokens;
    if (isAttempt) samples.attemptsLost++;
  }

  /** Tokens of calls that ended well serve nobody: their program wants them no more, or is lost. */
  wasted(callClass: number, tokens: number): void { this.classes[callClass].wastedTokens += tokens; }

  /** A program is still open at the end of the window, so long after its first call arrived. */
  programOpen(callClass: number, ageUs: number): void { this.classes[callClass].openProgram.add(ageUs); }

  /** Ends the window: calls still present are counted as they stand, and what must be conserved is checked. Answers the checks made. */
  close(endUs: number): Readonly<Record<string, number>> {
    const calls = this.#calls;
    this.endUs = endUs;
    const left: CallSlot[] = [];
    for (let c = 0; c < calls.capacity; c++) if (calls.state[c] === CALL_WAITING || calls.state[c] === CALL_RUNNING) left.push(c);
    left.sort((x, y) => calls.key[x] - calls.key[y]);
    for (const call of left) this.#stillPresent(call, endUs);
    const total = (pick: (s: ClassSamples) => number): number => this.classes.reduce((n, s) => n + pick(s), 0);
    const arrived = total((s) => s.arrived), ended = total((s) => s.completed + s.failed + s.rejected + s.cancelled);
    assert(arrived === ended + left.length, 'calls are conserved: arrived = ended + unfinished', { arrived, ended, unfinished: left.length });
    assert(this.present.level === left.length, 'the number in the system is what the calls say', { level: this.present.level, unfinished: left.length });
    const area = this.present.areaAt(endUs);
    assert(area === this.#timeInSystemUs || area > Number.MAX_SAFE_INTEGER, 'Little: the area of the number in system is the sum of times in system', { area, times: this.#timeInSystemUs });
    return { conservation: 1, little: area > Number.MAX_SAFE_INTEGER ? 0 : 1 };
  }

  #stillPresent(call: CallSlot, endUs: number): void {
    const calls = this.#calls, samples = this.classes[calls.callClass[call]], a = calls.agent[call], arrivedUs = calls.arrivedUs[call];
    if (calls.grantedUs[call] >= 0) this.cutShortUs += endUs - calls.grantedUs[call];
    if (calls.scheduledUs[call] >= 0) this.#cutShort(call, samples, a, endUs);
    else this.#unserved(samples, a, endUs - arrivedUs);
    this.#timeInSystemUs += endUs - arrivedUs;
    this.results.mix(endUs, 0, calls.program[call], calls.ordinal[call]);
    this.#listener?.ended(call, 'unfinished', endUs);
  }

  /** The call was watched for so long, and not served. */
  #unserved(samples: ClassSamples, a: number, waitUs: number): void {
    samples.unserved.add(waitUs);
    this.agents.unserved(a, waitUs);
  }

  /** The call's service began within the window and did not end in it. */
  #cutShort(call: CallSlot, samples: ClassSamples, a: number, nowUs: number): void {
    const scheduledUs = this.#calls.scheduledUs[call], waitUs = scheduledUs - this.#calls.arrivedUs[call];
    samples.cutShort(waitUs);
    this.agents.served(a, scheduledUs, waitUs, nowUs - scheduledUs, false);
  }

  #left(call: CallSlot, nowUs: number, reason: number): void {
    this.present.change(-1, nowUs);
    this.#timeInSystemUs += nowUs - this.#calls.arrivedUs[call];
    this.results.mix(nowUs, reason, this.#calls.program[call], this.#calls.scheduledUs[call] - this.#calls.arrivedUs[call]);
  }

  #note(kind: number, call: CallSlot, engine: number, nowUs: number): void {
    this.order.mix(nowUs, kind, this.#calls.program[call], Math.imul(this.#calls.ordinal[call], 4099) + engine);
  }

  /** A point of the course. Who waits is whose service has not begun, at the gate or inside an engine, as in the metric. */
  #keepPoint(nowUs: number): void {
    const areaUs = this.present.areaAt(nowUs);
    if (!this.#withOldest) { this.course.keep(nowUs, areaUs, this.waiting, 0); return; }
    const { state, arrivedUs, scheduledUs } = this.#calls;
    // The call that arrives counts itself: its state is not yet that of one who waits.
    let oldest = nowUs, waiting = 1;
    for (let c = 0; c < state.length; c++) {
      if (state[c] !== CALL_WAITING && !(state[c] === CALL_RUNNING && scheduledUs[c] < 0)) continue;
      waiting++;
      if (arrivedUs[c] < oldest) oldest = arrivedUs[c];
    }
    this.course.keep(nowUs, areaUs, waiting, nowUs - oldest);
  }
}
