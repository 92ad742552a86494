// The address of one OpenAI-compatible endpoint, checked before anything is sent there.
import { SchedlabError } from '../errors.ts';

export interface Endpoint {
  readonly origin: string;
  /** Path of the API, ending in `/v1`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws ERR_OPTION_RANGE, without repeating what may hold a secret. `http://host:8000` and `http://host:8000/v1` mean the same. */
export function endpointOf(baseUrl: string, apiKey: string | undefined): Endpoint {
  let url: URL | undefined;
  try { url = new URL(baseUrl); } catch { /* Said below. */ }
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new SchedlabError('ERR_OPTION_RANGE', 'a target accepts the address of an OpenAI-compatible server, such as http://127.0.0.1:8000.', { name: 'target' });
  }
  if (url.username !== '' || url.password !== '') throw new SchedlabError('ERR_OPTION_RANGE', `the target ${url.origin} has a user name or password in its address, where every log would repeat it. Give the key in SCHEDLAB_API_KEY.`, { name: 'target' });
  if (url.search !== '' || url.hash !== '') throw new SchedlabError('ERR_OPTION_RANGE', `the target ${url.origin}${url.pathname} has a query or fragment, to which no path can be added. Leave it out.`, { name: 'target' });
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) throw new SchedlabError('ERR_OPTION_RANGE', 'SCHEDLAB_API_KEY accepts printable ASCII without spaces. Check for a line end or quotes around it.', { name: 'SCHEDLAB_API_KEY' });
  const base = url.pathname.replace(/\/+$/, '');
  return {
    origin: url.origin,
    path: base.endsWith('/v1') ? base : `${base}/v1`,
    headers: { 'accept': 'application/json, text/event-stream', ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) },
  };
}
