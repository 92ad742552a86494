// The vLLM client against a server that follows a script: answers, failures, aborts, secrets.
import { afterEach, describe, expect, it } from 'vitest';
import type { VllmOptions } from '../../src/engines/vllm.ts';
import { Rig, until } from './rig.ts';
import { delta, DONE, event, failure, serverError, text, tokens, usage, wait, type Act, type Answer, type Seen } from './server.ts';

let rig: Rig | undefined;
afterEach(async () => { await rig?.close(); rig = undefined; });

async function open(answer: (request: Seen, number: number) => Answer, more: Partial<VllmOptions> = {}): Promise<Rig> {
  rig = await Rig.with(answer, more);
  return rig;
}
const says = (acts: readonly Act[]) => (): Answer => ({ acts });

/** The one report of a call that failed. */
async function reasonFor(answer: (request: Seen, number: number) => Answer, more: Partial<VllmOptions> = {}): Promise<string> {
  const { reports, submit } = await open(answer, more).then((opened) => ({ reports: opened.reports, submit: () => opened.submit() }));
  submit();
  await rig!.ended(1);
  const last = reports.all.at(-1)!;
  expect(last.what).toBe('failed');
  expect(reports.ended).toBe(1);
  expect(rig!.engine.signals().running).toBe(0);
  expect(rig!.engine.stats).toMatchObject({ submitted: 1, failed: 1, finished: 0 });
  return last.what === 'failed' ? last.reason : '';
}

describe('a good answer', () => {
  it('is asked for as a stream with usage and forced length', async () => {
    const { server, submit } = await open(says(tokens(8))).then((r) => ({ server: r.server!, submit: () => r.submit() }));
    submit();
    await rig!.ended(1);
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/v1/completions', headers: { 'content-type': 'application/json' } });
    expect(server.seen[0].headers.authorization).toBeUndefined();
    expect(server.seen[0].body).toEqual({ model: 'tiny', prompt: [1, 2, 3], max_tokens: 8, ignore_eos: true, stream: true, stream_options: { include_usage: true } });
  });

  it('reports the first token and the end with its usage, at the times of their reads', async () => {
    const r = await open(() => ({ acts: [{ waitMs: 30 }, { send: text('dest') }, { waitMs: 60 }, { send: text('ack', 'length') }, { send: usage(35, 2, 32) + DONE }] }));
    const call = r.submit(), sentUs = r.calls.scheduledUs[call];
    expect(r.engine.signals()).toMatchObject({ running: 1, waiting: 0 });
    await r.ended(1);
    expect(r.reports.plain).toEqual([{ what: 'tokens', call, total: 1 }, { what: 'finished', call, outputTokens: 2, cachedTokens: 32 }]);
    const [first, last] = r.reports.all;
    expect(r.calls.firstTokenUs[call]).toBe(first.atUs);
    expect(first.atUs - sentUs).toBeGreaterThanOrEqual(28_000);
    expect(last.atUs - first.atUs).toBeGreaterThanOrEqual(50_000);
    expect(r.engine.signals().running).toBe(0);
    expect(r.engine.stats).toMatchObject({ submitted: 1, finished: 1, failed: 0, countedUsage: 0, promptOff: 0, outputOff: 1 });
  });

  it('may be cut anywhere by the network, within a character and within a number', async () => {
    const whole = Buffer.from(`: comment\n\n${text('añ€😀')}${text('x', 'length')}${usage(35, 2, 16)}${DONE}`);
    const r = await open(() => ({ acts: Array.from(whole, (_, i): Act => ({ send: whole.subarray(i, i + 1) })) }));
    const call = r.submit();
    await r.ended(1);
    expect(r.reports.plain).toEqual([{ what: 'tokens', call, total: 1 }, { what: 'finished', call, outputTokens: 2, cachedTokens: 16 }]);
  });

  it('may bundle tokens in one event: usage counts, not events', async () => {
    const r = await open(says([{ send: text('destackdest') + text('ack', 'length') + usage(35, 8) + DONE }]));
    r.submit();
    await r.ended(1);
    expect(r.reports.plain[1]).toMatchObject({ outputTokens: 8, cachedTokens: 0 });
    expect(r.engine.stats.outputOff).toBe(0);
  });

  it('without usage is counted from its events, and that is noted', async () => {
    const r = await open(says([{ send: text('a') }, { send: text('') }, { send: text('b', 'length') + DONE }]));
    r.submit();
    await r.ended(1);
    expect(r.reports.plain[1]).toMatchObject({ outputTokens: 3, cachedTokens: 0 });
    expect(r.engine.stats.countedUsage).toBe(1);
  });

  it('without usage is counted exactly where token ids come along', async () => {
    const r = await open(says([{ send: text('ab', null, { token_ids: [4, 5] }) + text('c', 'length', { token_ids: [6] }) + DONE }]), { request: () => ({ prompt: 'x', maxTokens: 3, model: 'tiny', extra: { return_token_ids: true, priority: -1 } }) });
    r.submit();
    await r.ended(1);
    expect(r.reports.plain[1]).toMatchObject({ outputTokens: 3 });
    expect(r.server!.seen[0].body).toMatchObject({ prompt: 'x', return_token_ids: true, priority: -1 });
  });

  it('counts as complete with a finish reason where [DONE] is left out', async () => {
    const r = await open(says([{ send: text('a', 'stop') + usage(35, 1).trimEnd() }]));
    r.submit();
    await r.ended(1);
    expect(r.reports.plain[1]).toMatchObject({ what: 'finished', outputTokens: 1 });
  });

  it('of a chat begins with its first content, not with the role', async () => {
    const r = await open(says([{ send: delta({ role: 'assistant', content: '' }) }, { waitMs: 40 }, { send: delta({ content: 'part' }) + delta({ content: ' ' }, 'length') + usage(22, 2) + DONE }]), { api: 'chat', request: () => ({ prompt: 'import os', maxTokens: 2, model: 'tiny' }) });
    const call = r.submit(22), sentUs = r.calls.scheduledUs[call];
    await r.ended(1);
    expect(r.server!.seen[0]).toMatchObject({ url: '/v1/chat/completions', body: { messages: [{ role: 'user', content: 'import os' }], max_tokens: 2 } });
    expect(r.reports.all[0].atUs - sentUs).toBeGreaterThanOrEqual(38_000);
    expect(r.engine.stats).toMatchObject({ promptOff: 0, outputOff: 0 });
  });

  it('leaves the connection to the next call, and simultaneous calls have their own', async () => {
    const r = await open(says([{ waitMs: 20 }, ...tokens(8)]));
    r.submit();
    await r.ended(1);
    await wait(20);
    r.submit();
    await r.ended(2);
    expect(r.server!.connections).toBe(1);
    const many = Array.from({ length: 20 }, () => r.submit());
    expect(r.engine.signals().running).toBe(20);
    await r.ended(22);
    expect(r.reports.all.filter((report) => report.what === 'finished').map((report) => report.call).slice(-20).sort((a, b) => a - b)).toEqual(many.sort((a, b) => a - b));
  });

  it('may be slow to begin', async () => {
    const r = await open(() => ({ delayHeadersMs: 300, acts: tokens(8) }));
    r.submit();
    await r.ended(1);
    expect(r.reports.all.at(-1)).toMatchObject({ what: 'finished', outputTokens: 8 });
  });
});

describe('a failed call says why, once', () => {
  it('refused for load', async () => {
    expect(await reasonFor(() => failure(503, 'The engine is currently busy and cannot accept new requests.', 'Service Unavailable'))).toBe('http-503: The engine is currently busy and cannot accept new requests.');
    expect(rig!.engine.stats.failures).toEqual({ 'http-503': 1 });
  });
  it('refused for its rate', async () => { expect(await reasonFor(() => ({ status: 429, headers: { 'content-type': 'text/plain' }, acts: [{ send: 'slow\ndown' }] }))).toBe('http-429: slow down'); });
  it('an error of the server', async () => { expect(await reasonFor(() => ({ status: 500, headers: {}, acts: [] }))).toBe('http-500'); });
  it('an unknown model', async () => { expect(await reasonFor(() => failure(404, 'The model `tiny` does not exist.', 'NotFoundError'))).toBe('http-404: The model `tiny` does not exist.'); });
  it('an unknown path, in the words of a web framework', async () => { expect(await reasonFor(() => ({ status: 404, headers: { 'content-type': 'application/json' }, acts: [{ send: '{"detail":"Not Found"}' }] }))).toBe('http-404: Not Found'); });
  it('a redirect', async () => { expect(await reasonFor(() => ({ status: 307, headers: { location: 'http://127.0.0.1:1/' }, acts: [] }))).toBe('http-307'); });
  it('a dropped connection before any answer', async () => { expect(await reasonFor(() => ({ acts: [{ drop: true }] }))).toMatch(/^dropped/); });
  it('a dropped connection within the stream', async () => {
    expect(await reasonFor(says([{ send: text('a') }, { waitMs: 20 }, { drop: true }]))).toMatch(/^dropped/);
    expect(rig!.reports.all[0].what).toBe('tokens');
  });
  it('a stream that ends too early', async () => { expect(await reasonFor(says([{ send: text('a') + text('b') }]))).toBe('truncated: after 2 tokens'); });
  it('a stream that ends within an event', async () => { expect(await reasonFor(says([{ send: text('a') + text('b').slice(0, 40) }]))).toMatch(/^truncated/); });
  it('a stream of nothing', async () => { expect(await reasonFor(says([{ send: DONE }]))).toBe('no-usage'); });
  it('an error within the stream', async () => { expect(await reasonFor(says([{ send: text('a') + serverError('out of blocks') + DONE }]))).toBe('server: out of blocks'); });
  it('an answer that the server aborted', async () => { expect(await reasonFor(says([{ send: text('a', 'abort') + DONE }]))).toBe('server: finish_reason abort'); });
  it('events that are not JSON', async () => { expect(await reasonFor(says([{ send: event('{"choices": [') }]))).toBe('protocol: an event is not JSON'); });
  it('an answer that is no stream', async () => { expect(await reasonFor(() => ({ headers: { 'content-type': 'application/json' }, acts: [{ send: '{}' }] }))).toBe('protocol: the answer is application/json, not an event stream'); });
  it('nobody there', async () => {
    const gone = await Rig.with(says([]));
    const baseUrl = await (async () => { const { ScriptedServer } = await import('./server.ts'); const s = new ScriptedServer(() => ({ acts: [] })); const url = await s.start(); await s.stop(); return url; })();
    await gone.close();
    rig = new Rig(undefined, baseUrl, {});
    rig.submit();
    await rig.ended(1);
    expect(rig.reports.plain).toMatchObject([{ what: 'failed', reason: 'unreachable: ECONNREFUSED' }]);
  });
  it('no answer in time', async () => {
    expect(await reasonFor(() => ({ delayHeadersMs: 2000, acts: [] }), { timeoutMs: 60 })).toBe('timeout: 60 ms');
    await until(() => rig!.server!.seen[0].left);
  });
  it('an answer that stops in the middle, in time', async () => {
    expect(await reasonFor(says([{ send: text('a') }, { hang: true }]), { timeoutMs: 80 })).toBe('timeout: 80 ms');
    await until(() => rig!.server!.seen[0].left);
  });
  it('a request that cannot be made', async () => {
    expect(await reasonFor(says([]), { request: () => { throw new Error('no prompt for this call'); } })).toBe('request: no prompt for this call');
    expect(rig!.server!.seen).toHaveLength(0);
  });
  it('token ids for a chat', async () => { expect(await reasonFor(says([]), { api: 'chat' })).toBe('request: a chat prompt is text, not token ids'); });
});

describe('an aborted call', () => {
  it('leaves the server and reports nothing', async () => {
    const r = await open(says([{ send: text('a') }, { hang: true }]));
    const call = r.submit();
    await until(() => r.reports.all.length === 1);
    r.engine.abort(call);
    expect(r.engine.signals().running).toBe(0);
    await until(() => r.server!.seen[0].left);
    await wait(30);
    expect(r.reports.plain).toEqual([{ what: 'tokens', call, total: 1 }]);
    expect(r.engine.stats).toMatchObject({ aborted: 1, failed: 0, finished: 0 });
  });

  it('may be aborted before it is answered, and twice', async () => {
    const r = await open(() => ({ delayHeadersMs: 1000, acts: tokens(8) }));
    const call = r.submit();
    r.engine.abort(call);
    r.engine.abort(call);
    await wait(30);
    expect(r.reports.all).toEqual([]);
    expect(r.engine.stats.aborted).toBe(1);
  });

  it('does not speak for the call that has its slot afterwards', async () => {
    const r = await open((_request, number) => ({ acts: number === 0 ? [{ waitMs: 50 }, ...tokens(8)] : [{ waitMs: 120 }, ...tokens(5)] }));
    const first = r.submit();
    await until(() => r.server!.seen.length === 1);
    r.engine.abort(first);
    r.calls.release(first);
    const second = r.submit();
    expect(second).toBe(first);
    await r.ended(1);
    await wait(30);
    expect(r.reports.plain).toEqual([{ what: 'tokens', call: second, total: 1 }, { what: 'finished', call: second, outputTokens: 5, cachedTokens: 0 }]);
  });
});

describe('a closed engine', () => {
  it('aborts what is under way, silently, and fails what comes later', async () => {
    const r = await open(says([{ hang: true }]));
    r.submit();
    await until(() => r.server!.seen.length === 1);
    await r.engine.close();
    await until(() => r.server!.seen[0].left);
    expect(r.reports.all).toEqual([]);
    r.submit();
    expect(r.reports.all).toEqual([]);
    await r.ended(1);
    expect(r.reports.plain).toMatchObject([{ what: 'failed', reason: 'closed' }]);
  });
});

describe('the key', () => {
  const key = 'sk-very-secret-7';
  it('is sent as a bearer token and blotted out of what the server says', async () => {
    const reason = await reasonFor((request) => failure(401, `Invalid key: ${request.headers.authorization}`, 'Unauthorized'), { apiKey: key });
    expect(rig!.server!.seen[0].headers.authorization).toBe(`Bearer ${key}`);
    expect(reason).toBe('http-401: Invalid key: Bearer [key]');
  });

  it('and the address are checked without being repeated', () => {
    const make = (more: Partial<VllmOptions>, url = 'http://127.0.0.1:1'): string => { try { new Rig(undefined, url, more); } catch (error) { return `${(error as { code: string }).code} ${(error as Error).message}`; } return ''; };
    expect(make({ apiKey: `${key}\n` })).toMatch(/^ERR_OPTION_RANGE/);
    expect(make({ apiKey: `${key}\n` })).not.toContain(key);
    expect(make({}, `http://me:${key}@127.0.0.1:1`)).toMatch(/^ERR_OPTION_RANGE/);
    expect(make({}, `http://me:${key}@127.0.0.1:1`)).not.toContain(key);
    for (const url of ['', 'localhost:8000', 'ftp://x', 'http://', 'http://x/?a=1']) expect(make({}, url), url).toMatch(/^ERR_OPTION_RANGE/);
    expect(make({}, 'http://127.0.0.1:1/v1/')).toBe('');
  });
});
