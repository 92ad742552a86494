// Attained service on one preemptive server, programs of one call, load 0.8: where it must tie, where it must lose, and what it must reach.
// SCHEDLAB_THEORY=10 plays ten times as many calls; from there on standard errors are held to 0.5 %, and the figures are printed: takes minutes, and wants the machine alone.
import { describe, expect, it } from 'vitest';
import { scenarioModel, meanAndError } from '../scenarios/setup.ts';
import { play } from '../worlds/scripted-model.ts';
import { REPLICATIONS } from './rig.ts';

const SCALE = Number(process.env['SCHEDLAB_THEORY'] ?? 1);
const LOAD = 0.8;
/** Two-sided 99 % of Student's t with 19 degrees of freedom. */
const T_99 = 2.8609;
/** Largest relative standard error of a mean that is compared. */
const MOST_ERROR = SCALE >= 10 ? 0.005 : 0.02;

/** 64 levels, each a tenth wider than the one before, the first 30 ms; a quantum is the width of its level. The server counts a millisecond as a token. */
const FINE = (() => {
  const bounds = [0], quanta: number[] = [];
  for (let width = 30; bounds.length < 64; width *= 1.1) { quanta.push(Math.round(width)); bounds.push(bounds.at(-1)! + Math.round(width)); }
  return { bounds: bounds.join('/'), quanta: quanta.join('/') };
})();
const PLAS = { policy: 'atlas', mode: 'sum', beta: 0, discipline: 'preempt-resume', ...FINE }, MLFQ = { policy: 'mlfq', starvation: 0, discipline: 'preempt-resume' };
const FCFS = { policy: 'fcfs' }, PS = { policy: 'fcfs', discipline: 'ps' };

/** A figure of the campaign, for whoever reads it. */
function tell(line: string): void { if (SCALE >= 10) process.stderr.write(`attained service: ${line}\n`); }
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Mean response of every replication; the same seed brings the same calls whatever serves them. */
async function responses(given: Readonly<Record<string, string | number>>, service: string, calls: number): Promise<readonly number[]> {
  const means: number[] = [];
  for (let r = 0; r < REPLICATIONS; r++) {
    const { metrics, checks } = await play(scenarioModel('queueing', { ...given, service, load: LOAD, calls: calls * SCALE }), { seed: `attained/${service}/${r}`, replication: r, trail: false });
    expect(checks).toEqual({ conservation: 1, little: 1 });
    means.push(metrics['response.mean']!);
  }
  return means;
}

/** Mean response of FB for a mixture of two exponentials: the integral of T(x) over the sizes, by Simpson's rule on a grid that grows with x. */
function feedbackIntegral(parts: readonly (readonly [share: number, mean: number])[], load: number): number {
  // E[min(S, x)] and E[min(S, x)²] of an exponential of mean m: m (1 − e^(−x/m)), and 2m (m (1 − e^(−x/m)) − x e^(−x/m)).
  const tail = (x: number, m: number): number => Math.exp(-x / m);
  const response = (x: number): number => {
    let first = 0, second = 0;
    for (const [share, m] of parts) { first += share * m * (1 - tail(x, m)); second += share * 2 * m * (m * (1 - tail(x, m)) - x * tail(x, m)); }
    const left = 1 - load * first;
    return (x + (load * second) / (2 * left)) / left;
  };
  const density = (x: number): number => parts.reduce((sum, [share, m]) => sum + (share / m) * tail(x, m), 0);
  // x = e^u − 1, so that dx = e^u du.
  const steps = 20_000, end = Math.log(1 + 60 * Math.max(...parts.map(([, mean]) => mean))), h = end / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) { const u = i * h, x = Math.exp(u) - 1; sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * density(x) * response(x) * Math.exp(u); }
  return (sum * h) / 3;
}

describe('least attained service, one preemptive server at load 0.8', () => {
  it('ties with first come, processor sharing and MLFQ on exponential calls: every paired 99 % interval holds 0', async () => {
    const base = await responses(FCFS, 'exponential', 6000);
    for (const [name, given] of [['processor sharing', PS], ['PLAS', PLAS], ['MLFQ', MLFQ]] as const) {
      const { mean, error } = meanAndError((await responses(given, 'exponential', 6000)).map((value, r) => value - base[r]!));
      tell(`exponential, ${name} − first come: ${mean.toFixed(4)} ± ${(T_99 * error).toFixed(4)} (99 %), standard error ${percent(error / 5)} of 5`);
      expect(Math.abs(mean), `${name} against first come: ${mean} ± ${T_99 * error}`).toBeLessThanOrEqual(T_99 * error);
      expect(error / 5, `${name}: the standard error of ${mean} is too wide`).toBeLessThanOrEqual(MOST_ERROR);
    }
  }, 120_000 * SCALE);

  it('loses on equal calls, to processor sharing and by far to first come: in every replication', async () => {
    const [fcfs, ps, plas] = [await responses(FCFS, 'deterministic', 2000), await responses(PS, 'deterministic', 2000), await responses(PLAS, 'deterministic', 2000)];
    for (const [name, values] of [['first come', fcfs], ['processor sharing', ps], ['PLAS', plas]] as const) { const { mean, error } = meanAndError(values); tell(`deterministic, ${name}: ${mean.toFixed(3)}, standard error ${percent(error / mean)}`); }
    plas.forEach((value, r) => {
      expect(value).toBeGreaterThan(1.5 * ps[r]!);
      expect(ps[r]).toBeGreaterThan(1.2 * fcfs[r]!);
    });
  }, 120_000 * SCALE);

  it('reaches the FB integral, 3.504, within 3 % on hyperexponential calls of CV² 10 with fine quanta', async () => {
    // Balanced means: each kind brings half of the work.
    const share = (1 - Math.sqrt(9 / 11)) / 2, integral = feedbackIntegral([[share, 1 / (2 * share)], [1 - share, 1 / (2 * (1 - share))]], LOAD);
    expect(integral).toBeCloseTo(3.504, 3);
    const plas = await responses(PLAS, 'hyperexponential:cv2=10', 12_000), ps = await responses(PS, 'hyperexponential:cv2=10', 12_000);
    // Processor sharing of the same calls takes 5 in the mean whatever their law: what it misses by, PLAS misses by in proportion.
    const a = meanAndError(plas).mean, b = meanAndError(ps).mean, slope = plas.reduce((sum, x, r) => sum + (x - a) * (ps[r]! - b), 0) / ps.reduce((sum, y) => sum + (y - b) * (y - b), 0);
    const { mean, error } = meanAndError(plas.map((x, r) => x - slope * (ps[r]! - 1 / (1 - LOAD))));
    tell(`hyperexponential, PLAS: ${mean.toFixed(4)} against ${integral.toFixed(4)}, off by ${percent((mean - integral) / integral)}, standard error ${percent(error / integral)}`);
    expect(error / integral, `the standard error of ${mean} is too wide`).toBeLessThanOrEqual(MOST_ERROR);
    expect(Math.abs(mean - integral) / integral, `${mean} ± ${T_99 * error} against ${integral}`).toBeLessThanOrEqual(0.03);
  }, 120_000 * SCALE);
});
