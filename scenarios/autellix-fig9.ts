// The toy of Autellix, figure 9: one program whose root forks into four calls of different length. In which order should siblings go?
import { count, defineMetric, defineScenario, knowledgeParams, knowledgeParts, policyParam, ProgramBuilder } from '../sim/index.ts';
import type { MetricRun, ProgramDraft, Workload } from '../sim/index.ts';

/** A step of the batch: a millisecond, which engines of slots count as a token. */
const STEP_US = 1000;
const BATCH = 2;
const SIBLINGS = [1, 4, 2, 5] as const;
/** Those that meet in the call of `MEETING` steps; the others wait for the end. */
const MEET: readonly number[] = [1, 4];
const ROOT = 2, MEETING = 4, END = 1;

/** Every order of the siblings, number 1 first. */
const ORDERS = ordersOf(SIBLINGS);

const orderOf = (number: unknown): readonly number[] => ORDERS[Number(number) - 1]!;

/** Steps from the arrival to the end of the last call. */
function makespan({ calls }: MetricRun): number | null {
  const ends = calls.map((call) => call.finished);
  return ends.length === 0 || ends.includes(null) ? null : Math.round((Math.max(...ends.map(Number)) * 1e6) / STEP_US);
}

export const autellixFig9 = defineScenario({
  name: 'autellix-fig9',
  title: 'the toy of Autellix figure 9: a program that forks and joins, a batch of two, unit steps',
  question: ({ order, policy }) => `A call of ${ROOT} steps forks into calls of ${orderOf(order).join(', ')} steps, in this order; ${MEET.join(' and ')} meet in one of ${MEETING}, and all in one of ${END}. Two run at a time. When does ${String(policy)} have the program done?`,
  params: {
    policy: policyParam('atlas'), ...knowledgeParams,
    order: count(1, `order of the ${SIBLINGS.length} siblings of ${SIBLINGS.join(', ')} steps, by number: 1 is that one, ${ORDERS.length} its reverse`, ORDERS.length),
  },
  // A level for every step of the program, and quanta that no call uses up: priorities as they are, siblings in their order.
  defaults: { mode: 'parents', bounds: Array.from({ length: 19 }, (_, i) => i).join('/'), quanta: Array(19).fill(1000).join('/'), beta: 0 },
  reps: 1,
  headline: ['makespan'],
  metrics: [defineMetric({ name: 'makespan', title: 'Step at which the last call of the program is done', unit: 'ticks', better: 'lower', population: 'the program', start: 'arrival', end: 'finish of its last call', measure: makespan })],
  notSimulated: ['prefill', 'KV cache', 'tools', 'network'],
  assumptions: () => ['a step is 1 ms and produces one token of each call in the batch', 'siblings have one priority, so that their order decides alone: the best is done in 11 steps, the worst in 14'],
  setup({ params, ...partners }) {
    return {
      ...partners, ...knowledgeParts(params),
      engines: { kind: 'slots', count: 1, slots: BATCH, discipline: 'preempt-resume' },
      dispatch: 'late', place: 'engine', window: Infinity, maxWaiters: Infinity,
      endUs: Infinity, tickUs: STEP_US, study: 'terminating', classes: ['all'], agents: [{ name: 'program', class: 'all' }],
      workload: () => new Toy(orderOf(params['order'])),
    };
  },
});

/** One program, at instant 0. */
class Toy implements Workload {
  readonly total = 1;
  readonly #siblings: readonly number[];
  #isMade = false;

  constructor(siblings: readonly number[]) { this.#siblings = siblings; }

  next(draft: ProgramDraft): boolean {
    if (this.#isMade) return false;
    this.#isMade = true;
    const builder = new ProgramBuilder(), ids: string[] = [], meeting: number[] = [], ending: number[] = [];
    const call = (id: string, steps: number, after: readonly number[]): number => { ids.push(id); return builder.call({ prompt: 0, output: steps, context: 'new', serviceUs: steps * STEP_US, after }); };
    const root = call('root', ROOT, []);
    for (const steps of this.#siblings) (MEET.includes(steps) ? meeting : ending).push(call(`sibling of ${steps}`, steps, [root]));
    const met = call('meeting', MEETING, meeting);
    call('end', END, [...ending, met]);
    builder.into(draft);
    draft.arrivalUs = draft.program = draft.agent = draft.callClass = 0;
    draft.ids = ids;
    return true;
  }
}

function ordersOf(items: readonly number[]): readonly (readonly number[])[] {
  return items.length === 0 ? [[]] : items.flatMap((item) => ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
