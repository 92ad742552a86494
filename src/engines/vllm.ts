// The vLLM client: the Engine port in front of one OpenAI-compatible endpoint. It sends what it is given at once; whoever stands before it decides.
import { Pool } from 'undici';
import type { Clock, TimerId } from '../clock.ts';
import type { CallSlot, CallTable } from '../dispatch/calls.ts';
import { assert } from '../errors.ts';
import { CompletionStream, type CompletionApi } from './completion-stream.ts';
import { endpointOf, type Endpoint } from './endpoint.ts';
import { messageOf, readBody } from './vllm-endpoint.ts';
import type { Engine, EngineEvents, EngineSignals } from './engine.ts';
import { failureOf, reasonOf, type EngineFailure } from './failures.ts';
import { SseReader } from './sse.ts';

/** Idle connections are given up before the server does: a request on one that it closes in that moment would be lost. */
const KEEP_ALIVE_MS = 2000;

export interface VllmRequest {
  /** Text, or token ids (completions only). */
  readonly prompt: string | readonly number[];
  /** At least 1; the end-of-sequence token is ignored, so that outputs have this length. */
  readonly maxTokens: number;
  readonly model: string;
  /** Further fields of the request body, such as `priority`; they win over those of this client. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface VllmOptions {
  readonly baseUrl: string;
  /** Number of this engine in its reports. */
  readonly engine: number;
  readonly clock: Clock;
  readonly events: EngineEvents;
  readonly calls: CallTable;
  /** What to send for a call; asked within `submit`. */
  request(call: CallSlot): VllmRequest;
  /** Sent as a bearer token and nowhere else. */
  readonly apiKey?: string;
  /** From sending to the end of the answer; left out: for ever. */
  readonly timeoutMs?: number;
  /** Default `completions`. */
  readonly api?: CompletionApi;
}

/** What this client has seen, for the health of a run. */
export interface VllmStats {
  submitted: number; finished: number; failed: number; aborted: number;
  /** Finished calls whose output length was counted from events, because no usage came. */
  countedUsage: number;
  /** Finished calls with another prompt length than the call table has, or another output length than was asked for. */
  promptOff: number; outputOff: number;
  /** Failures by the first word of their reason. */
  readonly failures: Record<string, number>;
}

/** One request under way. A call's slot may be reused after it ended; its flight is not. */
interface Flight { readonly call: CallSlot; readonly abort: AbortController; readonly maxTokens: number; timer: TimerId | undefined; sawToken: boolean }

/**
 * Reports come with the clock's time of the read that caused them, never within `submit`. Service counts from sending, because the
 * server's own queue cannot be seen; of tokens the first is reported. Reasons of `failed` begin with a word of ENGINE_FAILURES.
 */
export class VllmEngine implements Engine {
  readonly stats: VllmStats = { submitted: 0, finished: 0, failed: 0, aborted: 0, countedUsage: 0, promptOff: 0, outputOff: 0, failures: {} };
  readonly #options: VllmOptions;
  readonly #endpoint: Endpoint;
  readonly #api: CompletionApi;
  readonly #pool: Pool;
  readonly #flights = new Map<CallSlot, Flight>();
  #isClosed = false;

  /** Throws ERR_OPTION_RANGE for an address or key that cannot be used; connects at the first call. */
  constructor(options: VllmOptions) {
    this.#options = options;
    this.#endpoint = endpointOf(options.baseUrl, options.apiKey);
    this.#api = options.api ?? 'completions';
    // A queued call is silent for long, so only our own timer ends it.
    this.#pool = new Pool(this.#endpoint.origin, { connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS });
  }

  submit(call: CallSlot, nowUs: number): void {
    const { clock, timeoutMs, calls } = this.#options;
    assert(!this.#flights.has(call), 'a call is submitted to an engine once', { call });
    calls.scheduledUs[call] = nowUs;
    let request: VllmRequest | undefined, body = '', complaint = '';
    try {
      request = this.#options.request(call);
      body = JSON.stringify(this.#body(request));
    } catch (error) { complaint = error instanceof Error ? error.message : String(error); }
    const flight: Flight = { call, abort: new AbortController(), maxTokens: request?.maxTokens ?? 0, timer: undefined, sawToken: false };
    this.#flights.set(call, flight);
    this.stats.submitted++;
    if (complaint !== '' || this.#isClosed) {
      clock.settle(() => { this.#fail(flight, this.#isClosed ? 'closed' : 'request', complaint); });
      return;
    }
    if (timeoutMs !== undefined && timeoutMs > 0) flight.timer = clock.setTimer(timeoutMs * 1000, () => { this.#fail(flight, 'timeout', `${timeoutMs} ms`); });
    void this.#serve(flight, body);
  }

  abort(call: CallSlot): void {
    const flight = this.#flights.get(call);
    if (flight === undefined) return;
    this.#forget(flight);
    this.stats.aborted++;
    flight.abort.abort();
  }

  /** All that were sent and not answered count as running: the server's own queue is not seen from here. */
  signals(): EngineSignals { return { atUs: this.#options.clock.now(), running: this.#flights.size, waiting: 0, kvUse: NaN }; }

  /** Aborts what is under way, without reports, and closes all connections. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const call of [...this.#flights.keys()]) this.abort(call);
    await this.#pool.destroy();
  }

  #body(request: VllmRequest): Record<string, unknown> {
    const { prompt, maxTokens, model, extra } = request;
    if (this.#api === 'chat' && typeof prompt !== 'string') throw new TypeError('a chat prompt is text, not token ids');
    const what = this.#api === 'chat' ? { messages: [{ role: 'user', content: prompt }] } : { prompt };
    return { model, ...what, max_tokens: maxTokens, ignore_eos: true, stream: true, stream_options: { include_usage: true }, ...extra };
  }

  async #serve(flight: Flight, body: string): Promise<void> {
    const { path, headers } = this.#endpoint;
    let hasAnswer = false;
    try {
      const answer = await this.#pool.request({
        method: 'POST', path: `${path}/${this.#api === 'chat' ? 'chat/completions' : 'completions'}`,
        headers: { ...headers, 'content-type': 'application/json' }, body, signal: flight.abort.signal,
      });
      hasAnswer = true;
      if (answer.statusCode !== 200) { this.#fail(flight, `http-${answer.statusCode}`, messageOf(await readBody(answer.body))); return; }
      const type = String(answer.headers['content-type'] ?? '');
      if (!type.startsWith('text/event-stream')) { this.#fail(flight, 'protocol', `the answer is ${type === '' ? 'of no type' : type}, not an event stream`); return; }
      await this.#follow(flight, answer.body);
    } catch (error) {
      const { code, detail } = failureOf(error);
      this.#fail(flight, hasAnswer && code === 'unreachable' ? 'dropped' : code, detail);
    }
  }

  async #follow(flight: Flight, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const stream = new CompletionStream(this.#api);
    const reader = new SseReader((data) => { stream.event(data); });
    for await (const chunk of bytes) {
      const atUs = this.#options.clock.now();
      reader.feed(chunk);
      this.#observe(flight, stream, atUs);
      if (stream.serverError !== undefined) { this.#fail(flight, 'server', stream.serverError); return; }
      if (stream.brokenBy !== undefined || reader.overflowed) { this.#fail(flight, 'protocol', stream.brokenBy ?? 'an event has no end'); return; }
      // Read on to the end of the answer, so that the connection serves the next call.
      if (stream.done) this.#end(flight, stream, atUs);
    }
    reader.end();
    const atUs = this.#options.clock.now();
    this.#observe(flight, stream, atUs);
    if (stream.serverError !== undefined) this.#fail(flight, 'server', stream.serverError);
    else if (stream.done || stream.finishReason !== undefined) this.#end(flight, stream, atUs);
    else this.#fail(flight, 'truncated', `after ${stream.tokens} tokens`);
  }

  #observe(flight: Flight, stream: CompletionStream, atUs: number): void {
    if (flight.sawToken || stream.tokens === 0 || !this.#isCurrent(flight)) return;
    flight.sawToken = true;
    this.#options.calls.firstTokenUs[flight.call] = atUs;
    this.#options.events.tokens(this.#options.engine, flight.call, 1, atUs);
  }

  /** The answer is complete; at most once a flight. */
  #end(flight: Flight, stream: CompletionStream, atUs: number): void {
    if (!this.#isCurrent(flight)) return;
    const { usage, finishReason } = stream;
    if (finishReason === 'abort' || finishReason === 'error') { this.#fail(flight, 'server', `finish_reason ${finishReason}`); return; }
    if (usage === undefined && stream.tokens === 0) { this.#fail(flight, 'no-usage', ''); return; }
    const { calls, events, engine } = this.#options, { call } = flight;
    const outputTokens = usage?.outputTokens ?? stream.tokens;
    if (usage === undefined) this.stats.countedUsage++;
    else if (usage.promptTokens !== calls.promptTokens[call]) this.stats.promptOff++;
    if (outputTokens !== flight.maxTokens) this.stats.outputOff++;
    this.stats.finished++;
    this.#forget(flight);
    events.finished(engine, call, atUs, outputTokens, usage?.cachedTokens ?? 0);
  }

  #fail(flight: Flight, code: EngineFailure | `http-${number}`, detail: string): void {
    if (!this.#isCurrent(flight)) return;
    const { clock, events, engine, apiKey } = this.#options;
    this.stats.failed++;
    this.stats.failures[code] = (this.stats.failures[code] ?? 0) + 1;
    this.#forget(flight);
    flight.abort.abort();
    events.failed(engine, flight.call, clock.now(), reasonOf(code, detail, apiKey));
  }

  #isCurrent(flight: Flight): boolean { return this.#flights.get(flight.call) === flight; }

  #forget(flight: Flight): void {
    this.#flights.delete(flight.call);
    if (flight.timer !== undefined) this.#options.clock.clearTimer(flight.timer);
  }
}
