// Asking an endpoint what it serves: answers, refusals, silence.
import { afterEach, describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { probe } from '../../src/engines/vllm-endpoint.ts';
import { ScriptedServer, type Answer } from './server.ts';

let server: ScriptedServer | undefined;
afterEach(async () => { await server?.stop(); server = undefined; });

const json = (body: unknown, status = 200): Answer => ({ status, headers: { 'content-type': 'application/json' }, acts: [{ send: typeof body === 'string' ? body : JSON.stringify(body) }] });
async function url(answer: Answer): Promise<string> { server = new ScriptedServer(() => answer); return server.start(); }
async function complaint(run: Promise<unknown>): Promise<SchedlabError> {
  try { await run; } catch (error) { if (error instanceof SchedlabError) return error; throw error; }
  throw new Error('no error was thrown');
}

describe('probing an endpoint', () => {
  it('learns its models and how long a context may be', async () => {
    const base = await url(json({ object: 'list', data: [{ id: 'tiny', object: 'model', owned_by: 'vllm', max_model_len: 1024 }, { id: 'adapter', object: 'model' }] }));
    expect(await probe(`${base}/v1`, { apiKey: 'k' })).toEqual({ model: 'tiny', models: ['tiny', 'adapter'], maxModelLen: 1024 });
    expect(server!.seen[0]).toMatchObject({ method: 'GET', url: '/v1/models', headers: { authorization: 'Bearer k' } });
  });

  it('does not need a context length', async () => {
    expect((await probe(await url(json({ data: [{ id: 'm' }] })))).maxModelLen).toBeUndefined();
  });

  it.each([
    ['no model', json({ data: [] }), 'names no model'],
    ['another kind of server', json('<html>'), 'names no model'],
    ['an error', json({ detail: 'Not Found' }, 404), 'answers 404: Not Found'],
    ['a key that is missing', json({ error: { message: 'key secret-9 is wrong' } }, 401), 'refuses the key (401)'],
    ['a broken connection', { acts: [{ drop: true }] } satisfies Answer, 'does not answer (dropped'],
  ])('tells of %s', async (_what, answer, says) => {
    const error = await complaint(probe(await url(answer), { apiKey: 'secret-9' }));
    expect(error).toMatchObject({ code: 'ERR_TARGET', exitCode: 3 });
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('secret-9');
  });

  it('tells of a server that is not there', async () => {
    const base = await url(json({}));
    await server!.stop();
    expect((await complaint(probe(base))).message).toContain('does not answer (unreachable: ECONNREFUSED)');
  });

  it('does not wait for ever', async () => {
    const error = await complaint(probe(await url({ delayHeadersMs: 10_000, acts: [] }), { timeoutMs: 200 }));
    expect(error.message).toContain('does not answer (timeout');
  });
});
