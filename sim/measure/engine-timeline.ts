// One replication on batch engines as trace events for ui.perfetto.dev: steps by engine, calls with the parts of their time, counters.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import { DROP_NAMES } from '../../src/observe/lifecycle.ts';
import { CALL_PARTS, PART_GATE } from '../engine/batch/call-split.ts';
import type { StepRecord } from '../engine/batch/step-record.ts';
import { callName } from './call-log.ts';
import type { TimelineOptions } from './timeline.ts';
import type { TraceEvent } from './trace-sink.ts';
import type { Watcher } from './watched-recorder.ts';

/** A call in the system: its track, and the parts of its time so far, by their beginnings. */
interface Open { readonly id: number; readonly arrivedUs: number; engine: number; readonly parts: number[]; readonly fromUs: number[] }

/** What was last drawn of an engine: the end of its last step, and its counters. */
interface Drawn { endUs: number; running: number; waiting: number; kv: number }

/**
 * Trace Event Format, in integer microseconds of simulated time. Each call is an async track of its own: one slice from arrival to end, and inside it
 * one for each part of its time, which follow each other without a gap. Steps are complete events. A counter has a point where it changes.
 * Where the sink is full, calls in flight are drawn as far as they went, and nothing after. Memory O(calls present).
 */
export class EngineTimeline implements Watcher {
  readonly #options: TimelineOptions;
  readonly #calls: CallTable;
  readonly #open = new Map<CallSlot, Open>();
  readonly #drawn: Drawn[];
  #ids = 0;
  #gate = 0;
  #gateUs = 0;
  #gateDrawn = 0;
  #isOver = false;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#calls = options.calls;
    this.#drawn = Array.from({ length: options.engines }, () => ({ endUs: 0, running: 0, waiting: 0, kv: 0 }));
    const { firstProcess: pid, label, engines, sink } = options;
    ['calls', ...Array.from({ length: engines }, (_, e) => `engine ${e}`)].forEach((name, i) => {
      sink.name('process_name', pid + i, { name: label === '' ? name : `${label} · ${name}` });
      sink.name('process_sort_index', pid + i, { sort_index: pid + (i === 0 ? engines : i - 1) });
      if (i > 0) sink.name('thread_name', pid + i, { name: 'steps' }, 1);
    });
  }

  arrive(call: CallSlot, nowUs: number): void {
    if (this.#isOver) return;
    this.#open.set(call, { id: this.#ids++, arrivedUs: nowUs, engine: -1, parts: [PART_GATE], fromUs: [nowUs] });
    this.#atGate(1, nowUs);
  }

  grant(call: CallSlot, engine: number, nowUs: number): void {
    const open = this.#open.get(call);
    if (open === undefined) return;
    open.engine = engine;
    this.#atGate(-1, nowUs);
  }

  schedule(): void { /* `part` says it. */ }
  resume(): void { /* `part` says it. */ }
  firstToken(): void { /* `part` says it. */ }
  preempt(): void { /* `part` says it. */ }

  part(call: CallSlot, part: number, nowUs: number): void {
    const open = this.#open.get(call);
    if (open === undefined || open.parts[open.parts.length - 1] === part) return;
    open.parts.push(part);
    open.fromUs.push(nowUs);
  }

  step({ engine, startUs, endUs, load, running, waiting, freeBlocks, usableBlocks }: Readonly<StepRecord>): void {
    if (this.#isOver) return;
    const { sink } = this.#options, pid = this.#process(engine), drawn = this.#drawn[engine];
    if (startUs > drawn.endUs) this.#counters(engine, drawn.endUs, 0, 0, 0);
    this.#counters(engine, startUs, running, waiting, Math.round(1000 * (1 - freeBlocks / usableBlocks)) / 10);
    drawn.endUs = endUs;
    sink.put(endUs, {
      ph: 'X', ts: startUs, dur: endUs - startUs, cat: 'step', name: load.chunks === 0 ? 'decode' : load.decoders === 0 ? 'prefill' : 'prefill and decode', pid, tid: 1,
      args: { tokens: load.decoders + load.chunkTokens, decoders: load.decoders, prefill_tokens: load.chunkTokens, running, waiting, free_blocks: freeBlocks },
    });
    if (sink.isFull) this.#stop(startUs);
  }

  finish(call: CallSlot, _engine: number, nowUs: number): void { this.#end(call, nowUs, 'completed'); }

  drop(call: CallSlot, reason: number, wasRunning: boolean, nowUs: number): void {
    if (!wasRunning && this.#open.has(call)) this.#atGate(-1, nowUs);
    this.#end(call, nowUs, DROP_NAMES[reason] ?? 'dropped');
  }

  close(endUs: number): void {
    if (this.#isOver) return;
    this.#openOnes(endUs, 'unfinished');
    this.#drawn.forEach((drawn, engine) => { this.#counters(engine, drawn.endUs, 0, 0, 0); });
    this.#flushGate();
  }

  /** No room for more: what is in flight is drawn as far as it went. */
  #stop(nowUs: number): void {
    const { sink, firstProcess: pid } = this.#options;
    this.#isOver = true;
    this.#openOnes(nowUs, 'drawn so far');
    sink.last(nowUs, { ph: 'i', s: 'g', ts: nowUs, name: 'the drawing ends here', pid, tid: 0, args: { more: `--trace-from ${nowUs / 1e6}` } });
  }

  #openOnes(nowUs: number, outcome: string): void {
    for (const [call] of [...this.#open]) this.#end(call, nowUs, outcome);
  }

  #process(engine: number): number { return this.#options.firstProcess + 1 + engine; }

  #end(call: CallSlot, nowUs: number, outcome: string): void {
    const open = this.#open.get(call);
    if (open === undefined) return;
    this.#open.delete(call);
    const { sink, agents, firstProcess: pid } = this.#options, calls = this.#calls, name = callName(calls, this.#options.ids(), call), at = { cat: 'call', id: `${pid}.${open.id}`, pid, tid: 0 };
    const events: TraceEvent[] = [{
      ph: 'b', ts: open.arrivedUs, name, ...at,
      args: { call: name, agent: agents[calls.agent[call]]?.name ?? '', program: calls.program[call], engine: open.engine, outcome, prompt_tokens: calls.promptTokens[call], cached_tokens: calls.cachedTokens[call], output_tokens: calls.outputTokens[call], preemptions: calls.preemptions[call] },
    }];
    open.parts.forEach((part, i) => {
      const fromUs = open.fromUs[i], toUs = open.fromUs[i + 1] ?? nowUs;
      if (toUs > fromUs) events.push({ ph: 'b', ts: fromUs, name: WORDS[part], ...at }, { ph: 'e', ts: toUs, name: WORDS[part], ...at });
    });
    events.push({ ph: 'e', ts: Math.max(nowUs, open.arrivedUs), name, ...at });
    if (this.#isOver || outcome === 'unfinished') sink.last(nowUs, ...events); else sink.put(nowUs, ...events);
    if (sink.isFull && !this.#isOver) this.#stop(nowUs);
  }

  #counters(engine: number, atUs: number, running: number, waiting: number, kv: number): void {
    const drawn = this.#drawn[engine], pid = this.#process(engine), { sink } = this.#options;
    const counter = (name: string, args: Readonly<Record<string, number>>): void => { sink.put(atUs, { ph: 'C', ts: atUs, name, pid, tid: 0, args }); };
    if (running !== drawn.running) counter('running', { requests: running });
    if (waiting !== drawn.waiting) counter('waiting', { requests: waiting });
    if (kv !== drawn.kv) counter('KV blocks held, %', { percent: kv });
    Object.assign(drawn, { running, waiting, kv });
  }

  /** Calls at the gate, one point an instant. */
  #atGate(change: number, nowUs: number): void {
    if (nowUs !== this.#gateUs) this.#flushGate();
    this.#gate += change;
    this.#gateUs = nowUs;
  }

  #flushGate(): void {
    if (this.#gate === this.#gateDrawn) return;
    this.#gateDrawn = this.#gate;
    this.#options.sink.put(this.#gateUs, { ph: 'C', ts: this.#gateUs, name: 'calls at the gate', pid: this.#options.firstProcess, tid: 0, args: { calls: this.#gate } });
  }
}

/** `frontEnd` as `front end`. */
const WORDS = CALL_PARTS.map((name) => name.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`));
