// The dispatcher core: a state machine without I/O. Inputs are buffered; `flush` applies them in canonical order, decides, and leaves commands.
// Knows nothing of promises, timers, clocks, logging, or of the world it runs in.
import type { Balancer } from '../balancers/balancer.ts';
import { DROP_BACKPRESSURE, DROP_CANCELLED, DROP_EXPIRED, DROP_FAILED, DROP_SHUTDOWN, DROP_UNROUTABLE, type Lifecycle, type ReceiptListener } from '../observe/lifecycle.ts';
import type { Policy } from '../policies/policy.ts';
import { CALL_RUNNING, CALL_SUBMITTED, CALL_WAITING, type CallSlot } from './calls.ts';
import { OP_ABORT, OP_GRANT, OP_REJECT } from './commands.ts';
import { broken, checkEngine, checkWindow, type CoreOptions } from './core-options.ts';
import { Deadlines } from './deadlines.ts';
import { Idleness } from './idleness.ts';
import { RANK_CANCEL, RANK_COMPLETE, RANK_EXPIRE, RANK_FAIL, RANK_SUBMIT } from './inputs.ts';
import { Ledger } from './ledger.ts';
import { LoadBoard } from './load-board.ts';
import { grantReceipt, refuseReceipt, routeReceipt } from './receipts.ts';
import { Reviews } from './reviews.ts';
import { Rooms } from './rooms.ts';

export class DispatchCore extends Ledger {
  readonly board: LoadBoard;
  readonly idleness = new Idleness();
  readonly policies: Policy[] = [];
  readonly #reviews = new Reviews(this.policies);
  readonly #late: boolean;
  readonly #maxWaiters: number;
  readonly #createPolicy: (engine: number) => Policy;
  readonly #balancer: Balancer;
  readonly #lifecycle: Lifecycle;
  readonly #receipts: ReceiptListener | undefined;
  readonly #deadlines = new Deadlines();
  readonly #rooms: Rooms;
  #limbo: CallSlot[] = [];
  /** An engine went down, so calls pinned to it may wait for nothing. */
  #someAreLost = false;
  #closed = false;

  constructor(options: CoreOptions) {
    super(options.calls);
    this.#late = options.dispatch === 'late';
    this.#maxWaiters = options.maxWaiters;
    this.#createPolicy = options.createPolicy;
    this.#balancer = options.balancer;
    this.#lifecycle = options.lifecycle;
    this.#receipts = options.receipts;
    this.#rooms = new Rooms(options.windows);
    this.board = new LoadBoard(options.windows.length, options.viewRefreshUs ?? 0);
    if (this.#late) this.policies.push(options.createPolicy(0));
    else for (let e = 0; e < options.windows.length; e++) this.policies.push(options.createPolicy(e));
  }

  get engines(): number { return this.#rooms.count; }
  get closed(): boolean { return this.#closed; }
  /** When `flush` must be called even if nothing happens: the earliest deadline of a waiting call, or a policy's own time. */
  get wakeUs(): number { return Math.min(this.#deadlines.nextUs, this.#reviews.nextUs); }
  isUp(engine: number): boolean { return this.#rooms.up[engine] === 1; }
  window(engine: number): number { return this.#rooms.windows[engine]; }
  /** Applies the buffered inputs, decides, and answers the number of commands. `decide` false: the window has ended, nothing is granted any more. */
  flush(nowUs: number, decide = true): number {
    this.dirty = false;
    this.commands.count = 0;
    this.freeEnded();
    while (this.#deadlines.nextUs <= nowUs) this.inputs.add(RANK_EXPIRE, this.#deadlines.pop());
    this.board.touch(nowUs);
    this.#apply(nowUs);
    if (this.#someAreLost) this.#refuseLost(nowUs);
    this.#reviews.all(nowUs);
    if (decide) {
      if (this.waiting > 0) { if (this.#late) this.#decideLate(nowUs); else this.#decideImmediate(nowUs); }
      if (this.waiting > this.#maxWaiters) this.#refuseOverflow(nowUs);
    }
    return this.commands.count;
  }

  #apply(nowUs: number): void {
    const inputs = this.inputs, calls = this.calls;
    inputs.sort(calls.key);
    this.arrivalCount = 0;
    for (let i = 0; i < inputs.count; i++) {
      const call = inputs.call[i], state = calls.state[call];
      switch (inputs.rank[i]) {
        case RANK_COMPLETE: if (state === CALL_RUNNING) this.#applyEnd(call, true, nowUs); break;
        case RANK_FAIL: if (state === CALL_RUNNING) this.#applyEnd(call, false, nowUs); break;
        case RANK_SUBMIT: if (state === CALL_SUBMITTED) this.#applySubmit(call, nowUs); break;
        case RANK_CANCEL:
          if (state === CALL_RUNNING) this.#applyAbort(call, nowUs);
          else if (state === CALL_WAITING) this.#dropWaiting(call, DROP_CANCELLED, nowUs);
          break;
        default: if (state === CALL_WAITING) this.#dropWaiting(call, DROP_EXPIRED, nowUs);
      }
    }
    inputs.count = 0;
  }

  #applyEnd(call: CallSlot, well: boolean, nowUs: number): void {
    const engine = this.calls.engine[call];
    this.#leave(call, engine, nowUs);
    this.#policyOf(call).finish(call, well, nowUs);
    if (well) this.#lifecycle.finish(call, engine, nowUs);
    else this.#lifecycle.drop(call, DROP_FAILED, true, nowUs);
    this.end(call, well ? 0 : DROP_FAILED);
  }

  #applySubmit(call: CallSlot, nowUs: number): void {
    const calls = this.calls, pin = calls.pin[call];
    this.#lifecycle.arrive(call, nowUs);
    calls.state[call] = CALL_WAITING;
    this.waiting++;
    if (this.#closed || (pin >= 0 && this.#isLost(call))) { this.#reject(call, this.#closed ? DROP_SHUTDOWN : DROP_UNROUTABLE, nowUs); return; }
    this.noteArrival(call);
    if (calls.deadlineUs[call] !== Infinity) this.#deadlines.push(call, calls.deadlineUs[call], calls.key[call]);
    if (this.#late) this.policies[0].arrive(call, nowUs);
    else this.#route(call, nowUs);
  }

  /** Chooses the engine of a call that has just arrived, where each engine has its own queue. */
  #route(call: CallSlot, nowUs: number): void {
    const pin = this.calls.pin[call];
    let engine = pin;
    if (pin < 0) {
      const count = this.#rooms.listUp();
      if (count === 0) { this.#limbo.push(call); return; }
      engine = this.#pick(call, count, nowUs);
    }
    this.calls.engine[call] = engine;
    this.board.queuedNow[engine]++;
    this.#balancer.routed?.(call, engine, nowUs);
    this.policies[engine].arrive(call, nowUs);
  }

  #pick(call: CallSlot, count: number, nowUs: number): number {
    const candidates = this.#rooms.candidates, engine = count === 1 ? candidates[0] : this.#balancer.pick(call, candidates, count, this.board, nowUs);
    if (count > 1) this.board.picks++;
    if (!(engine >= 0 && engine < this.#rooms.count && this.#rooms.up[engine] === 1)) throw broken('a balancer picks one of its candidates', call, engine);
    if (this.#receipts) this.#receipts(routeReceipt(call, engine, candidates.subarray(0, count), this.#balancer, this.board, this.waiting, nowUs));
    return engine;
  }

  #applyAbort(call: CallSlot, nowUs: number): void {
    const engine = this.calls.engine[call];
    this.#leave(call, engine, nowUs);
    this.#policyOf(call).cancel(call, true, nowUs);
    this.#lifecycle.drop(call, DROP_CANCELLED, true, nowUs);
    this.commands.add(OP_ABORT, call, engine);
    this.end(call, DROP_CANCELLED);
  }

  #dropWaiting(call: CallSlot, reason: number, nowUs: number): void {
    const at = this.#limbo.length === 0 ? -1 : this.#limbo.indexOf(call);
    if (at >= 0) this.#limbo.splice(at, 1);
    else {
      this.#policyOf(call).cancel(call, false, nowUs);
      if (!this.#late) this.board.queuedNow[this.calls.engine[call]]--;
    }
    this.#reject(call, reason, nowUs);
  }

  /** The call stood in no queue, or has just left it. */
  #reject(call: CallSlot, reason: number, nowUs: number): void {
    this.#deadlines.remove(call);
    this.waiting--;
    this.#lifecycle.drop(call, reason, false, nowUs);
    if (this.#receipts) this.#receipts(refuseReceipt(call, reason, this.waiting + 1, nowUs));
    this.commands.add(OP_REJECT, call, reason);
    this.end(call, reason);
  }

  #decideLate(nowUs: number): void {
    const policy = this.policies[0], calls = this.calls, rooms = this.#rooms;
    while (rooms.withRoom > 0 && this.waiting > 0) {
      const call = policy.first(rooms.admits, nowUs);
      if (call < 0) { if (!(policy.held! > 0)) this.idleness.look(calls, rooms.admits); return; }
      if (calls.state[call] !== CALL_WAITING) throw broken('a policy answers a waiting call', call, -1);
      let engine = calls.pin[call];
      if (engine < 0) engine = rooms.count === 1 ? 0 : this.#pick(call, rooms.listWithRoom(), nowUs);
      if (rooms.admits.open[engine + 1] !== 1) throw broken('a grant goes to an engine with room', call, engine);
      if (this.#receipts) this.#receipts(grantReceipt(call, engine, policy, calls, rooms.admits, nowUs));
      this.#grant(call, engine, policy, nowUs);
      if (this.#balancer.routed !== undefined) this.#balancer.routed(call, engine, nowUs);
    }
  }

  #decideImmediate(nowUs: number): void {
    const rooms = this.#rooms;
    for (let e = 0; e < rooms.count; e++) {
      const policy = this.policies[e];
      while (rooms.admits.open[e + 1] === 1 && policy.waiting > 0) {
        const call = policy.first(rooms.all, nowUs);
        if (call < 0) { this.idleness.found = true; break; }
        if (this.calls.state[call] !== CALL_WAITING) throw broken('a policy answers a waiting call', call, e);
        if (this.#receipts) this.#receipts(grantReceipt(call, e, policy, this.calls, rooms.all, nowUs));
        this.board.queuedNow[e]--;
        this.#grant(call, e, policy, nowUs);
      }
    }
  }

  #grant(call: CallSlot, engine: number, policy: Policy, nowUs: number): void {
    const calls = this.calls;
    this.waiting--;
    this.running++;
    // Only filling up changes who has room.
    if (++this.board.runningNow[engine] >= this.#rooms.windows[engine]) this.#setRoom(engine);
    if (calls.deadlineUs[call] !== Infinity) this.#deadlines.remove(call);
    calls.state[call] = CALL_RUNNING;
    calls.engine[call] = engine;
    calls.grantedUs[call] = nowUs;
    policy.grant(call, nowUs);
    this.#lifecycle.grant(call, engine, nowUs);
    this.commands.add(OP_GRANT, call, engine);
  }

  /** Waiters above the limit: the newest of this round are refused, by key from the back. */
  #refuseOverflow(nowUs: number): void {
    for (let i = this.arrivalCount - 1; i >= 0 && this.waiting > this.#maxWaiters; i--) {
      const call = this.arrivals[i];
      if (this.calls.state[call] === CALL_WAITING) this.#dropWaiting(call, DROP_BACKPRESSURE, nowUs);
    }
  }

  // ---- engines at run time

  /** A new engine, up at once; answers its number. Decisions follow with the next flush. */
  addEngine(window: number, nowUs: number): number {
    checkWindow(window);
    this.board.touch(nowUs);
    const e = this.#rooms.add(window);
    this.board.resize(e + 1);
    if (!this.#late) this.policies.push(this.#createPolicy(e));
    this.engineUp(e, nowUs);
    return e;
  }

  /** The engine takes calls (again); calls that waited for any engine are routed. */
  engineUp(engine: number, nowUs: number): void {
    checkEngine(engine, this.#rooms.count);
    if (this.#rooms.up[engine]) return;
    this.board.touch(nowUs);
    this.#rooms.up[engine] = 1;
    this.#setRoom(engine);
    this.#balancer.engineUp?.(engine, nowUs);
    for (const call of this.#limbo.splice(0)) this.#route(call, nowUs);
    this.dirty = true;
  }

  /** The engine takes no more calls. What runs on it goes on; what was queued for it goes elsewhere, what is pinned to it is refused with the next flush. */
  engineDown(engine: number, nowUs: number): void {
    checkEngine(engine, this.#rooms.count);
    if (!this.#rooms.up[engine]) return;
    this.board.touch(nowUs);
    this.#rooms.up[engine] = 0;
    this.#setRoom(engine);
    this.#balancer.engineDown?.(engine, nowUs);
    this.#someAreLost = true;
    if (!this.#late) for (const call of this.waitingCalls((c) => this.calls.engine[c] === engine && this.calls.pin[c] !== engine)) {
      this.policies[engine].cancel(call, false, nowUs);
      this.board.queuedNow[engine]--;
      this.calls.engine[call] = -1;
      this.#route(call, nowUs);
    }
    this.dirty = true;
  }

  /** Changes how many calls may be in flight on an engine. Running calls are not touched. */
  setWindow(engine: number, window: number): void {
    checkEngine(engine, this.#rooms.count);
    checkWindow(window);
    this.#rooms.windows[engine] = window;
    this.#setRoom(engine);
    this.dirty = true;
  }

  /** Refuses everything that waits, now and from now on. Running calls end in their own time. Answers the number of commands. */
  close(nowUs: number): number {
    this.#closed = true;
    this.flush(nowUs, false);
    for (const call of this.waitingCalls(() => true)) this.#dropWaiting(call, DROP_SHUTDOWN, nowUs);
    return this.commands.count;
  }

  /** Calls pinned to an engine that is down at the end of the round: it may have come back since. */
  #refuseLost(nowUs: number): void {
    this.#someAreLost = false;
    for (const call of this.waitingCalls((c) => this.#isLost(c))) this.#dropWaiting(call, DROP_UNROUTABLE, nowUs);
  }

  /** A program is over: policies forget its row. */
  programEnd(program: number, nowUs: number): void { for (const policy of this.policies) policy.programEnd?.(program, nowUs); }

  /** Pinned to an engine that does not take calls. */
  #isLost(call: CallSlot): boolean { const pin = this.calls.pin[call]; return pin >= 0 && !(pin < this.#rooms.count && this.#rooms.up[pin] === 1); }

  #policyOf(call: CallSlot): Policy { return this.policies[this.#late ? 0 : this.calls.engine[call]]; }
  #setRoom(engine: number): void { this.#rooms.update(engine, this.board.runningNow[engine]); }

  #leave(call: CallSlot, engine: number, nowUs: number): void {
    this.running--;
    if (--this.board.runningNow[engine] < 0) throw broken('an engine never has fewer than no calls', call, engine);
    if (this.#rooms.admits.open[engine + 1] === 0) this.#setRoom(engine);
    if (this.#balancer.finished !== undefined) this.#balancer.finished(call, engine, nowUs);
  }
}
