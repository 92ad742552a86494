// The golden sessions of the trained-physics model, with one seed and of two runs: all of them run as `npm run conform -- blis`.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compared, goldenMeans, readGoldens } from '../../conform/blis/suite.ts';
import { sharedFolder } from '../../conform/suite.ts';

const FOLDER = path.join(sharedFolder(), 'data', 'blis-goldens'), isThere = existsSync(FOLDER);

describe.skipIf(!isThere)('golden sessions (skipped where the shared data is absent)', () => {
  test.each(['62', '67'])('run %s: counts exact, means of trained physics near, with a single seed', (id) => {
    const goldens = readGoldens(FOLDER), run = goldens.runs.find((one) => one.id === id);
    if (run === undefined) throw new Error(`no run ${id}`);
    expect(compared(goldenMeans(goldens, run, 'trainedPhysics', 1), run.trainedPhysics.expected, true)).toEqual([]);
  });

  test('a difference is told with both values', () => {
    const [run] = readGoldens(FOLDER).runs, { expected } = run.trainedPhysics;
    const found = { completed: 1, inputTokens: expected.inputTokens, outputTokens: expected.outputTokens, ttftMs: expected.ttftMs.mean * 1.05, e2eMs: expected.e2eMs.mean, itlMs: expected.itlMeanMs };
    expect(compared(found, expected, true)).toEqual([`completed: expected ${expected.completed}, found 1`, expect.stringMatching(/^TTFT mean: expected .* within 4 %, found .* \(5\.00 %\)$/)]);
    expect(compared(found, expected, false)).toHaveLength(1);
  });
});
