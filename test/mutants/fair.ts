// Mutants of policies that keep accounts of agents.
import type { Mutant } from './mutant.ts';

const test = 'test/policies/fair.test.ts', vtc = 'src/policies/vtc.ts', meter = 'src/policies/service-meter.ts', las = 'src/policies/las-decay.ts';

export const fair: readonly Mutant[] = [
  { name: 'vtc: nobody is lifted', test, kills: 'lifts who comes back to the least counter that waits', file: vtc, was: 'if (!this.#lifts) return;', is: 'return;' },
  { name: 'vtc: no lift to the last to leave', test, kills: 'lifts who comes to an empty queue to the counter of the last to leave', file: vtc, was: 'order.queues.waiting === 0 ? this.#lastLeft : order.lowest()', is: 'order.lowest()' },
  { name: 'vtc: always lifted to the last to leave', test, kills: 'vtc > is what its plain form says', file: vtc, was: 'order.queues.waiting === 0 ? this.#lastLeft : order.lowest()', is: 'this.#lastLeft' },
  { name: 'vtc: a lift lowers', test, kills: 'vtc > is what its plain form says', file: vtc, was: 'Math.max(order.account(agent), order.account(from))', is: 'order.account(from)' },
  { name: 'vtc: lift=off lifts', test, kills: 'lifts nobody with lift=off', file: vtc, was: "context.options['lift'] === true", is: 'true' },
  { name: 'vtc: most served first', test, kills: 'vtc > keeps two agents that always wait within 2 U', file: vtc, was: 'number): number { return account; }', is: 'number): number { return 0 - account; }' },
  { name: 'fair: weights multiply', test, kills: 'gives shares in proportion to weights', file: 'src/policies/fair-policy.ts', was: 'this.order.account(agent) + cost / this.#weights.of(call)', is: 'this.order.account(agent) + cost * this.#weights.of(call)' },
  { name: 'fair: prompts are charged at the end', test, kills: 'vtc > is what its plain form says', file: 'src/policies/fair-policy.ts', was: 'return account + this.shareOf(call); }', is: 'return account + 0 * this.shareOf(call); }' },
  { name: 'fair: prompts found in a cache are charged', test, kills: 'charges prompt tokens found in a cache to nobody', file: meter, was: 'Math.max(0, this.#calls.promptTokens[call] - cached)', is: 'Math.max(0, this.#calls.promptTokens[call] - 0 * cached)' },
  { name: 'fair: output told of is charged again at the end', test, kills: 'vtc > is what its plain form says', file: meter, was: 'this.#charged[call] += cost;', is: '' },
  { name: 'fair: foreseen output is charged on top', test, kills: 'charges output that is foreseen at the grant', file: meter, was: 'const before = Math.max(this.#guessed[call], this.#told[call]);', is: 'const before = this.#told[call];' },
  { name: 'fair: a preempted call pays for its prompt again', test, kills: 'vtc > is what its plain form says', file: meter, was: 'return this.hasRun(call) ? 0 : this.#wp', is: 'return this.#wp' },
  { name: 'fair: blocked classes are asked', test, kills: 'vtc > is what its plain form says', file: 'src/policies/fair-order.ts', was: 'if (heap.size === 0 || admits.open[k] !== 1) continue;', is: 'if (heap.size === 0) continue;' },
  { name: 'fair: a walk charges nothing', test, kills: 'vtc > is what its plain form says', file: 'src/policies/fair-order.ts', was: 'const after = this.#rule.after(agent, account, call), next', is: 'const after = account, next' },
  { name: 'drr: a quantum used up leaves a turn', test, kills: 'is what its plain form says, turn by turn', file: 'src/policies/drr.ts', was: 'Math.floor(account / this.#quantum)', is: 'Math.ceil(account / this.#quantum)' },
  { name: 'drr: an idle agent keeps its rounds', test, kills: 'is what its plain form says, turn by turn', file: 'src/policies/drr.ts', was: 'order.setAccount(agent, round * this.#quantum);', is: 'return;' },
  { name: 'drr: turns in the order of calls', test, kills: 'is what its plain form says, turn by turn', file: 'src/policies/drr.ts', was: 'agent[a] === agent[b] ? super', is: 'agent[a] >= 0 ? super' },
  { name: 'wfq: time stands still', test, kills: 'wfq > is what its plain form says', file: 'src/policies/wfq.ts', was: 'this.#virtual = Math.max(this.#virtual, this.order.rankOf(call));', is: '' },
  { name: 'wfq: by starts instead of ends', test, kills: 'wfq > is what its plain form says', file: 'src/policies/wfq.ts', was: 'return account + this.shareOf(call); }', is: 'return account + 0 * this.shareOf(call); }' },
  { name: 'las-decay: a half-life quarters', test, kills: 'halves service with every half-life', file: las, was: 'share /= 2', is: 'share /= 4' },
  { name: 'las-decay: half-life 0 forgets at once', test, kills: 'never lets service fade with half-life 0', file: las, was: 'service === 0 || this.#halfLifeUs === 0 ? service', is: 'service === 0 || this.#halfLifeUs === 0 ? 0' },
  { name: 'las-decay: nobody is new again', test, kills: 'takes an agent that was idle for longer than it remembers as new', file: las, was: '> this.#forgetUs) this', is: '> Infinity) this' },
  { name: 'las-decay: forgets who runs', test, kills: 'knows an agent that waits or runs', file: las, was: 'this.#queues.size(agent) === 0 && this.#runs[agent] === 0 &&', is: 'this.#queues.size(agent) === 0 &&' },
  { name: 'las-decay: waits do not count', test, kills: 'las-decay > is what its plain form says', file: las, was: '+ this.#waitWeight * within', is: '+ 0 * within' },
];
