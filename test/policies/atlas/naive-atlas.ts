// ATLAS in its plainest words: one list of calls, every sum taken anew, time gone through microsecond by microsecond. The reference of the property tests.
import type { AtlasOptions } from '../../../src/policies/atlas-policy.ts';

export interface NaiveCall {
  readonly session: Session; readonly name: number; readonly ordinal: number; readonly parents: readonly number[] | undefined; readonly prompt: number; readonly pin: number;
  inherited: number; level: number; turn: number; state: 'waits' | 'runs' | 'over';
  /** Of the quantum of its level. */ used: number;
  waitUs: number; runUs: number; /** Of these, before it was last promoted. */ forgivenWaitUs: number; forgivenRunUs: number;
  produced: number; /** Tokens held · µs. */ heldUs: number; untoldUs: number; own: number;
}
interface Session { readonly program: number; readonly calls: NaiveCall[]; /** Of calls that ended. */ waitUs: number; runUs: number; heardUs: number; isOpen: boolean }

export class NaiveAtlas {
  readonly sessions: Session[] = [];
  readonly present: NaiveCall[] = [];
  readonly #options: AtlasOptions;
  #nowUs = 0;
  #turns = 0;

  constructor(options: AtlasOptions) { this.#options = options; }

  arrive(call: Pick<NaiveCall, 'name' | 'ordinal' | 'parents' | 'prompt' | 'pin'> & { readonly program: number }, nowUs: number): NaiveCall {
    this.settle(nowUs);
    for (const one of this.sessions) if (one.isOpen && one.calls.every(({ state }) => state === 'over') && nowUs - one.heardUs >= this.#options.idleLimitUs) one.isOpen = false;
    let session = this.sessions.find((one) => one.isOpen && one.program === call.program);
    if (!session) this.sessions.push(session = { program: call.program, calls: [], waitUs: 0, runUs: 0, heardUs: nowUs, isOpen: true });
    const fresh: NaiveCall = { ...call, session, inherited: 0, level: 0, turn: ++this.#turns, state: 'waits', used: 0, waitUs: 0, runUs: 0, forgivenWaitUs: 0, forgivenRunUs: 0, produced: 0, heldUs: 0, untoldUs: 0, own: 0 };
    fresh.inherited = this.#inherited(fresh);
    fresh.level = this.#levelOf(fresh.inherited);
    session.heardUs = nowUs;
    session.calls.push(fresh);
    this.present.push(fresh);
    return fresh;
  }

  grant(call: NaiveCall, nowUs: number): void { this.settle(nowUs); call.state = 'runs'; call.untoldUs = 0; }
  preempt(call: NaiveCall, nowUs: number): void { this.settle(nowUs); this.#hold(call, 0); call.state = 'waits'; }

  progress(call: NaiveCall, tokens: number, nowUs: number): void {
    this.settle(nowUs);
    this.#hold(call, tokens);
    if (this.#options.unit === 'wall') return;
    // One token at a time: who is at the quantum goes down, once for all of them.
    const before = call.level;
    for (let i = 0; i < tokens; i++) if (++call.used >= this.#options.levels.quanta[call.level]!) { call.level++; call.used = 0; }
    if (call.level > before) call.turn = ++this.#turns;
  }

  end(call: NaiveCall, cached: number, output: number, nowUs: number): void {
    this.settle(nowUs);
    if (call.state === 'runs') this.#hold(call, Math.max(0, output - call.produced));
    call.state = 'over';
    call.own = this.#own(call, cached);
    call.session.waitUs += call.waitUs;
    call.session.runUs += call.runUs;
    call.session.heardUs = nowUs;
    this.present.splice(this.present.indexOf(call), 1);
  }

  programEnd(program: number): void { const session = this.sessions.find((one) => one.isOpen && one.program === program); if (session) session.isOpen = false; }

  /** Everything, in the order in which it deserves service. */
  order(nowUs: number): readonly NaiveCall[] { this.settle(nowUs); return [...this.present].sort((a, b) => a.level - b.level || a.turn - b.turn); }

  budget(call: NaiveCall): number { return this.#options.unit === 'wall' ? Infinity : this.#options.levels.quanta[call.level]! - call.used; }

  /** (W_p + W_c) − beta · (T_p + T_c), in µs: from 0 on a call has waited too long. */
  excess(call: NaiveCall): number {
    const { session } = call;
    return session.waitUs + call.waitUs - call.forgivenWaitUs - this.#options.beta * (session.runUs + call.runUs - call.forgivenRunUs);
  }

  settle(nowUs: number): void {
    for (; this.#nowUs < nowUs; this.#nowUs++) {
      for (const call of this.present) {
        if (call.state === 'waits') { call.waitUs++; continue; }
        call.runUs++;
        call.untoldUs++;
        if (this.#options.unit === 'wall') call.used += 1e-6;
      }
      this.#rank();
    }
    this.#rank();
  }

  #rank(): void {
    const { levels: { quanta }, unit, beta } = this.#options;
    const beyond = (call: NaiveCall): number => call.used - quanta[call.level]!;
    if (unit === 'wall') for (const call of this.present.filter((one) => one.state === 'runs' && beyond(one) >= 0).sort((a, b) => beyond(b) - beyond(a) || a.turn - b.turn)) { call.used = beyond(call); call.level++; call.turn = ++this.#turns; }
    if (beta === 0) return;
    const late = this.present.filter((call) => call.state === 'waits' && call.level > 0 && call.session.isOpen && this.excess(call) >= 0).sort((a, b) => this.excess(b) - this.excess(a) || a.turn - b.turn);
    for (const call of late) { call.level = 0; call.turn = ++this.#turns; call.used = 0; call.forgivenWaitUs = call.waitUs; call.forgivenRunUs = call.runUs; }
  }

  #inherited(call: NaiveCall): number {
    const { calls } = call.session, ended = calls.filter(({ state }) => state === 'over');
    switch (this.#options.mode) {
      case 'sum': return ended.reduce((sum, { own }) => sum + own, 0);
      case 'scalar': return ended.reduce((most, one) => Math.max(most, one.inherited + one.own), 0);
      case 'parents': return (call.parents ?? [call.ordinal - 1]).reduce((most, ordinal) => Math.max(most, ...calls.filter((one) => one.ordinal === ordinal).map((one) => one.inherited + one.own)), 0);
    }
  }

  #levelOf(service: number): number { return this.#options.levels.bounds.reduce((level, bound, i) => (service >= bound ? i : level), 0); }

  #hold(call: NaiveCall, tokens: number): void { call.heldUs += (call.prompt + call.produced + tokens / 2) * call.untoldUs; call.untoldUs = 0; call.produced += tokens; }

  #own(call: NaiveCall, cached: number): number {
    switch (this.#options.unit) {
      case 'decode': return call.produced;
      case 'weighted': return (call.runUs > 0 || call.produced > 0 ? Math.max(0, call.prompt - cached) : 0) + this.#options.outputWeight * call.produced;
      case 'wall': return call.runUs / 1e6;
      case 'kv': return call.heldUs / 1e6;
    }
  }
}
