// What `init policy` writes: a complete policy with one parameter, and a test that asks the production dispatcher.
import { uses } from './uses.ts';

export const policyCode = (name: string): string => `// ${name}: the agent that was served least goes next; of its calls the one that came first.
${uses('{ definePolicy }', 'schedlab')}
${uses('type { Admits, CallSlot, CallView, Policy }', 'schedlab')}

/** Looks at every waiting call when it is asked, which is fine for thousands of them. For more keep the order while it changes. */
class FewestServed implements Policy {
  readonly #calls: CallView;
  readonly #quantum: number;
  /** Calls granted by agent: all that the rule remembers. State lives here, never in the module: every run gets an object of its own. */
  readonly #served = new Map<number, number>();
  readonly #queue: CallSlot[] = [];
  readonly #running: CallSlot[] = [];

  constructor(calls: CallView, quantum: number) { this.#calls = calls; this.#quantum = quantum; }

  // ---- told: what happened, and when (the time comes last, in µs; this rule does not need it)

  get waiting(): number { return this.#queue.length; }
  arrive(call: CallSlot): void { this.#queue.push(call); }

  grant(call: CallSlot): void {
    take(this.#queue, call);
    this.#running.push(call);
    const agent = this.#calls.agent[call];
    this.#served.set(agent, (this.#served.get(agent) ?? 0) + 1);
  }

  /** Only engines that take places away tell this: the call waits again. */
  preempt(call: CallSlot): void { take(this.#running, call); this.#queue.push(call); }
  finish(call: CallSlot): void { take(this.#running, call); }
  cancel(call: CallSlot, wasRunning: boolean): void { take(wasRunning ? this.#running : this.#queue, call); }

  // ---- asked: who goes next

  /** \`admits\` tells which calls may go now: those of class 0 anywhere, those of class e + 1 on engine e alone (the pinned ones). */
  first(admits: Admits): CallSlot {
    let best = -1;
    for (const call of this.#queue) if (admits.open[this.#calls.pin[call] + 1] === 1 && (best < 0 || this.#order(call, best) < 0)) best = call;
    return best;
  }

  /** The whole order, for engines that fill a batch: what runs stays in front, so that nobody loses a place. */
  walk(visit: (call: CallSlot) => boolean): void {
    for (const call of [...this.#running, ...this.#queue.toSorted((a, b) => this.#order(a, b))]) if (!visit(call)) return;
  }

  /** What stands behind a rank, for receipts of decisions. */
  explain(call: CallSlot): Readonly<Record<string, number>> { return { turns: this.#turns(call) }; }

  #turns(call: CallSlot): number { return Math.floor((this.#served.get(this.#calls.agent[call]) ?? 0) / this.#quantum); }

  /** Below 0 where a goes first. The key decides where nothing else does: it is the same in every run, and slots are not. */
  #order(a: CallSlot, b: CallSlot): number {
    const { arrivedUs, key } = this.#calls;
    return this.#turns(a) - this.#turns(b) || arrivedUs[a] - arrivedUs[b] || key[a] - key[b];
  }
}

function take(list: CallSlot[], call: CallSlot): void { list.splice(list.indexOf(call), 1); }

export default definePolicy({
  name: '${name}',
  title: 'the agent that was served least goes next',
  source: 'our own',
  // Parameters are keys of the command line: quantum=1,4,16.
  params: { quantum: { kind: 'number', default: 1, min: 1, max: 1000, integer: true, help: 'calls that an agent gets before its turn ends' } },
  // 'estimate' or 'oracle' would ask for output lengths, and only scenarios that grant it would run.
  knowledge: 'none',
  needsAgents: true,
  create: ({ calls, options }) => new FewestServed(calls, Number(options['quantum'])),
});
`;

export const policyTest = (name: string): string => `// Tests of ${name}, through the dispatcher that applications use. Run them: npx schedlab check ./${name}.test.ts
${uses('assert', 'node:assert/strict')}
${uses('{ test }', 'node:test')}
${uses('{ createDispatcher }', 'schedlab')}
${uses('policy', `./${name}.ts`)}

/** Agents in the order in which one place serves them, where all of these calls come at once. */
async function served(agents: readonly number[], policyOptions = {}): Promise<number[]> {
  const dispatcher = createDispatcher({ policy, policyOptions, windows: [1] }), order: number[] = [];
  await Promise.all(agents.map((agent) => dispatcher.run({ agent }, () => { order.push(agent); })));
  return order;
}

test('an agent that asks once does not wait behind one that asks three times', async () => {
  assert.deepEqual(await served([0, 0, 0, 1]), [0, 1, 0, 0]);
});

test('with a quantum of 2 an agent gets two calls in a row', async () => {
  assert.deepEqual(await served([0, 0, 0, 1], { quantum: 2 }), [0, 0, 1, 0]);
});
`;
