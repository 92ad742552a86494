// Mutants of policies that order calls by one rule.
import type { Mutant } from './mutant.ts';

const preempt = 'test/policies/preempt.test.ts';

export const order: readonly Mutant[] = [
  {
    name: 'fcfs: a preempted call waits behind all others', test: preempt, kills: 'of one instant stand in the order of their arrival under fcfs',
    file: 'src/policies/arrival-order.ts', was: 'while (next >= 0 && this.#rank[next] < this.#rank[call])', is: 'while (next >= 0)',
  },
];
