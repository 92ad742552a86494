// What the events of a completion stream say: first token, tokens, usage, end. An event is not a token: a busy server bundles them.

export type CompletionApi = 'completions' | 'chat';

export interface Usage { readonly promptTokens: number; readonly outputTokens: number; readonly cachedTokens: number }

interface Json { readonly [key: string]: unknown }
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const hasText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Told every event's data in order; holds what is known so far. */
export class CompletionStream {
  /** `[DONE]` was said: nothing follows. */
  done = false;
  finishReason: string | undefined;
  /** What the server reported instead of going on. */
  serverError: string | undefined;
  /** Why the events are no completion stream. */
  brokenBy: string | undefined;
  /** Tokens delivered so far: exact where the server sends ids or running usage, else one an event. */
  tokens = 0;
  /** Usage of the whole call, from the last event that carried it in full. */
  usage: Usage | undefined;
  readonly #api: CompletionApi;
  #runningTokens = 0;

  constructor(api: CompletionApi) { this.#api = api; }

  event(data: string): void {
    if (this.done || this.brokenBy !== undefined || this.serverError !== undefined) return;
    if (data.trim() === '[DONE]') { this.done = true; return; }
    let message: unknown;
    try { message = JSON.parse(data); } catch { this.brokenBy = 'an event is not JSON'; return; }
    if (!isObject(message)) { this.brokenBy = 'an event is not a JSON object'; return; }
    if (message['error'] !== undefined && message['error'] !== null) { this.serverError = errorMessage(message) ?? 'without a message'; return; }
    const choices = Array.isArray(message['choices']) ? message['choices'] : [];
    for (const choice of choices) if (isObject(choice)) this.#choice(choice);
    if (isObject(message['usage'])) this.#usage(message['usage'], choices.length === 0);
  }

  #choice(choice: Json): void {
    const ends = typeof choice['finish_reason'] === 'string';
    const ids = choice['token_ids'];
    if (Array.isArray(ids)) this.tokens += ids.length;
    else if (this.#api === 'completions' ? carriesText(choice['text'], ends) : carriesDelta(choice['delta'], ends)) this.tokens++;
    if (ends) this.finishReason = choice['finish_reason'] as string;
  }

  #usage(usage: Json, isFinal: boolean): void {
    const output = usage['completion_tokens'], prompt = usage['prompt_tokens'], details = usage['prompt_tokens_details'];
    if (!isCount(output)) return;
    this.#runningTokens = Math.max(this.#runningTokens, output);
    this.tokens = Math.max(this.tokens, this.#runningTokens);
    // Usage beside a choice is a running count; some servers put the whole call's beside the last choice and send no event of its own.
    if (!isFinal && this.finishReason === undefined) return;
    const cached = isObject(details) ? details['cached_tokens'] : undefined;
    this.usage = { outputTokens: output, promptTokens: isCount(prompt) ? prompt : 0, cachedTokens: isCount(cached) ? cached : 0 };
  }
}

/** Empty text is a token that ends inside a character, unless it comes with the end of the answer. */
function carriesText(text: unknown, ends: boolean): boolean {
  return hasText(text) || (text === '' && !ends);
}

/** A first chat event says the role with empty content and is no token. */
function carriesDelta(delta: unknown, ends: boolean): boolean {
  if (!isObject(delta)) return false;
  if (hasText(delta['content']) || hasText(delta['reasoning']) || hasText(delta['reasoning_content'])) return true;
  if (Array.isArray(delta['tool_calls']) && delta['tool_calls'].length > 0) return true;
  return delta['content'] === '' && delta['role'] === undefined && !ends;
}

/** The message of an error body: OpenAI's `{"error": {"message"}}`, a bare `message`, or the `detail` of a web framework. */
export function errorMessage(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  const error = body['error'];
  if (typeof error === 'string') return error;
  const message = isObject(error) ? error['message'] : body['message'] ?? body['detail'];
  return typeof message === 'string' ? message : undefined;
}
