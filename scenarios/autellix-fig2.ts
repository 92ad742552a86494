// The toy of Autellix, figure 2: four programs arrive at once, a batch of two serves them step by step. In which order are they done?
import { defineMetric, defineScenario, knowledgeParams, knowledgeParts, policyParam } from '../sim/index.ts';
import type { MetricRun, ProgramDraft, Workload } from '../sim/index.ts';

/** A step of the batch: a millisecond, which engines of slots count as a token. */
const STEP_US = 1000;
const BATCH = 2;

/** Steps of each call of each program; the next call comes when the one before is done. */
const PROGRAMS = [
  { name: 'A', steps: [4, 3, 1, 1] },
  { name: 'B', steps: [3, 3, 4] },
  { name: 'C', steps: [1, 2] },
  { name: 'D', steps: [4] },
] as const;
const WORK = PROGRAMS.flatMap(({ steps }) => [...steps]).reduce((sum, steps) => sum + steps, 0);

/** The step at which the last call of a program is done; all arrive at 0. */
function completion(run: MetricRun, name: string): number | null {
  const ends = run.calls.filter((call) => call.agent === name).map((call) => call.finished);
  return ends.length === 0 || ends.includes(null) ? null : Math.round((Math.max(...ends.map(Number)) * 1e6) / STEP_US);
}

export const autellixFig2 = defineScenario({
  name: 'autellix-fig2',
  title: 'the toy of Autellix figure 2: four programs, a batch of two, unit steps',
  question: ({ policy }) => `Four programs of one to four calls arrive at once, and two calls run at a time. When does ${String(policy)} have each of them done?`,
  params: { policy: policyParam('atlas'), ...knowledgeParams },
  // Three levels that begin at 0, 2 and 3 steps; with these, PLAS is the schedule of the figure.
  defaults: { mode: 'sum', bounds: '0/2/3', quanta: '2/1/inf', beta: 0 },
  reps: 1,
  headline: ['waiting_steps', ...PROGRAMS.map(({ name }) => `done_${name}`)],
  metrics: [
    ...PROGRAMS.map(({ name, steps }) => defineMetric({
      name: `done_${name}`, title: `Step at which program ${name} (calls of ${steps.join(', ')}) is done`, short: `completion of ${name}`,
      unit: 'ticks', better: 'lower', population: `program ${name}`, measure: (run) => completion(run, name),
    })),
    defineMetric({
      name: 'waiting_steps', title: 'Steps that programs waited, all of them together', short: 'waiting in all', unit: 'ticks', better: 'lower', population: 'every program', start: 'arrival', end: 'finish of its last call, without its service',
      measure: (run) => PROGRAMS.reduce<number | null>((sum, { name }) => { const done = completion(run, name); return sum === null || done === null ? null : sum + done; }, -WORK),
    }),
  ],
  notSimulated: ['prefill', 'KV cache', 'tools', 'network'],
  assumptions: () => ['a step is 1 ms and produces one token of each call in the batch', 'levels, bounds and quanta are those that give the figure for PLAS; the paper does not tell them'],
  setup({ params, ...partners }) {
    return {
      ...partners, ...knowledgeParts(params),
      engines: { kind: 'slots', count: 1, slots: BATCH, discipline: 'preempt-resume' },
      dispatch: 'late', place: 'engine', window: Infinity, maxWaiters: Infinity,
      endUs: Infinity, tickUs: STEP_US, study: 'terminating', classes: ['all'],
      agents: PROGRAMS.map(({ name }) => ({ name, class: 'all' })),
      workload: () => new Toy(),
    };
  },
});

/** The four programs, all at instant 0. */
class Toy implements Workload {
  readonly total = PROGRAMS.length;
  #made = 0;

  next(draft: ProgramDraft): boolean {
    if (this.#made === PROGRAMS.length) return false;
    const { steps } = PROGRAMS[this.#made];
    draft.ensure(steps.length);
    draft.program = draft.agent = this.#made++;
    draft.arrivalUs = 0;
    draft.length = steps.length;
    steps.forEach((n, k) => {
      draft.thinkUs[k] = 0;
      draft.serviceUs[k] = n * STEP_US;
      draft.firstTokenUs[k] = STEP_US;
      draft.promptTokens[k] = 0;
      draft.outputTokens[k] = n;
    });
    return true;
  }
}
