// One live endpoint as an engine of the laboratory: prompts of the asked length, reports turned into promises.
import type { Clock } from '../../src/clock.ts';
import type { CallSlot } from '../../src/dispatch/calls.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import type { EngineEvents } from '../../src/engines/engine.ts';
import { VllmEngine } from '../../src/engines/vllm.ts';
import type { Stage } from './stage.ts';

/** Lengths where a scenario has no tokens. */
const DEFAULT_TOKENS = 16;
/** A server that is silent for longer than this has lost the call. */
const SILENCE_MS = 600_000;
/** Most words of a made-up prompt. */
const MOST_WORDS = 200_000;

export interface LiveEngineParts {
  readonly stage: Stage;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string;
}

export interface Served { readonly well: boolean; readonly outputTokens: number; readonly cachedTokens: number }

export class LiveEngine implements EngineEvents {
  readonly #stage: Stage;
  readonly #engine: VllmEngine;
  readonly #waiting = new Map<CallSlot, (served: Served) => void>();
  readonly #failures = new Map<string, number>();
  #sent = 0;

  constructor({ stage, clock, baseUrl, model, apiKey }: LiveEngineParts) {
    this.#stage = stage;
    this.#engine = new VllmEngine({
      baseUrl, engine: 0, clock, events: this, calls: stage.calls, timeoutMs: SILENCE_MS, ...(apiKey === undefined ? {} : { apiKey }),
      request: (call) => ({ model, prompt: this.#prompt(call), maxTokens: Math.max(1, stage.work.outputTokens[call] || DEFAULT_TOKENS) }),
    });
  }

  /** Sends the call of a lease; resolves when it ended, well or not, or its place was taken back. */
  serve(lease: Lease, nowUs: number): Promise<Served> {
    if (lease.isAborted) return Promise.resolve(NOTHING);
    return new Promise((resolve) => {
      this.#waiting.set(lease.call, resolve);
      lease.onAbort = () => { this.#waiting.delete(lease.call); this.#engine.abort(lease.call); resolve(NOTHING); };
      this.#engine.submit(lease.call, nowUs);
    });
  }

  close(): Promise<void> { return this.#engine.close(); }

  scheduled(): void { /* The server's own queue is not seen from here. */ }
  preempted(): void { /* Nor its preemptions. */ }
  tokens(engine: number, call: CallSlot, _total: number, atUs: number): void { this.#stage.recorder.firstToken(call, engine, atUs); }
  finished(_engine: number, call: CallSlot, _atUs: number, outputTokens: number, cachedTokens: number): void { this.#end(call, { well: true, outputTokens, cachedTokens }); }
  failed(_engine: number, call: CallSlot, _atUs: number, reason: string): void {
    const word = reason.split(/[\s:]/, 1)[0] ?? 'failed';
    this.#failures.set(word, (this.#failures.get(word) ?? 0) + 1);
    this.#end(call, NOTHING);
  }

  /** What a reader of the record should know of how the endpoint behaved. */
  notes(): string[] {
    const { stats } = this.#engine, out: string[] = [];
    if (stats.outputOff > 0) out.push(`${stats.outputOff} of ${stats.finished} answers had another length than asked for`);
    if (stats.countedUsage > 0) out.push(`${stats.countedUsage} answers came without usage: their tokens were counted from events`);
    if (this.#failures.size > 0) out.push(`failed calls: ${this.failureText()}`);
    return out;
  }

  failureText(): string { return [...this.#failures].sort(([a], [b]) => (a < b ? -1 : 1)).map(([word, n]) => `${word} × ${n}`).join(', '); }

  #end(call: CallSlot, served: Served): void {
    const resolve = this.#waiting.get(call);
    this.#waiting.delete(call);
    resolve?.(served);
  }

  /** Words stand for tokens; the number in front keeps prompts apart, so that no cache serves them. */
  #prompt(call: CallSlot): string {
    const words = Math.min(MOST_WORDS, this.#stage.calls.promptTokens[call] || DEFAULT_TOKENS);
    return `${this.#sent++}${' lab'.repeat(Math.max(0, words - 1))}`;
  }
}

const NOTHING: Served = { well: false, outputTokens: 0, cachedTokens: 0 };
