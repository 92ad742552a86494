// What `init balancer` writes: a complete balancer with one parameter, and a test that asks the production dispatcher.
import { uses } from './uses.ts';

export const balancerCode = (name: string): string => `// ${name}: an agent stays on its engine, as long as that is not much busier than the least busy one.
${uses('{ defineBalancer }', 'schedlab')}
${uses('type { Balancer, BalancerContext, CallSlot, CallView, LoadView }', 'schedlab')}

class Sticky implements Balancer {
  readonly #calls: CallView;
  readonly #random: () => number;
  readonly #slack: number;
  /** The engine of each agent. State lives here, never in the module: every run gets an object of its own. */
  readonly #home = new Map<number, number>();

  constructor({ calls, random, options }: BalancerContext) { this.#calls = calls; this.#random = random; this.#slack = Number(options['slack']); }

  /** Only the first \`count\` entries of \`candidates\` are engines that may be chosen. Loads are as old as \`view.ageUs(engine)\` says. */
  pick(call: CallSlot, candidates: Int32Array, count: number, view: LoadView): number {
    const engines = Array.from(candidates.subarray(0, count));
    const least = Math.min(...engines.map((engine) => view.inFlight(engine)));
    const home = this.#home.get(this.#calls.agent[call]) ?? -1;
    if (engines.includes(home) && view.inFlight(home) <= least + this.#slack) return home;
    // Ties are drawn, from the stream of the context: the first in the list must never win by accident.
    const tied = engines.filter((engine) => view.inFlight(engine) === least);
    return tied[Math.floor(this.#random() * tied.length)];
  }

  /** Told of every call, also where there was one candidate and nobody was asked. */
  routed(call: CallSlot, engine: number): void { this.#home.set(this.#calls.agent[call], engine); }

  engineDown(engine: number): void {
    for (const [agent, home] of this.#home) if (home === engine) this.#home.delete(agent);
  }
}

export default defineBalancer({
  name: '${name}',
  title: 'an agent stays on its engine while that is not much busier than the least busy one',
  source: 'our own',
  // Parameters are keys of the command line: slack=0,2,8.
  params: { slack: { kind: 'number', default: 2, min: 0, max: 1000, integer: true, help: 'calls that the own engine may have more than the least busy one' } },
  create: (context) => new Sticky(context),
});
`;

export const balancerTest = (name: string): string => `// Tests of ${name}, through the dispatcher that applications use. Run them: npx schedlab check ./${name}.test.ts
${uses('assert', 'node:assert/strict')}
${uses('{ test }', 'node:test')}
${uses('{ createDispatcher }', 'schedlab')}
${uses('balancer', `./${name}.ts`)}

/** The engines that serve these agents, where all of their calls come at once and none ends before all have begun. */
async function engines(agents: readonly number[], balancerOptions = {}): Promise<number[]> {
  const dispatcher = createDispatcher({ balancer, balancerOptions, windows: [8, 8] });
  const leases = await Promise.all(agents.map((agent) => dispatcher.acquire({ agent })));
  for (const lease of leases) lease.release();
  return leases.map((lease) => lease.engine);
}

test('an agent stays where it is', async () => {
  const [first, second] = await engines([7, 7], { slack: 1 });
  assert.equal(second, first);
});

test('an agent moves where its engine is busier than the slack allows', async () => {
  const [first, second, third] = await engines([7, 7, 7], { slack: 1 });
  assert.equal(second, first);
  assert.notEqual(third, first);
});
`;
