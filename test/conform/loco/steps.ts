// Services one at a time, arrivals given: what the policy named `loco` serves, step by step. Drives the policy object as the core does.
import { seededRandom } from '../../../src/random.ts';
import { CALL_RUNNING, CALL_WAITING, CallTable } from '../../../src/dispatch/calls.ts';
import { resolveOptions } from '../../../src/options.ts';
import { loco } from '../../../src/policies/loco.ts';
import { KNOWS_NOTHING, type Admits, type Policy } from '../../../src/policies/policy.ts';

const ANYWHERE: Admits = { open: Uint8Array.of(1), version: 1 };

export interface Served { readonly agent: number; readonly task: string; readonly age: number }

/** A gate of one place over the policy. One step: arrivals join, the best is served, one release is one tick. */
export class Stepper {
  readonly #calls = new CallTable();
  readonly #policy: Policy;
  readonly #names: string[] = [];
  readonly #arrivedAt: number[] = [];
  #tick = 0;
  #arrived = 0;

  constructor(alpha: number, seed: string) {
    const options = resolveOptions(loco.params, { alpha, guard: false }, 'conformance');
    this.#policy = loco.create({ calls: this.#calls, random: seededRandom(seed), knowledge: KNOWS_NOTHING, options });
  }

  get waiting(): number { return this.#policy.waiting; }

  arrive(agent: number, weight: number, name: string): void {
    const call = this.#calls.allocate(this.#arrived++, 0, agent);
    this.#calls.weight[call] = weight;
    this.#calls.state[call] = CALL_WAITING;
    this.#names[call] = name;
    this.#arrivedAt[call] = this.#tick;
    this.#policy.arrive(call, this.#tick);
  }

  /** Serves one call, or nobody where nobody waits; either way a step has passed. */
  step(): Served | undefined {
    const nowUs = this.#tick++;
    const call = this.#policy.first(ANYWHERE, nowUs);
    if (call < 0) return undefined;
    const served = { agent: this.#calls.agent[call], task: this.#names[call], age: nowUs - this.#arrivedAt[call] };
    this.#calls.state[call] = CALL_RUNNING;
    this.#policy.grant(call, nowUs);
    this.#policy.finish(call, true, nowUs);
    this.#calls.release(call);
    return served;
  }
}
