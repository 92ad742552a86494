// The batch engine under virtual time: exact latencies, arrivals between steps, the parts of a call, overhead, refusals, aborts.
import { describe, expect, test } from 'vitest';
import { CALL_PARTS } from '../../../sim/engine/batch/call-split.ts';
import type { BatchConfig } from '../../../sim/engine/batch/config.ts';
import { Xoshiro128 } from '../../../sim/random/xoshiro.ts';
import { playCalls, type RigCall } from './rig.ts';

const STEP_US = 1000;
const constant = (): number => STEP_US;
const GENEROUS: Partial<BatchConfig> = { maxBatchedTokens: 100_000, maxSeqs: 10_000, blocks: 200_000 };

/** Arrivals at random, so that most fall inside a step. */
function arrivals(count: number, meanGapUs: number, of: (i: number, random: () => number) => Omit<RigCall, 'atUs'>): RigCall[] {
  const stream = new Xoshiro128(5, 17, 1), random = (): number => stream.next();
  let atUs = 0;
  return Array.from({ length: count }, (_, i) => { atUs += Math.floor(-Math.log(1 - random()) * meanGapUs); return { atUs, ...of(i, random) }; });
}

describe('steps of constant length without limits', () => {
  test('serve each request in its wait for the next step and one step a token, exactly', () => {
    const list = arrivals(500, 700, (i) => ({ prompt: 1 + (i % 90), out: 1 + (i % 17) })), starts: number[] = [];
    const { served } = playCalls(list, { config: GENEROUS, cost: constant, onStep: ({ startUs }) => { starts.push(startUs); } });
    for (const [i, { atUs, out }] of list.entries()) {
      const startUs = starts.find((at) => at >= atUs)!;
      expect([served[i].scheduledUs, served[i].firstUs, served[i].endUs], `call ${i}`).toEqual([startUs, startUs + STEP_US, startUs + out * STEP_US]);
    }
    // Busy without a gap: an arrival waits for half a step on average.
    const meanWaitUs = served.reduce((sum, one, i) => sum + one.scheduledUs - list[i].atUs, 0) / list.length;
    expect(Math.abs(meanWaitUs - STEP_US / 2)).toBeLessThan(0.1 * STEP_US);
  });

  test('take an arrival at the very end of a step into the next', () => {
    const { served } = playCalls([{ atUs: 0, prompt: 8, out: 3 }, { atUs: 1000, prompt: 8, out: 1 }, { atUs: 1001, prompt: 8, out: 1 }], { config: GENEROUS, cost: constant });
    expect(served.map((one) => one.endUs)).toEqual([3000, 2000, 3000]);
  });

  test('make an asynchronous engine see an arrival one step later', () => {
    const list = [{ atUs: 0, prompt: 8, out: 5 }, { atUs: 500, prompt: 8, out: 2 }];
    const end = (asynchronous: boolean): number[] => playCalls(list, { config: { ...GENEROUS, asynchronous }, cost: constant }).served.map((one) => one.endUs);
    expect([end(false), end(true)]).toEqual([[5000, 3000], [5000, 4000]]);
  });
});

test('steps that cost the batch and nothing else share the engine equally: processor sharing', () => {
  const output = 200, perTokenUs = 50, load = 0.6;
  const list = arrivals(6000, (output * perTokenUs) / load, () => ({ prompt: 1, out: output }));
  const { served } = playCalls(list, { config: { ...GENEROUS, prefixCaching: false }, cost: (step) => perTokenUs * step.samplers });
  const rest = served.slice(500), meanUs = rest.reduce((sum, one, i) => sum + one.endUs - list[i + 500].atUs, 0) / rest.length;
  expect(Math.abs(meanUs / ((output * perTokenUs) / (1 - load)) - 1)).toBeLessThan(0.03);
});

describe('the parts of a call', () => {
  const pressed = { blockSize: 4, blocks: 12, maxSeqs: 6, maxBatchedTokens: 24 };
  const mixed = arrivals(400, 2500, (i, random) => ({ prompt: 1 + Math.floor(random() * 16), out: 1 + Math.floor(random() * 20), priority: i % 3, gateUs: i % 4 === 0 ? 137 : 0 }));

  test.each([[false, 'fcfs'], [false, 'priority'], [true, 'fcfs'], [true, 'priority']] as const)('add up to its latency to the microsecond, whatever happened to it (asynchronous: %s, %s)', (asynchronous, scheduling) => {
    const overhead = { beforeUs: 310, afterUs: 45, perOutputTokenUs: 3.4 };
    const { served, engine } = playCalls(mixed, { config: { ...pressed, asynchronous, scheduling }, cost: (load) => 900 + 7.3 * load.tokens, overhead });
    const seen = Object.fromEntries(CALL_PARTS.map((part) => [part, 0]));
    for (const [i, { parts, endUs, preemptions }] of served.entries()) {
      expect(Object.values(parts!).reduce((sum, us) => sum + us, 0), `call ${i}`).toBe(endUs - mixed[i].atUs);
      expect(Object.values(parts!).every((us) => us >= 0 && Number.isInteger(us))).toBe(true);
      expect([parts!.gate, parts!.preempted > 0]).toEqual([mixed[i].gateUs, preemptions > 0]);
      for (const part of CALL_PARTS) if (parts![part] > 0) seen[part]++;
    }
    expect(Object.entries(seen).filter(([, n]) => n === 0)).toEqual([]);
    expect([engine.scheduler.unfinished, engine.scheduler.freeBlocks]).toEqual([0, 11]);
  });

  test('of one that was never disturbed are prefill and decode', () => {
    const [one] = playCalls([{ atUs: 0, prompt: 40, out: 3 }], { config: { ...GENEROUS, maxBatchedTokens: 20, maxSeqs: 4 }, cost: constant }).served;
    expect(one.parts).toEqual({ gate: 0, frontEnd: 0, engineWait: 0, prefill: 2000, decode: 2000, preempted: 0, recomputed: 0 });
  });

  test('of one that was preempted are told apart', () => {
    const { served } = playCalls([{ atUs: 0, prompt: 6, out: 4 }, { atUs: 0, prompt: 6, out: 4 }], { config: { ...pressed, blocks: 5 }, cost: constant });
    expect(served[1].parts).toEqual({ gate: 0, frontEnd: 0, engineWait: 0, prefill: 1000, decode: 2000, preempted: 1000, recomputed: 1000 });
    expect(served[1].events).toEqual(['scheduled 0', 'token 1 1000', 'preempted 3000', 'resumed 4000', 'finished 5000 4']);
  });
});

test('overhead delays what the client sees, and nobody else', () => {
  const list = [{ atUs: 0, prompt: 8, out: 3 }, { atUs: 0, prompt: 8, out: 1 }], overhead = { beforeUs: 500, afterUs: 40, perOutputTokenUs: 10 };
  const { served } = playCalls(list, { config: GENEROUS, cost: constant, overhead });
  expect(served.map(({ scheduledUs, firstUs, endUs }) => [scheduledUs, firstUs, endUs])).toEqual([[500, 1510, 3570], [500, 1510, 1550]]);
  expect(served[0].parts).toMatchObject({ frontEnd: 570, prefill: 1000, decode: 2000 });
});

test('what can never be served is refused when it comes, and the rest is served', () => {
  const { served } = playCalls([{ atUs: 5, prompt: 100, out: 1 }, { atUs: 5, prompt: 8, out: 0 }, { atUs: 5, prompt: 8, out: 1 }], { config: { blocks: 5, maxModelLen: 4096 }, cost: constant });
  expect(served.map(({ failed, endUs }) => failed ?? endUs)).toEqual(['http-400: 100 tokens need 7 blocks of 16, the engine has 4', 'http-400: one token or more is generated, this request asks for 0', 1005]);
});

test.each([false, true])('aborts at every instant of a call leave nothing behind (asynchronous: %s)', (asynchronous) => {
  const overhead = { beforeUs: 300, afterUs: 200, perOutputTokenUs: 50 };
  for (let abortUs = 0; abortUs <= 9000; abortUs += 250) {
    const list: RigCall[] = [{ atUs: 0, prompt: [[1, 30]], out: 4, abortUs }, { atUs: 0, prompt: [[1, 20], [2, 9]], out: 5 }, { atUs: 900, prompt: 20, out: 3 }, { atUs: 20_000, prompt: [[1, 30]], out: 2 }];
    const { served, engine } = playCalls(list, { config: { blockSize: 4, blocks: 18, maxSeqs: 2, maxBatchedTokens: 20, asynchronous }, cost: constant, overhead });
    expect([engine.scheduler.unfinished, engine.scheduler.freeBlocks, engine.signals().waiting], `abort at ${abortUs}`).toEqual([0, 17, 0]);
    expect(served.slice(1).every((one) => one.endUs > 0)).toBe(true);
    if (served[0].endUs < 0) expect(served[0].events.some((event) => event.startsWith('finished'))).toBe(false);
  }
});

test('signals tell who runs, who waits and how full the pool is', () => {
  const seen: string[] = [];
  const { engine } = playCalls([{ atUs: 0, prompt: 16, out: 2 }, { atUs: 0, prompt: 16, out: 1 }], { config: { blocks: 5, maxSeqs: 1 }, cost: constant, onStep: (record) => { seen.push(`${record.running} ${record.waiting} ${record.freeBlocks}/${record.usableBlocks} ${record.load.tokens}`); } });
  expect(seen).toEqual(['1 1 3/4 16', '1 1 2/4 1', '1 0 3/4 16']);
  expect(engine.signals()).toMatchObject({ running: 0, waiting: 0, kvUse: 0 });
});

test.each([['shared', false, 1], ['of its own', false, 0], ['shared', true, 1], ['of its own', true, 0]] as const)('a call lives through the same in the bulk form as in the plain, where its content is %s (asynchronous: %s)', (_what, asynchronous, shared) => {
  const list = arrivals(1500, 1100, (i, random) => ({
    prompt: shared ? [[1, 1 + Math.floor(random() * 12)], [2 + (i % 3), 1 + Math.floor(random() * 12)]] : 1 + Math.floor(random() * 24), out: 1 + Math.floor(random() * 20), gateUs: i % 4 === 0 ? 137 : 0,
    ...(i % 17 === 0 ? { abortUs: i * 1100 + 4000 } : {}),
  }));
  const overhead = { beforeUs: 310, afterUs: 45, perOutputTokenUs: 3.4 }, cost = (load: { tokens: number; decodeContext: number; chunkWork2: number }): number => 700 + 7.3 * load.tokens + 0.31 * load.decodeContext + 0.017 * load.chunkWork2;
  const play = (form: 'auto' | 'plain'): ReturnType<typeof playCalls> => playCalls(list, { config: { blockSize: 4, blocks: 40, maxSeqs: 8, maxBatchedTokens: 24, asynchronous }, cost, overhead, form });
  const bulk = play('auto'), plain = play('plain');
  expect([bulk.engine.scheduler.constructor.name, plain.engine.scheduler.constructor.name]).toEqual([asynchronous ? 'AsyncBulkScheduler' : 'BulkScheduler', 'BatchScheduler']);
  expect(bulk.served).toEqual(plain.served);
  expect([bulk.engine.scheduler.step, bulk.engine.scheduler.preemptions, bulk.engine.scheduler.freeBlocks]).toEqual([plain.engine.scheduler.step, plain.engine.scheduler.preemptions, 39]);
  // One event stands for all steps that nobody could notice, where steps follow their results.
  if (asynchronous) expect(bulk.kernel.events).toBe(plain.kernel.events); else expect(bulk.kernel.events).toBeLessThan(plain.kernel.events);
  expect(plain.engine.scheduler.preemptions).toBeGreaterThan(50);
});
