// One OpenAI-compatible endpoint asked over the wire: which model it serves, and what its errors say.
import { Pool } from 'undici';
import { SchedlabError } from '../errors.ts';
import { errorMessage } from './completion-stream.ts';
import { endpointOf } from './endpoint.ts';
import { failureOf, quoted } from './failures.ts';

/** Most bytes of an answer that is not a stream. */
const BODY_MAX_BYTES = 1 << 20;

/** An answer that is no stream, up to a bound; what is longer is cut. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '', bytes = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) break;
  }
  return text;
}

/** What went wrong in the server's own words: the message of its error body, else the body itself. */
export function messageOf(body: string): string {
  try { return errorMessage(JSON.parse(body)) ?? body; } catch { return body; }
}

export interface ProbeResult {
  /** The first model served, and all of them. */
  readonly model: string;
  readonly models: readonly string[];
  /** Longest prompt and output together, in tokens, where the server says. */
  readonly maxModelLen: number | undefined;
}

/** Asks the endpoint which model it serves: GET /v1/models. Throws ERR_TARGET where it cannot be reached or does not answer so. */
export async function probe(baseUrl: string, options: { readonly apiKey?: string; readonly timeoutMs?: number } = {}): Promise<ProbeResult> {
  const { apiKey, timeoutMs = 10_000 } = options;
  const endpoint = endpointOf(baseUrl, apiKey), url = `${endpoint.origin}${endpoint.path}/models`;
  const pool = new Pool(endpoint.origin, { connections: 1, connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const failure = (why: string, next: string): SchedlabError => new SchedlabError('ERR_TARGET', `${url} ${quoted(why, apiKey)}. ${next}`, { url });
  let status: number, text: string;
  try {
    const answer = await pool.request({ method: 'GET', path: `${endpoint.path}/models`, headers: endpoint.headers });
    status = answer.statusCode;
    text = await readBody(answer.body);
  } catch (error) {
    const { code, detail } = failureOf(error);
    throw failure(`does not answer (${code}: ${detail})`, 'Check that the server runs and that the address is right.');
  } finally {
    await pool.destroy();
  }
  if (status === 401 || status === 403) throw failure(`refuses the key (${status})`, 'Give it in SCHEDLAB_API_KEY.');
  if (status !== 200) throw failure(`answers ${status}: ${messageOf(text)}`, 'Check that the address is that of an OpenAI-compatible server.');
  let list: unknown;
  try { list = (JSON.parse(text) as { readonly data?: unknown }).data; } catch { /* Said below. */ }
  const models = (Array.isArray(list) ? list : []).filter((entry): entry is { readonly id: string; readonly max_model_len?: unknown } => typeof entry === 'object' && entry !== null && typeof (entry as { id?: unknown }).id === 'string');
  if (models.length === 0) throw failure('names no model', 'Check that the address is that of an OpenAI-compatible server with a model loaded.');
  const length = models[0].max_model_len;
  return { model: models[0].id, models: models.map((entry) => entry.id), maxModelLen: typeof length === 'number' && Number.isSafeInteger(length) && length > 0 ? length : undefined };
}
