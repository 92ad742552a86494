// Why a call failed on a live endpoint: short codes for scripts, the server's own words behind them, never a secret.

/** First word of every reason that `failed` gets. `http-NNN` carries the status of the answer. */
export const ENGINE_FAILURES = {
  'unreachable': 'no connection to the endpoint',
  'http': 'an answer other than 200',
  'timeout': 'no complete answer in time',
  'dropped': 'the connection broke before the answer was complete',
  'truncated': 'the stream ended before the answer was complete',
  'protocol': 'the answer is not a completion stream',
  'server': 'the server reported an error within the stream',
  'no-usage': 'the stream ended with neither tokens nor usage',
  'request': 'the request could not be made',
  'closed': 'the engine was closed',
} as const;

export type EngineFailure = keyof typeof ENGINE_FAILURES;

const SHOWN_CHARACTERS = 200;

/** Text from outside, safe for one line of a report: no control characters, not long, the secret blotted out. */
export function quoted(text: string, secret: string | undefined): string {
  const open = secret === undefined || secret === '' ? text : text.split(secret).join('[key]');
  const clean = open.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return clean.length > SHOWN_CHARACTERS ? `${clean.slice(0, SHOWN_CHARACTERS)}…` : clean;
}

/** `code: detail`, the detail left out where there is none. */
export function reasonOf(code: EngineFailure | `http-${number}`, detail: string, secret: string | undefined): string {
  const text = quoted(detail, secret);
  return text === '' ? code : `${code}: ${text}`;
}

const UNREACHABLE: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID']);
const PROTOCOL: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);
const TIMEOUT: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** The failure behind an error that the HTTP client threw. */
export function failureOf(error: unknown): { readonly code: EngineFailure; readonly detail: string } {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const name = typeof code === 'string' ? code : '';
  const detail = name !== '' ? name : typeof message === 'string' ? message : '';
  if (UNREACHABLE.has(name)) return { code: 'unreachable', detail };
  if (TIMEOUT.has(name)) return { code: 'timeout', detail };
  if (PROTOCOL.has(name) || name.startsWith('HPE_')) return { code: 'protocol', detail };
  return { code: 'dropped', detail };
}
