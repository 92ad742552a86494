// What the LOCO scheduler counts by agent: cost, completions, wait. Waits are in ticks, costs in the unit of task weights.

export interface LocoAgentMetrics {
  /** Weight of the tasks dequeued, booked at the grant. */
  readonly cost: number;
  /** Tasks dequeued. */
  readonly completed: number;
  /** Mean age of the dequeued tasks, in ticks; undefined where there was none. */
  readonly meanWaitTicks: number | undefined;
  /** Tokens reported at releases. */
  readonly tokens: number;
  /** Calls that ended with an error. */
  readonly errors: number;
}

interface Tally { cost: number; completed: number; age: number; tokens: number; errors: number }

/** Told by the scheduler at each grant and release; every operation is O(1). */
export class LocoMetrics {
  #totalCost = 0;
  readonly #tallies = new Map<string, Tally>();

  /** A task left its queue to be served. */
  dequeued(agent: string, weight: number, ageTicks: number): void {
    const tally = this.#tally(agent);
    tally.cost += weight;
    tally.completed++;
    tally.age += ageTicks;
    this.#totalCost += weight;
  }

  released(agent: string, tokens: number, failed: boolean): void {
    const tally = this.#tally(agent);
    tally.tokens += tokens;
    if (failed) tally.errors++;
  }

  get totalCost(): number { return this.#totalCost; }

  agent(agent: string): LocoAgentMetrics {
    const tally = this.#tallies.get(agent);
    return Object.freeze({
      cost: tally?.cost ?? 0,
      completed: tally?.completed ?? 0,
      meanWaitTicks: tally && tally.completed > 0 ? tally.age / tally.completed : undefined,
      tokens: tally?.tokens ?? 0,
      errors: tally?.errors ?? 0,
    });
  }

  /** Cost of every agent that was granted a task, in order of its first grant. */
  costByAgent(): Readonly<Record<string, number>> { return this.#by((t) => (t.completed > 0 ? t.cost : undefined)); }
  /** Mean age of the dequeued tasks, in ticks, of agents that have any. */
  waitByAgent(): Readonly<Record<string, number>> { return this.#by((t) => (t.completed > 0 ? t.age / t.completed : undefined)); }

  #by(read: (tally: Tally) => number | undefined): Readonly<Record<string, number>> {
    const out: [string, number][] = [];
    for (const [agent, tally] of this.#tallies) {
      const value = read(tally);
      if (value !== undefined) out.push([agent, value]);
    }
    // fromEntries defines own properties, so that an agent named __proto__ is one like any other.
    return Object.freeze(Object.fromEntries(out));
  }

  #tally(agent: string): Tally {
    let tally = this.#tallies.get(agent);
    if (!tally) this.#tallies.set(agent, tally = { cost: 0, completed: 0, age: 0, tokens: 0, errors: 0 });
    return tally;
  }
}
