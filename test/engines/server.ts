// A scripted OpenAI-compatible server on the loopback: says on the wire what vLLM says, and misbehaves on demand.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Act =
  | { readonly send: string | Uint8Array }
  | { readonly waitMs: number }
  /** Breaks the connection. */
  | { readonly drop: true }
  /** Says nothing more and keeps the connection open. */
  | { readonly hang: true };

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayHeadersMs?: number;
  readonly acts: readonly Act[];
}

export interface Seen { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: unknown; /** The client left before the answer was complete. */ left: boolean }

const data = (message: unknown): string => `data: ${typeof message === 'string' ? message : JSON.stringify(message)}\n\n`;
const frame = (choices: unknown[], more: object = {}): object => ({ id: 'cmpl-1', object: 'text_completion', created: 1795265631, model: 'tiny', choices, ...more });

export const DONE = data('[DONE]');
/** One event of /v1/completions, as vLLM writes it. */
export const text = (value: string, finish: string | null = null, more: object = {}): string => data(frame([{ index: 0, text: value, logprobs: null, finish_reason: finish, stop_reason: null, prompt_token_ids: null, token_ids: null, ...more }]));
/** The last event before `[DONE]`, where usage was asked for. */
export const usage = (prompt: number, output: number, cached?: number): string => data(frame([], { usage: { prompt_tokens: prompt, total_tokens: prompt + output, completion_tokens: output, ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }) }, system_fingerprint: 'vllm-0.32.0-daeff513' }));
/** One event of /v1/chat/completions. */
export const delta = (value: object, finish: string | null = null): string => data({ ...frame([{ index: 0, delta: value, logprobs: null, finish_reason: finish }]), object: 'chat.completion.chunk' });
export const serverError = (message: string): string => data({ error: { message, type: 'InternalServerError', param: null, code: 500 } });
export const event = data;

/** A whole good answer of `n` tokens. */
export const tokens = (n: number, prompt = 35, cached?: number): Act[] => [
  ...Array.from({ length: n }, (_, i): Act => ({ send: text(i % 2 === 0 ? 'dest' : 'ack', i === n - 1 ? 'length' : null) })), { send: usage(prompt, n, cached) + DONE },
];

/** What a server of one model answers to GET /v1/models. */
export const models = (name = 'tiny'): Answer => ({ headers: { 'content-type': 'application/json' }, acts: [{ send: JSON.stringify({ object: 'list', data: [{ id: name, object: 'model', max_model_len: 4096 }] }) }] });

export const failure = (status: number, message: string, type: string): Answer => ({ status, headers: { 'content-type': 'application/json' }, acts: [{ send: JSON.stringify({ error: { message, type, param: null, code: status } }) }] });

export class ScriptedServer {
  readonly seen: Seen[] = [];
  /** Connections that were opened. */
  connections = 0;
  /** Calls that were sent and not answered to their last word, now and at most. */
  inFlight = 0;
  mostInFlight = 0;
  readonly #server: Server;
  readonly #answer: (request: Seen, number: number) => Answer;

  constructor(answer: (request: Seen, number: number) => Answer) {
    this.#answer = answer;
    this.#server = createServer((request, response) => { void this.#serve(request, response); });
    this.#server.on('connection', () => { this.connections++; });
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => { this.#server.listen(0, '127.0.0.1', done); });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => { this.#server.close(() => { done(); }); });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const seen: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: body === '' ? undefined : JSON.parse(body), left: false };
    const number = this.seen.push(seen) - 1;
    let isOpen = request.method === 'POST';
    if (isOpen) this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    const over = (): void => { if (isOpen) this.inFlight--; isOpen = false; };
    response.on('close', () => { over(); if (!response.writableFinished) seen.left = true; });
    const { status = 200, headers = { 'content-type': 'text/event-stream; charset=utf-8' }, delayHeadersMs = 0, acts } = this.#answer(seen, number);
    if (delayHeadersMs > 0) await wait(delayHeadersMs);
    if (seen.left) return;
    response.writeHead(status, headers);
    response.flushHeaders();
    for (const [i, act] of acts.entries()) {
      if (seen.left) return;
      // Whoever reads the last word may send the next call at once.
      if (i === acts.length - 1 && 'send' in act) over();
      if ('send' in act) await new Promise<void>((done) => { response.write(act.send, () => { done(); }); });
      else if ('waitMs' in act) await wait(act.waitMs);
      else if ('drop' in act) { response.destroy(); return; }
      else return;
    }
    response.end();
  }
}

export const wait = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms); });
