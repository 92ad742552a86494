// The process table once more, as plainly as it can be said: maps and arrays, everything recomputed when asked. The reference of the property tests.
import { ANSWER_DUPLICATE, ANSWER_LATE, ANSWER_TAKEN, ANSWER_UNKNOWN } from '../../src/programs/answers.ts';
import type { ServiceUnit } from '../../src/programs/service-meter.ts';

interface NaiveCall {
  readonly session: NaiveProgram; readonly ordinal: number; readonly prompt: number; readonly arrivedUs: number; readonly inherited: number;
  /** [from, to] of every stretch on an engine; the last may be open. */ readonly runs: { fromUs: number; toUs: number }[];
  /** Output tokens told, each telling with the stretch of time since the one before on the engine. */ readonly told: { readonly tokens: number; readonly overUs: number }[];
  state: 'waits' | 'runs' | 'over'; endedUs: number; cached: number; heardUs: number;
}
interface NaiveProgram { readonly program: number; readonly openedUs: number; readonly calls: NaiveCall[]; readonly engines: Set<number>; isOpen: boolean }

export class NaiveTable {
  readonly programs = new Map<number, NaiveProgram>();
  readonly calls = new Map<number, NaiveCall>();
  readonly #unit: ServiceUnit;
  readonly #weight: number;
  constructor(unit: ServiceUnit, weight: number) { this.#unit = unit; this.#weight = weight; }

  open(program: number, nowUs: number): number {
    if (this.programs.has(program)) return ANSWER_DUPLICATE;
    this.programs.set(program, { program, openedUs: nowUs, calls: [], engines: new Set(), isOpen: true });
    return ANSWER_TAKEN;
  }

  close(program: number): number {
    const session = this.programs.get(program);
    if (!session) return ANSWER_UNKNOWN;
    session.isOpen = false;
    this.programs.delete(program);
    return ANSWER_TAKEN;
  }

  reap(nowUs: number, limitUs: number): number {
    const dead = [...this.programs.values()].filter((session) => session.calls.every(({ state }) => state === 'over')
      && nowUs - Math.max(session.openedUs, ...session.calls.flatMap(({ arrivedUs, endedUs }) => [arrivedUs, endedUs])) >= limitUs);
    for (const { program } of dead) this.close(program);
    return dead.length;
  }

  arrive(call: number, program: number, ordinal: number, prompt: number, inherited: number, nowUs: number): number {
    const known = this.calls.get(call);
    if (known && known.state !== 'over' && known.session.isOpen) return ANSWER_DUPLICATE;
    if (!this.programs.has(program)) this.open(program, nowUs);
    const session = this.programs.get(program)!, fresh: NaiveCall = { session, ordinal, prompt, arrivedUs: nowUs, inherited, runs: [], told: [], state: 'waits', endedUs: -1, cached: 0, heardUs: nowUs };
    session.calls.push(fresh);
    this.calls.set(call, fresh);
    return ANSWER_TAKEN;
  }

  start(call: number, engine: number, nowUs: number): number {
    return this.#on(call, 'waits', (known) => { known.state = 'runs'; known.runs.push({ fromUs: nowUs, toUs: -1 }); known.heardUs = nowUs; known.session.engines.add(engine); });
  }

  progress(call: number, tokens: number, nowUs: number): number {
    return this.#on(call, 'runs', (known) => { known.told.push({ tokens, overUs: nowUs - known.heardUs }); known.heardUs = nowUs; });
  }

  stop(call: number, nowUs: number): number {
    return this.#on(call, 'runs', (known) => { known.told.push({ tokens: 0, overUs: nowUs - known.heardUs }); known.runs.at(-1)!.toUs = nowUs; known.state = 'waits'; });
  }

  end(call: number, cached: number, output: number, nowUs: number): number {
    const wasRunning = this.calls.get(call)?.state === 'runs';
    return this.#on(call, wasRunning ? 'runs' : 'waits', (known) => {
      if (wasRunning) { known.told.push({ tokens: Math.max(0, output - this.#produced(known)), overUs: nowUs - known.heardUs }); known.runs.at(-1)!.toUs = nowUs; }
      known.state = 'over';
      known.endedUs = nowUs;
      known.cached = cached;
    });
  }

  #on(call: number, wanted: NaiveCall['state'], work: (known: NaiveCall) => void): number {
    const known = this.calls.get(call);
    if (!known) return ANSWER_UNKNOWN;
    if (!known.session.isOpen) return ANSWER_LATE;
    if (known.state !== wanted) return ANSWER_DUPLICATE;
    work(known);
    return ANSWER_TAKEN;
  }

  #produced({ told }: NaiveCall): number { return told.reduce((sum, { tokens }) => sum + tokens, 0); }
  #runUs({ runs }: NaiveCall): number { return runs.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0); }

  /** Service of a call that has ended. */
  own(call: NaiveCall): number {
    const output = this.#produced(call);
    switch (this.#unit) {
      case 'decode': return output;
      case 'weighted': return (this.#runUs(call) > 0 || output > 0 ? Math.max(0, call.prompt - call.cached) : 0) + this.#weight * output;
      case 'wall': return this.#runUs(call) / 1e6;
      case 'kv': {
        let held = call.prompt, area = 0;
        for (const { tokens, overUs } of call.told) { area += (held + tokens / 2) * overUs; held += tokens; }
        return area / 1e6;
      }
    }
  }

  service(program: number): number { return this.#ended(program).reduce((sum, call) => sum + this.own(call), 0); }
  critical(program: number): number { return this.#ended(program).reduce((most, call) => Math.max(most, call.inherited + this.own(call)), 0); }
  runUs(program: number): number { return this.#ended(program).reduce((sum, call) => sum + this.#runUs(call), 0); }
  waitUs(program: number): number { return this.#ended(program).reduce((sum, call) => sum + call.endedUs - call.arrivedUs - this.#runUs(call), 0); }
  active(program: number): number { return this.programs.get(program)!.calls.filter(({ state }) => state !== 'over').length; }
  lastArrivalUs(program: number): number { return Math.max(-1, ...this.programs.get(program)!.calls.map(({ arrivedUs }) => arrivedUs)); }
  lastCompletionUs(program: number): number { return Math.max(-1, ...this.programs.get(program)!.calls.map(({ endedUs }) => endedUs)); }
  /** Max over parents of what they inherited and got; of the latest call of an ordinal. */
  fromParents(program: number, parents: readonly number[]): number {
    return Math.max(0, ...parents.map((ordinal) => { const call = this.#latest(program, ordinal); return call === undefined ? 0 : call.inherited + (call.state === 'over' ? this.own(call) : 0); }));
  }

  /** A call of the same ordinal that was told later counts: a second try takes the place of the first. */
  #latest(program: number, ordinal: number): NaiveCall | undefined {
    let latest: NaiveCall | undefined, atUs = -1;
    for (const call of this.programs.get(program)?.calls ?? []) if (call.ordinal === ordinal && Math.max(call.arrivedUs, call.endedUs) >= atUs) { latest = call; atUs = Math.max(call.arrivedUs, call.endedUs); }
    return latest;
  }

  #ended(program: number): NaiveCall[] { return this.programs.get(program)!.calls.filter(({ state }) => state === 'over'); }
}
