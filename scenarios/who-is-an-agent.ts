// Three tenants offer the same work in three shapes: many agents, one agent with many programs, one agent with a few long ones. Fair between whom?
import { count, defineScenario, parseDistribution, policyParam } from '../sim/index.ts';
import type { ProgramDraft, Streams, Workload } from '../sim/index.ts';

const US_PER_S = 1e6;
/** Calls of a program of the tenants that chain them, and seconds of the tool between two. */
const CHAIN = 6;
const TOOL_S = 2;

/** Agents of a tenant, and calls of one of its programs. All tenants offer as many calls. */
const TENANTS = [
  { name: 'crowd', agents: 12, chain: CHAIN },
  { name: 'swarm', agents: 1, chain: 1 },
  { name: 'solo', agents: 1, chain: CHAIN },
] as const;

interface Program { readonly atUs: number; readonly tenant: number; readonly agent: number; readonly number: number }

export const whoIsAnAgent = defineScenario({
  name: 'who-is-an-agent',
  title: 'the same three tenants, fair between tenants, agents or programs',
  question: ({ policy, identity }) => `Three tenants offer as much work each, more than there are places. ${String(policy)} is fair between ${String(identity)}s: who is served?`,
  params: {
    policy: policyParam('round-robin'),
    identity: { kind: 'choice', default: 'agent', values: ['tenant', 'agent', 'program'], help: 'over whom fairness is meant' },
    slots: count(8, 'places of the engine', 100_000),
    load: { kind: 'number', default: 2, min: 0.01, max: 100, help: 'work offered ÷ what the places can do; each tenant offers a third' },
    minutes: { kind: 'number', default: 10, min: 0.1, max: 1000, unit: 'min', help: 'length of the window' },
  },
  headline: TENANTS.map(({ name }) => `completed[class=${name}]`),
  notSimulated: ['batching', 'KV cache and shared prefixes', 'network'],
  assumptions: ({ identity }) => [`crowd is 12 agents with chains of ${CHAIN} calls, swarm one agent with programs of one call, solo one agent with chains; fairness is meant over ${String(identity)}s`],
  setup({ params, ...partners }) {
    const slots = params['slots'] as number, endS = (params['minutes'] as number) * 60, identity = params['identity'] as string;
    // A call takes a second in the mean; chains are offered whole.
    const chains = Math.max(1, Math.round(((params['load'] as number) * slots * endS) / TENANTS.length / CHAIN));
    const programs = TENANTS.map(({ chain }) => (chains * CHAIN) / chain), classOf = (names: readonly (readonly [string, number])[]) => names.flatMap(([name, n]) => Array.from({ length: n }, (_, i) => ({ name: `${name} ${i}`, class: name })));
    return {
      ...partners,
      engines: { kind: 'slots', count: 1, slots, discipline: 'nonpreemptive' },
      dispatch: 'late', place: 'gate', window: slots, maxWaiters: Infinity,
      endUs: endS * US_PER_S, tickUs: 0, study: 'terminating',
      classes: TENANTS.map(({ name }) => name),
      agents: classOf(TENANTS.map(({ name, agents }, t) => [name, identity === 'tenant' ? 1 : identity === 'agent' ? agents : programs[t]!])),
      workload: (streams) => new Tenants(streams, programs, endS, identity),
    };
  },
});

/** Programs at independent instants of the window; every program draws its own attributes. */
class Tenants implements Workload {
  readonly total: number;
  readonly #programs: readonly Program[];
  readonly #draws;
  readonly #law = parseDistribution('exponential', 1);
  #made = 0;

  constructor(streams: Streams, programs: readonly number[], endS: number, identity: string) {
    const starts = streams.stream('programs');
    let number = 0, firstAgent = 0;
    this.#programs = programs.flatMap((n, tenant) => {
      const agents = identity === 'tenant' ? 1 : identity === 'agent' ? TENANTS[tenant]!.agents : n, from = firstAgent;
      firstAgent += agents;
      return Array.from({ length: n }, (_, i): Program => { const own = number++; return { atUs: Math.round(starts.at(own).next() * endS * US_PER_S), tenant, agent: from + (i % agents), number: own }; });
    }).sort((a, b) => a.atUs - b.atUs || a.number - b.number);
    this.total = this.#programs.length;
    this.#draws = streams.stream('calls');
  }

  next(draft: ProgramDraft): boolean {
    const program = this.#programs[this.#made];
    if (program === undefined) return false;
    const length = TENANTS[program.tenant]!.chain, own = this.#draws.at(program.number);
    draft.ensure(length);
    draft.program = this.#made++;
    draft.arrivalUs = program.atUs;
    draft.agent = program.agent;
    draft.callClass = program.tenant;
    draft.length = length;
    for (let k = 0; k < length; k++) {
      draft.thinkUs[k] = k === 0 ? 0 : Math.round(this.#law.sample(own) * TOOL_S * US_PER_S);
      draft.serviceUs[k] = Math.max(1, Math.round(this.#law.sample(own) * US_PER_S));
      draft.firstTokenUs[k] = 0;
      draft.pin[k] = -1;
    }
    return true;
  }
}
