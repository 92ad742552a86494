// Mutants of LOCO: its load function, its ticks, its guard and its ties.
import type { Mutant } from './mutant.ts';

const rule = 'test/loco/rule.test.ts', policy = 'test/loco/policy.test.ts', parts = 'test/loco/alpha-guard-tuner.test.ts';
const of = (file: string, test: string, kills: string, name: string, was: string, is: string): Mutant => ({ name, file: `src/loco/${file}.ts`, was, is, test, kills });

export const loco: readonly Mutant[] = [
  of('rule', rule, 'larger by one factor', 'loco: backlogs count as they are', 'alpha * (backlog / (maxBacklog || 1))', 'alpha * (backlog / (maxBacklog > 0 ? 40 : 1))'),
  of('rule', rule, 'is a number where nobody has a backlog', 'loco: nothing is divided by nothing', '(age / (maxAge || 1))', '(age / maxAge)'),
  of('rule', rule, 'between 0 and 1', 'loco: the wait has its whole weight', '(1 - alpha) * (age', '(1 + alpha) * (age'),
  of('state', rule, 'longest at alpha 0', 'loco: questions leave alpha out', 'question.set(alpha, this', 'question.set(1, this'),
  of('guard', parts, 'caps alpha at half', 'loco: the guard caps alpha at the limit itself', 'Math.min(alpha, 0.5 * s / (1 + s))', 'Math.min(alpha, s / (1 + s))'),
  of('policy', policy, 'ages what waits by one a release', 'loco: a release is no tick', 'if (!this.#byClock) state.tick();', 'if (this.#byClock) state.tick();'),
  of('policy', policy, 'keeps the answer until there is news', 'loco: a tie is drawn again for every question', 'return this.#drawn[this.#place];', 'return draw();'),
  of('policy', policy, 'lowest number where ties go by registration', 'loco: ties are always drawn', 'this.#drawAtPlace = draw === null ? null :', 'this.#drawAtPlace ='),
  of('policy', policy, 'at its old place, with its old age', 'loco: a call that lost its place is as young as a new one', 'this.state.restoreTask(call, agent);', 'this.state.enqueue(call, agent, this.#calls.weight[call]);'),
];
