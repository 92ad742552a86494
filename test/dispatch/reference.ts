// The rule of the dispatcher written down once more, as plainly as it can be: lists, searches, no indices. fcfs, engines in turn.
export interface RefCall { readonly id: number; readonly program: number; readonly ordinal: number; readonly key: number; readonly pin: number; readonly deadlineUs: number; readonly arrivedUs: number; state: 'new' | 'waiting' | 'running' | 'over'; engine: number }
interface Input { readonly rank: number; readonly call: RefCall }

export class ReferenceDispatcher {
  readonly calls: RefCall[] = [];
  readonly log: string[] = [];
  commands: string[] = [];
  readonly engines: { window: number; up: boolean; queue: RefCall[] }[];
  queue: RefCall[] = [];
  limbo: RefCall[] = [];
  closed = false;
  readonly #late: boolean;
  readonly #maxWaiters: number;
  #inputs: Input[] = [];
  #turn = -1;

  constructor(late: boolean, windows: readonly number[], maxWaiters: number) {
    this.#late = late;
    this.#maxWaiters = maxWaiters;
    this.engines = windows.map((window) => ({ window, up: true, queue: [] }));
  }

  of(state: RefCall['state']): RefCall[] { return this.calls.filter((c) => c.state === state); }
  running(engine: number): number { return this.of('running').filter((c) => c.engine === engine).length; }
  submit(call: RefCall): void { this.calls.push(call); this.#inputs.push({ rank: 2, call }); }
  complete(call: RefCall): void { this.#inputs.push({ rank: 0, call }); }
  fail(call: RefCall): void { this.#inputs.push({ rank: 1, call }); }
  cancel(call: RefCall): void { this.#inputs.push({ rank: 3, call }); }

  flush(nowUs: number, decide = true): void {
    this.commands = [];
    const due = this.of('waiting').filter((c) => c.deadlineUs <= nowUs).sort((a, b) => a.deadlineUs - b.deadlineUs || a.key - b.key);
    const inputs = [...this.#inputs, ...due.map((call) => ({ rank: 4, call }))].map((x, at) => ({ ...x, at })).sort((a, b) => a.rank - b.rank || a.call.key - b.call.key || a.at - b.at);
    this.#inputs = [];
    const arrivals: RefCall[] = [];
    for (const { rank, call } of inputs) {
      if (rank < 2 && call.state === 'running') {
        this.#note(nowUs, rank === 0 ? `finish ${name(call)} on ${call.engine}` : `drop ${name(call)} failed running`);
        call.state = 'over';
      } else if (rank === 2 && call.state === 'new') {
        this.#note(nowUs, `arrive ${name(call)}`);
        call.state = 'waiting';
        if (this.closed) this.#reject(call, 'shutdown', nowUs);
        else if (this.#isLost(call)) this.#reject(call, 'unroutable', nowUs);
        else { arrivals.push(call); this.#place(call); }
      } else if (rank === 3 && call.state === 'running') {
        this.#note(nowUs, `drop ${name(call)} cancelled running`);
        this.commands.push(`abort ${name(call)} on ${call.engine}`);
        call.state = 'over';
      } else if (rank === 3 && call.state === 'waiting') this.#reject(call, 'cancelled', nowUs);
      else if (rank === 4 && call.state === 'waiting') this.#reject(call, 'expired', nowUs);
    }
    for (const call of byArrival(this.of('waiting').filter((c) => this.#isLost(c)))) this.#reject(call, 'unroutable', nowUs);
    if (!decide) return;
    if (this.#late) this.#decideLate(nowUs);
    else this.engines.forEach((engine, e) => { while (engine.up && this.running(e) < engine.window && engine.queue.length > 0) this.#grant(engine.queue[0]!, e, nowUs); });
    for (const call of arrivals.reverse()) if (call.state === 'waiting' && this.of('waiting').length > this.#maxWaiters) this.#reject(call, 'backpressure', nowUs);
  }

  close(nowUs: number): void {
    this.closed = true;
    this.flush(nowUs, false);
    for (const call of byArrival(this.of('waiting'))) this.#reject(call, 'shutdown', nowUs);
  }

  up(e: number): void {
    if (this.engines[e]!.up) return;
    this.engines[e]!.up = true;
    for (const call of this.limbo.splice(0)) this.#place(call);
  }

  down(e: number): void {
    const engine = this.engines[e]!;
    if (!engine.up) return;
    engine.up = false;
    const leaving = byArrival(engine.queue.filter((c) => c.pin !== e));
    engine.queue = engine.queue.filter((c) => c.pin === e);
    for (const call of leaving) this.#place(call);
  }

  add(window: number): void {
    this.engines.push({ window, up: false, queue: [] });
    this.up(this.engines.length - 1);
  }

  #hasRoom(e: number): boolean { return this.engines[e]!.up && this.running(e) < this.engines[e]!.window; }
  #isLost(call: RefCall): boolean { return call.pin >= 0 && this.engines[call.pin]?.up !== true; }

  #decideLate(nowUs: number): void {
    for (;;) {
      const open = this.engines.flatMap((_, e) => (this.#hasRoom(e) ? [e] : []));
      const call = this.queue.find((c) => (c.pin < 0 ? open.length > 0 : open.includes(c.pin)));
      if (call === undefined) return;
      this.#grant(call, call.pin >= 0 ? call.pin : this.#next(open), nowUs);
    }
  }

  /** Engines in turn; where there is no choice the turn does not move. */
  #next(open: readonly number[]): number {
    if (open.length === 1) return open[0]!;
    this.#turn = open.find((e) => e > this.#turn) ?? open[0]!;
    return this.#turn;
  }

  #place(call: RefCall): void {
    if (this.#late) { this.queue.push(call); return; }
    const ups = this.engines.flatMap((engine, e) => (engine.up ? [e] : []));
    if (call.pin < 0 && ups.length === 0) { call.engine = -1; this.limbo.push(call); return; }
    call.engine = call.pin >= 0 ? call.pin : this.#next(ups);
    this.engines[call.engine]!.queue.push(call);
  }

  #grant(call: RefCall, e: number, nowUs: number): void {
    this.#leaveQueues(call);
    call.state = 'running';
    call.engine = e;
    this.#note(nowUs, `grant ${name(call)} on ${e}`);
    this.commands.push(`grant ${name(call)} on ${e}`);
  }

  #reject(call: RefCall, reason: string, nowUs: number): void {
    this.#leaveQueues(call);
    call.state = 'over';
    this.#note(nowUs, `drop ${name(call)} ${reason} waiting`);
    this.commands.push(`reject ${name(call)} ${reason}`);
  }

  #leaveQueues(call: RefCall): void {
    const without = (list: RefCall[]): RefCall[] => list.filter((c) => c !== call);
    this.queue = without(this.queue);
    this.limbo = without(this.limbo);
    for (const engine of this.engines) engine.queue = without(engine.queue);
  }

  #note(nowUs: number, text: string): void { this.log.push(`${nowUs} ${text}`); }
}

function name(call: RefCall): string { return `p${call.program}.${call.ordinal}`; }
function byArrival(calls: readonly RefCall[]): RefCall[] { return [...calls].sort((a, b) => a.arrivedUs - b.arrivedUs || a.key - b.key); }
