// Recorded runs of a real server: given which requests had come before each step, every step is composed as it was.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedData } from '../../workload/shared.ts';
import { Drive } from './drive.ts';

interface Step { readonly scheduled: Readonly<Record<string, number>>; readonly running: number; readonly waiting: number; readonly free: number; readonly finished?: readonly string[] }
interface Asked { readonly id: string; readonly prompt_len: number; readonly output_len: number }

const RUNS = sharedData('vllm-cpu-runs');
const read = (name: string): unknown[] => readFileSync(`${RUNS.path}/${name}`, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);

describe.skipIf(RUNS.absent)(RUNS.name('the recorded runs of a real server'), () => {
  test.each([['calibrate', 3], ['poisson-0.4', 1], ['poisson-1.0', 1], ['poisson-2.2', 1]])('%s: every step', (name) => {
    const asked = new Map((read(`${name}.jsonl`) as Asked[]).map((one) => [one.id, one])), steps = read(`${name}-steps.jsonl`) as Step[];
    // First come first served: in the order in which they are first scheduled.
    const order = [...new Set(steps.flatMap(({ scheduled }) => Object.keys(scheduled)))];
    const drive = new Drive({ blockSize: 32, blocks: 512, maxSeqs: 16, maxBatchedTokens: 512, maxModelLen: 1024 });
    let come = 0, gone = 0;
    for (const [i, recorded] of steps.entries()) {
      for (; come < recorded.running + recorded.waiting + gone; come++) { const { id, prompt_len, output_len } = asked.get(order[come])!; drive.add({ id, prompt: prompt_len, out: output_len }); }
      const plan = drive.scheduler.schedule(), scheduled = Object.fromEntries(plan.requests.map(({ id }, at) => [id, plan.tokens[at]]));
      const made = { scheduled, running: drive.scheduler.running.length, waiting: drive.scheduler.waiting.size, free: drive.scheduler.kv.pool.free };
      const finished = drive.scheduler.process(plan).finished.map(({ id }) => id);
      expect({ ...made, finished }, `step ${i}`).toEqual({ scheduled: recorded.scheduled, running: recorded.running, waiting: recorded.waiting, free: recorded.free, finished: recorded.finished ?? [] });
      gone += finished.length;
    }
    expect([come, gone]).toEqual([order.length, order.length]);
  });

  test('have 4,420 steps in all', () => {
    expect(['calibrate', 'poisson-0.4', 'poisson-1.0', 'poisson-2.2'].reduce((sum, name) => sum + read(`${name}-steps.jsonl`).length, 0)).toBe(4420);
  });
});
