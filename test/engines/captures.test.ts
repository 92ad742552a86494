// Recorded streams of real servers, cut at every place, and whatever else a server may say.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompletionStream, errorMessage, type CompletionApi } from '../../src/engines/completion-stream.ts';
import { SseReader } from '../../src/engines/sse.ts';
import { sharedData } from '../workload/shared.ts';

const vllm = sharedData('vllm-cpu/completions-stream.txt');
const llmd = sharedData('llm-d-inference-sim/a-completions-stream-warm.sse.txt');

/** The body of a recorded stream: what stands after the arrival time of each line. One kind of capture left the blank lines out. */
function recorded(path: string): Buffer {
  const body: string[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const piped = /^ *[\d.]+ \| ?(.*)$/.exec(line), tabbed = /^[\d.]+\t(.*)$/.exec(line);
    if (piped !== null) body.push(piped[1]);
    else if (tabbed !== null) body.push(tabbed[1], '');
  }
  return Buffer.from(`${body.join('\n')}\n`);
}

function follow(api: CompletionApi, pieces: Iterable<Uint8Array>): CompletionStream {
  const stream = new CompletionStream(api);
  const reader = new SseReader((data) => { stream.event(data); });
  for (const piece of pieces) reader.feed(piece);
  reader.end();
  return stream;
}

const CASES = [
  ['vllm-cpu/completions-stream.txt', 'completions', 8, undefined],
  ['vllm-cpu/completions-stream-usage.txt', 'completions', 8, { promptTokens: 35, outputTokens: 8, cachedTokens: 32 }],
  ['vllm-cpu/completions-stream-usage-continuous.txt', 'completions', 8, { promptTokens: 35, outputTokens: 8, cachedTokens: 32 }],
  ['vllm-cpu/completions-stream-token-ids.txt', 'completions', 8, undefined],
  ['vllm-cpu/completions-stream-logprobs.txt', 'completions', undefined, undefined],
  ['vllm-cpu/chat-stream.txt', 'chat', 6, undefined],
  ['vllm-cpu/chat-stream-token-ids.txt', 'chat', 6, { promptTokens: 22, outputTokens: 6, cachedTokens: 0 }],
  ['vllm-cpu/chat-stream-usage-continuous.txt', 'chat', 6, undefined],
] as const;

describe('what vLLM said on the wire', () => {
  it.skipIf(vllm.absent).each(CASES)(vllm.name('%s is followed to its end'), (name, api, count, usage) => {
    const stream = follow(api, [recorded(sharedData(name).path)]);
    expect(stream).toMatchObject({ done: true, finishReason: 'length', serverError: undefined, brokenBy: undefined });
    if (count !== undefined) expect(stream.tokens).toBe(count);
    if (usage !== undefined) expect(stream.usage).toEqual(usage);
  });

  it.skipIf(vllm.absent)(vllm.name('means the same wherever the network cuts it'), () => {
    const streams = CASES.map(([name, api]) => ({ api, body: recorded(sharedData(name).path) }));
    fc.assert(fc.property(fc.constantFrom(...streams), fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }), ({ api, body }, cuts) => {
      const pieces: Buffer[] = [];
      for (let at = 0, k = 0; at < body.length; k++) { const end = at + cuts[k % cuts.length]; pieces.push(body.subarray(at, end)); at = end; }
      const whole = follow(api, [body]), cut = follow(api, pieces);
      expect({ ...cut }).toEqual({ ...whole });
    }), { numRuns: 100 });
  });

  it.skipIf(vllm.absent)(vllm.name('as an error has a message that is found'), () => {
    const cases = JSON.parse(readFileSync(sharedData('vllm-cpu/errors-and-limits.json').path, 'utf8')) as { name: string; status: number; body: unknown }[];
    const refused = cases.filter((entry) => entry.status !== 200);
    expect(refused.length).toBeGreaterThan(10);
    for (const entry of refused) expect(errorMessage(entry.body), entry.name).toMatch(/\w+/);
  });

  it.skipIf(llmd.absent)(llmd.name('and what another server says: a last empty event that is no token'), () => {
    const stream = follow('completions', [recorded(llmd.path)]);
    expect(stream).toMatchObject({ done: true, finishReason: 'length', tokens: 8 });
    expect(stream.usage).toMatchObject({ outputTokens: 8 });
  });
});

describe('whatever a server says', () => {
  it('no event throws', () => {
    const json = fc.oneof(fc.json(), fc.string(), fc.constantFrom('{"choices":[{"text":"a"}],"usage":{"completion_tokens":-1}}', '{"choices":[null,1,{"text":5,"token_ids":"x"}]}', '{"choices":{}}', '{"error":"bad"}', '{"error":{}}', '[DONE]'));
    fc.assert(fc.property(fc.constantFrom('completions' as const, 'chat' as const), fc.array(json, { maxLength: 8 }), (api, events) => {
      const stream = new CompletionStream(api);
      for (const data of events) stream.event(data);
      expect(Number.isSafeInteger(stream.tokens) && stream.tokens >= 0).toBe(true);
    }), { numRuns: 500 });
  });

  it('no bytes throw, and an event without end is given up', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), (pieces) => { follow('completions', pieces); }), { numRuns: 300 });
    const reader = new SseReader(() => { throw new Error('there is no event'); });
    const piece = Buffer.from('x'.repeat(1 << 20));
    reader.feed(Buffer.from('data: '));
    for (let i = 0; i < 20 && !reader.overflowed; i++) reader.feed(piece);
    expect(reader.overflowed).toBe(true);
    reader.end();
  });
});
