// Program pause in its plainest form: everything is counted anew from all programs at every question.
import type { PauseRules } from '../../src/addons/pause-book.ts';

export interface PlainProgram {
  readonly program: number;
  state: 'in' | 'marked' | 'held';
  /** Prompts of its calls in flight and outside, by call; context of the last that ended. */
  readonly flight: Map<number, number>;
  readonly outside: Map<number, number>;
  last: number;
  actingUs: number;
  heldUs: number;
}

/** A question that stood on the edge to within rounding: two ways of adding up may answer it differently. */
export class OnTheEdge extends Error {}

const sum = (map: ReadonlyMap<number, number>): number => [...map.values()].reduce((a, b) => a + b, 0);

export class PlainPause {
  readonly programs: PlainProgram[] = [];
  readonly rules: PauseRules;
  /** Decisions of the last check, by program. */
  paused: number[] = [];
  resumed: number[] = [];

  constructor(rules: PauseRules) { this.rules = rules; }

  find(program: number): PlainProgram | undefined { return this.programs.find((one) => one.program === program); }

  context(one: PlainProgram): number { return one.flight.size > 0 ? sum(one.flight) : one.last; }
  needs(one: PlainProgram): number { return one.outside.size > 0 ? sum(one.outside) : one.last; }

  usage(nowUs: number): number {
    let tokens = 0;
    for (const one of this.programs) {
      if (one.state !== 'in') continue;
      tokens += this.rules.bufferTokens + (one.flight.size > 0 ? sum(one.flight) : one.last * (this.rules.halfLifeUs === Infinity ? 1 : 2 ** (-(nowUs - one.actingUs) / this.rules.halfLifeUs)));
    }
    return tokens;
  }

  exceeds(tokens: number, limit: number): boolean {
    if (tokens !== limit && Math.abs(tokens - limit) < 1e-6 * (1 + limit)) throw new OnTheEdge();
    return tokens > limit;
  }

  arrive(call: number, program: number, prompt: number, nowUs: number): boolean {
    let one = this.find(program);
    if (one === undefined) {
      this.forget(nowUs);
      const isAlone = this.programs.every(({ state }) => state === 'held'), isFirst = this.programs.every(({ state }) => state !== 'held');
      const fits = isFirst && (isAlone || !this.exceeds(this.usage(nowUs) + prompt + this.rules.bufferTokens, this.rules.pauseAtTokens));
      one = { program, state: fits ? 'in' : 'held', flight: new Map(), outside: new Map(), last: 0, actingUs: nowUs, heldUs: nowUs };
      this.programs.push(one);
    }
    (one.state === 'in' ? one.flight : one.outside).set(call, prompt);
    return one.state === 'in';
  }

  ended(call: number, context: number, nowUs: number): void {
    const one = this.programs.find(({ flight }) => flight.has(call));
    if (one === undefined) return;
    one.flight.delete(call);
    one.last = context;
    if (one.flight.size > 0) return;
    one.actingUs = one.heldUs = nowUs;
    if (one.state === 'marked') one.state = 'held';
  }

  withdraw(call: number): void { this.programs.find(({ outside }) => outside.has(call))?.outside.delete(call); }

  end(program: number): void { const at = this.programs.findIndex((one) => one.program === program); if (at >= 0) this.programs.splice(at, 1); }

  forget(nowUs: number): void {
    for (const one of [...this.programs]) if (one.state === 'in' && one.flight.size === 0 && nowUs - one.actingUs >= this.rules.idleLimitUs) this.end(one.program);
  }

  check(nowUs: number): void {
    this.forget(nowUs);
    this.decide(nowUs);
  }

  decide(nowUs: number): void {
    const { rules } = this, forced = new Set<PlainProgram>();
    this.paused = [];
    this.resumed = [];
    const held = (): PlainProgram[] => this.programs.filter(({ state }) => state === 'held');
    const least = (list: PlainProgram[], key: (one: PlainProgram) => number): PlainProgram | undefined => list.sort((a, b) => key(a) - key(b) || a.program - b.program)[0];
    for (let one = least(held(), ({ heldUs }) => heldUs); one && nowUs - one.heldUs >= rules.resumeTimeoutUs; one = least(held(), ({ heldUs }) => heldUs)) { forced.add(one); this.#goOn(one, nowUs); }
    for (;;) {
      const waiting = held().filter(({ outside }) => outside.size > 0);
      const one = least(waiting.length > 0 ? waiting : held(), (other) => this.needs(other) + rules.ageingTokensPerUs * other.heldUs);
      if (one === undefined) break;
      const isAlone = this.programs.every(({ state }) => state === 'held');
      if (!isAlone && this.exceeds(this.usage(nowUs) + this.needs(one) + rules.bufferTokens, rules.resumeTokens)) break;
      this.#goOn(one, nowUs);
    }
    if (!this.exceeds(this.usage(nowUs), rules.pauseAtTokens)) return;
    for (const isActing of [true, false]) {
      for (;;) {
        const inside = this.programs.filter(({ state }) => state === 'in');
        if (inside.length < 2 || !this.exceeds(this.usage(nowUs), rules.pauseToTokens)) break;
        const one = least(inside.filter((other) => !forced.has(other) && (other.flight.size === 0) === isActing), (other) => this.context(other));
        if (one === undefined) break;
        one.state = isActing ? 'held' : 'marked';
        one.heldUs = nowUs;
        this.paused.push(one.program);
      }
    }
  }

  #goOn(one: PlainProgram, nowUs: number): void {
    one.state = 'in';
    one.actingUs = nowUs;
    for (const [call, prompt] of one.outside) one.flight.set(call, prompt);
    one.outside.clear();
    this.resumed.push(one.program);
  }
}
