// The calls of one replication as trace events for ui.perfetto.dev and chrome://tracing: waits by agent, services by place of an engine.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import { DROP_NAMES } from '../../src/observe/lifecycle.ts';
import { callName } from './call-log.ts';
import type { TraceEvent, TraceSink } from './trace-sink.ts';
import type { Watcher } from './watched-recorder.ts';

export interface TimelineOptions {
  readonly calls: CallTable;
  readonly agents: readonly { readonly name: string }[];
  readonly engines: number;
  /** Names of calls by slot, known once the shell has been made. */
  readonly ids: () => readonly string[] | undefined;
  readonly sink: TraceSink;
  /** First number of a process that is free, where several replications share a file. */
  readonly firstProcess: number;
  /** Stands before the names of processes; empty: nothing. */
  readonly label: string;
}

/** Where a call is: since when it waits or is served, and on which place of which engine; place −1: on none. */
interface Open { readonly arrivedUs: number; readonly id: number; sinceUs: number; place: number; engine: number }

/**
 * Trace Event Format, in integer microseconds of simulated time. A wait is an async pair named by its agent, so that the waits of one agent share
 * a track however many overlap; a service is a complete event on the lowest free place of its engine, with prefill and decode inside where the
 * workload has tokens. A preempted call has a wait and a service more. Memory O(calls present); time O(places) a call.
 */
export class Timeline implements Watcher {
  readonly #options: TimelineOptions;
  readonly #open = new Map<CallSlot, Open>();
  /** Places by engine: 1 taken. */
  readonly #taken: number[][];
  /** Granted at `#grantedUs`: engines without a queue have begun with them by the next instant, and say nothing. */
  #granted: CallSlot[] = [];
  #grantedUs = -1;
  #ids = 0;
  #waiting = 0;
  #countedUs = -1;
  #counted = -1;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#taken = Array.from({ length: options.engines }, () => []);
    const { firstProcess: pid, label, engines } = options, names = ['waiting', ...Array.from({ length: engines }, (_, e) => `engine ${e}`)];
    names.forEach((name, i) => {
      this.#meta('process_name', pid + i, { name: label === '' ? name : `${label} · ${name}` });
      this.#meta('process_sort_index', pid + i, { sort_index: pid + i });
    });
  }

  arrive(call: CallSlot, nowUs: number): void {
    this.#settle(nowUs);
    this.#open.set(call, { arrivedUs: nowUs, id: this.#ids++, sinceUs: nowUs, place: -1, engine: -1 });
    this.#count(1, nowUs);
  }

  grant(call: CallSlot, engine: number, nowUs: number): void {
    this.#settle(nowUs);
    this.#get(call).engine = engine;
    this.#grantedUs = nowUs;
    this.#granted.push(call);
  }

  schedule(call: CallSlot, engine: number, nowUs: number): void {
    this.#settle(nowUs);
    this.#begin(call, engine, nowUs);
  }

  resume(call: CallSlot, engine: number, nowUs: number): void { this.schedule(call, engine, nowUs); }

  firstToken(_call: CallSlot, _engine: number, nowUs: number): void { this.#settle(nowUs); }

  preempt(call: CallSlot, _engine: number, nowUs: number): void {
    this.#settle(nowUs);
    this.#service(call, this.#get(call), nowUs, 'preempted');
    this.#count(1, nowUs);
  }

  finish(call: CallSlot, _engine: number, nowUs: number): void { this.#end(call, nowUs, 'completed'); }

  drop(call: CallSlot, reason: number, _wasRunning: boolean, nowUs: number): void { this.#end(call, nowUs, DROP_NAMES[reason] ?? 'dropped'); }

  close(endUs: number): void {
    this.#settle(Infinity);
    for (const [call, open] of [...this.#open]) this.#end(call, Math.max(endUs, open.sinceUs), 'unfinished');
    this.#flushCount();
  }

  #end(call: CallSlot, nowUs: number, outcome: string): void {
    this.#settle(nowUs);
    const open = this.#get(call), { scheduledUs, preemptions } = this.#options.calls;
    // Granted and ended within one instant.
    if (open.place < 0 && open.engine >= 0 && scheduledUs[call] >= open.arrivedUs && preemptions[call] === 0) this.#begin(call, open.engine, scheduledUs[call]);
    if (open.place >= 0) this.#service(call, open, nowUs, outcome);
    else this.#wait(call, open, nowUs, { outcome });
    this.#open.delete(call);
  }

  #settle(nowUs: number): void {
    if (nowUs === this.#grantedUs || this.#granted.length === 0) return;
    const granted = this.#granted;
    this.#granted = [];
    for (const call of granted) {
      const open = this.#open.get(call), startedUs = this.#options.calls.scheduledUs[call];
      if (open !== undefined && open.place < 0 && startedUs === this.#grantedUs) this.#begin(call, open.engine, startedUs);
    }
  }

  #get(call: CallSlot): Open { return this.#open.get(call) as Open; }

  #process(engine: number): number { return this.#options.firstProcess + 1 + engine; }

  /** As --calls writes it. */
  #name(call: CallSlot): string { return callName(this.#options.calls, this.#options.ids(), call); }

  #agent(call: CallSlot): string { return this.#options.agents[this.#options.calls.agent[call]]?.name ?? ''; }

  /** The wait is over: the call takes the lowest free place. */
  #begin(call: CallSlot, engine: number, nowUs: number): void {
    const open = this.#get(call);
    if (open.place >= 0) return;
    while (this.#taken.length <= engine) this.#taken.push([]);
    const taken = this.#taken[engine];
    this.#wait(call, open, nowUs, {});
    let place = taken.indexOf(0);
    if (place < 0) {
      place = taken.push(0) - 1;
      this.#meta('thread_name', this.#process(engine), { name: `place ${place}` }, place);
    }
    taken[place] = 1;
    Object.assign(open, { engine, place, sinceUs: nowUs });
  }

  /** The wait that ends now. One of no length is drawn as well: it says that the call did not wait. */
  #wait(call: CallSlot, open: Open, nowUs: number, more: object): void {
    const common = { cat: 'wait', id: `${this.#options.firstProcess}.${open.id}`, name: this.#agent(call) || 'calls', pid: this.#options.firstProcess, tid: 0 };
    this.#emit(nowUs, { ph: 'b', ts: open.sinceUs, ...common, args: { call: this.#name(call), program: this.#options.calls.program[call], waited_s: (nowUs - open.sinceUs) / 1e6, ...more } }, { ph: 'e', ts: nowUs, ...common });
    this.#count(-1, nowUs);
  }

  #service(call: CallSlot, open: Open, nowUs: number, outcome: string): void {
    const { calls } = this.#options, name = this.#name(call), agent = this.#agent(call), at = { pid: this.#process(open.engine), tid: open.place }, firstUs = calls.firstTokenUs[call];
    this.#emit(nowUs, {
      ph: 'X', ts: open.sinceUs, dur: nowUs - open.sinceUs, cat: 'service', name: agent === '' ? `call ${name}` : `${agent}: ${name}`, ...at,
      args: { call: name, agent, program: calls.program[call], outcome, since_arrival_s: (open.sinceUs - open.arrivedUs) / 1e6, prompt_tokens: calls.promptTokens[call], output_tokens: calls.outputTokens[call] },
    });
    if (firstUs > open.sinceUs && firstUs <= nowUs) {
      this.#emit(nowUs, { ph: 'X', ts: open.sinceUs, dur: firstUs - open.sinceUs, cat: 'tokens', name: 'prefill', ...at });
      if (nowUs > firstUs) this.#emit(nowUs, { ph: 'X', ts: firstUs, dur: nowUs - firstUs, cat: 'tokens', name: 'decode', ...at });
    }
    this.#taken[open.engine][open.place] = 0;
    Object.assign(open, { place: -1, sinceUs: nowUs });
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
    this.#emit(this.#countedUs, { ph: 'C', ts: this.#countedUs, name: 'calls waiting', pid: this.#options.firstProcess, tid: 0, args: { calls: this.#waiting } });
  }

  #meta(name: string, pid: number, args: object, tid = 0): void { this.#options.sink.name(name, pid, args, tid); }

  #emit(endUs: number, ...events: readonly TraceEvent[]): void { this.#options.sink.put(endUs, ...events); }
}
