// Scenarios whose ties are drawn: means over many tie seeds, held against recorded means.
import { Differences } from '../differences.ts';
import { arrayOf, fields, recordOf, type Shape } from '../shape.ts';
import type { LineKind } from '../suite.ts';
import { Stepper } from './steps.ts';

/** Tie seeds of this side. More would narrow the band little: the recorded means rest on 40. */
export const RUNS = 100;

interface Moments { readonly mean: number; readonly sd: number; readonly min: number; readonly max: number }
const MOMENTS: Shape = fields({ mean: 'number', sd: 'number', min: 'number', max: 'number' });
const SINGLE = ['completedTotal', 'starved', 'jainOfCompletions', 'meanOfAgentMeanWaits', 'remaining'] as const;
const BY_AGENT = ['completedByAgent', 'firstServedTick'] as const;

interface StatisticalVector {
  readonly agents: readonly string[]; readonly weights: readonly number[]; readonly arrivalsByTick: readonly (readonly number[])[]; readonly ticks: number; readonly alpha: number; readonly tieSeeds: number;
  readonly expect: Readonly<Record<(typeof SINGLE)[number], Moments> & Record<(typeof BY_AGENT)[number], Readonly<Record<string, Moments>>>>;
}

export const statistical: LineKind<StatisticalVector> = {
  shape: fields({
    agents: arrayOf('text'), weights: arrayOf('number'), arrivalsByTick: arrayOf(arrayOf('number')), ticks: 'number', alpha: 'number', tieSeeds: 'number',
    expect: fields({ ...Object.fromEntries(SINGLE.map((name) => [name, MOMENTS])), ...Object.fromEntries(BY_AGENT.map((name) => [name, recordOf(MOMENTS)])) }),
  }),
  check(vector) {
    const d = new Differences(), { expect, agents } = vector, runs = Array.from({ length: RUNS }, (_, i) => oneRun(vector, `tie ${i}`));
    for (const name of SINGLE) compareMean(d, name, runs.map((run) => run[name]), expect[name], vector.tieSeeds);
    for (const name of BY_AGENT) {
      agents.forEach((id, i) => {
        if (Object.hasOwn(expect[name], id)) compareMean(d, `${name}.${id}`, runs.map((run) => run[name][i]), expect[name][id], vector.tieSeeds);
      });
    }
    return d.found;
  },
};

type Outcome = Record<(typeof SINGLE)[number], number> & Record<(typeof BY_AGENT)[number], readonly number[]>;

function oneRun({ agents, weights, arrivalsByTick, ticks, alpha }: StatisticalVector, seed: string): Outcome {
  const stepper = new Stepper(alpha, seed), completed = agents.map(() => 0), waited = agents.map(() => 0), first = agents.map(() => ticks);
  for (let t = 0; t < ticks; t++) {
    const counts = arrivalsByTick[t] ?? [];
    for (let i = 0; i < agents.length; i++) for (let k = 0; k < (counts[i] ?? 0); k++) stepper.arrive(i, weights[i], '');
    const served = stepper.step();
    if (!served) continue;
    if (completed[served.agent]++ === 0) first[served.agent] = t;
    waited[served.agent] += served.age;
  }
  const sum = completed.reduce((a, b) => a + b, 0), squares = completed.reduce((a, b) => a + b * b, 0);
  return {
    completedTotal: sum,
    starved: completed.filter((n) => n === 0).length,
    // Over all agents, zeros included: starved agents must show.
    jainOfCompletions: squares === 0 ? 1 : (sum * sum) / (completed.length * squares),
    meanOfAgentMeanWaits: completed.reduce((a, n, i) => a + (n === 0 ? 0 : waited[i] / n), 0) / agents.length,
    remaining: stepper.waiting,
    completedByAgent: completed,
    firstServedTick: first,
  };
}

function compareMean(d: Differences, what: string, values: readonly number[], expect: Moments, theirRuns: number): void {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const allowed = 4 * expect.sd * Math.sqrt(1 / theirRuns + 1 / values.length) + 1e-9 * Math.max(1, Math.abs(expect.mean));
  if (!(Math.abs(mean - expect.mean) <= allowed)) d.found.push(`${what}: expected a mean of ${expect.mean} ± ${allowed}, got ${mean}`);
}
