// The calls of one replication as trace events for ui.perfetto.dev and chrome://tracing: waits by agent, services by place of an engine.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import { DROP_NAMES } from '../../src/observe/lifecycle.ts';
import { callName } from './call-log.ts';
import type { Watcher } from './watched-recorder.ts';

export interface TimelineOptions {
  readonly calls: CallTable;
  readonly agents: readonly { readonly name: string }[];
  readonly engines: number;
  /** Names of calls by slot, known once the shell has been made. */
  readonly ids: () => readonly string[] | undefined;
  /** Told one trace event at a time, as JSON without a newline. */
  readonly write: (event: string) => void;
  /** First number of a process that is free, where several replications share a file. */
  readonly firstProcess: number;
  /** Stands before the names of processes; empty: nothing. */
  readonly label: string;
}

/** Where a call is: since when, and on which place of which engine once it is served. */
interface Open { readonly arrivedUs: number; readonly id: number; sinceUs: number; firstUs: number; place: number; engine: number }

/**
 * Trace Event Format: integer microseconds of simulated time. A wait is an async pair named by its agent, so that the waits of one agent share a
 * track however many overlap; a service is a complete event on the lowest free place of its engine, with prefill and decode inside where the
 * workload has tokens. A preempted call has a wait and a service more. Memory O(calls present).
 */
export class Timeline implements Watcher {
  readonly #options: TimelineOptions;
  readonly #open = new Map<CallSlot, Open>();
  /** Places in use by engine: 1 taken. */
  readonly #taken: number[][];
  #ids = 0;
  #waiting = 0;
  #countedUs = -1;
  #counted = -1;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#taken = Array.from({ length: options.engines }, () => []);
    const { firstProcess: pid, label, engines } = options, name = (text: string): string => (label === '' ? text : `${label} · ${text}`);
    this.#meta('process_name', pid, { name: name('waiting') });
    this.#meta('process_sort_index', pid, { sort_index: pid });
    for (let engine = 0; engine < engines; engine++) {
      this.#meta('process_name', pid + 1 + engine, { name: name(`engine ${engine}`) });
      this.#meta('process_sort_index', pid + 1 + engine, { sort_index: pid + 1 + engine });
    }
  }

  /** Processes that a replication takes. */
  static processes(engines: number): number { return engines + 1; }

  arrive(call: CallSlot, nowUs: number): void {
    this.#open.set(call, { arrivedUs: nowUs, id: this.#ids++, sinceUs: nowUs, firstUs: -1, place: -1, engine: -1 });
    this.#count(1, nowUs);
  }

  grant(call: CallSlot, engine: number, _nowUs: number): void { this.#get(call).engine = engine; }

  schedule(call: CallSlot, engine: number, nowUs: number): void {
    const open = this.#get(call), taken = this.#ensure(engine);
    this.#wait(call, open, nowUs, {});
    let place = taken.indexOf(0);
    if (place < 0) {
      place = taken.length;
      taken.push(0);
      this.#meta('thread_name', this.#process(engine), { name: `place ${place}` }, place);
    }
    taken[place] = 1;
    Object.assign(open, { engine, place, sinceUs: nowUs });
  }

  firstToken(call: CallSlot, _engine: number, nowUs: number): void { this.#get(call).firstUs = nowUs; }

  preempt(call: CallSlot, _engine: number, nowUs: number): void {
    const open = this.#get(call);
    this.#service(call, open, nowUs, 'preempted');
    this.#count(1, nowUs);
  }

  finish(call: CallSlot, _engine: number, nowUs: number): void { this.#end(call, nowUs, 'completed'); }

  drop(call: CallSlot, reason: number, _wasRunning: boolean, nowUs: number): void { this.#end(call, nowUs, DROP_NAMES[reason] ?? 'dropped'); }

  close(endUs: number): void {
    for (const call of [...this.#open.keys()]) this.#end(call, Math.max(endUs, this.#get(call).sinceUs), 'unfinished');
    this.#flushCount();
  }

  #end(call: CallSlot, nowUs: number, outcome: string): void {
    const open = this.#get(call);
    if (open.place >= 0) this.#service(call, open, nowUs, outcome);
    else this.#wait(call, open, nowUs, { outcome });
    this.#open.delete(call);
  }

  #get(call: CallSlot): Open { return this.#open.get(call) as Open; }

  #process(engine: number): number { return this.#options.firstProcess + 1 + engine; }

  #ensure(engine: number): number[] {
    while (this.#taken.length <= engine) this.#taken.push([]);
    return this.#taken[engine];
  }

  /** As --calls writes it. */
  #name(call: CallSlot): string { return callName(this.#options.calls, this.#options.ids(), call); }

  #agent(call: CallSlot): string { return this.#options.agents[this.#options.calls.agent[call]]?.name || 'calls'; }

  /** The wait that ends now. One of no length is drawn as well: it says that the call did not wait. */
  #wait(call: CallSlot, open: Open, nowUs: number, more: object): void {
    const common = { cat: 'wait', id: open.id, name: this.#agent(call), pid: this.#options.firstProcess, tid: 0 }, { calls } = this.#options;
    this.#emit({ ph: 'b', ts: open.sinceUs, ...common, args: { call: this.#name(call), program: calls.program[call], ...(open.engine >= 0 ? { engine: open.engine } : {}), waited_s: (nowUs - open.sinceUs) / 1e6, ...more } });
    this.#emit({ ph: 'e', ts: nowUs, ...common });
    this.#count(-1, nowUs);
  }

  #service(call: CallSlot, open: Open, nowUs: number, outcome: string): void {
    const { calls } = this.#options, name = this.#name(call), at = { pid: this.#process(open.engine), tid: open.place }, agent = this.#agent(call), firstUs = open.firstUs;
    this.#emit({
      ph: 'X', ts: open.sinceUs, dur: nowUs - open.sinceUs, cat: 'service', name: `${agent === 'calls' ? 'call' : agent} ${name}`, ...at,
      args: { call: name, agent, program: calls.program[call], outcome, waited_s: (open.sinceUs - open.arrivedUs) / 1e6, prompt_tokens: calls.promptTokens[call], output_tokens: calls.outputTokens[call] },
    });
    if (firstUs > open.sinceUs && firstUs <= nowUs) {
      this.#emit({ ph: 'X', ts: open.sinceUs, dur: firstUs - open.sinceUs, cat: 'tokens', name: 'prefill', ...at });
      if (nowUs > firstUs) this.#emit({ ph: 'X', ts: firstUs, dur: nowUs - firstUs, cat: 'tokens', name: 'decode', ...at });
    }
    this.#taken[open.engine][open.place] = 0;
    Object.assign(open, { place: -1, sinceUs: nowUs, firstUs: -1 });
  }

  /** The number of waiting calls, one point an instant. */
  #count(change: number, nowUs: number): void {
    if (nowUs !== this.#countedUs) this.#flushCount();
    this.#waiting += change;
    this.#countedUs = nowUs;
  }

  #flushCount(): void {
    if (this.#countedUs < 0 || this.#waiting === this.#counted) return;
    this.#counted = this.#waiting;
    this.#emit({ ph: 'C', ts: this.#countedUs, name: 'calls waiting', pid: this.#options.firstProcess, tid: 0, args: { calls: this.#waiting } });
  }

  #meta(name: string, pid: number, args: object, tid = 0): void { this.#emit({ ph: 'M', ts: 0, name, pid, tid, args }); }

  #emit(event: object): void { this.#options.write(JSON.stringify(event)); }
}
