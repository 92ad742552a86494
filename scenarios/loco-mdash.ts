// A security review as a swarm: auditors and debaters fill the slot, then provers arrive with the heaviest calls.
import { defineScenario, oneSlotPerTick, policyParam, TickArrivals, TICK_US } from '../sim/index.ts';

const TICKS = 200, PROVERS_TICK = 20;
const ROLES = [
  { name: 'auditor', agents: 20, calls: 2, weight: 3, tick: 0 },
  { name: 'debater', agents: 30, calls: 3, weight: 1, tick: 0 },
  { name: 'prover', agents: 5, calls: 2, weight: 5, tick: PROVERS_TICK },
] as const;

export const locoMdash = defineScenario({
  name: 'loco-mdash',
  title: 'auditors, debaters, and provers that come late with heavy calls',
  question: 'Five provers arrive at tick 20 behind 130 queued calls. Are they served in time, and who pays?',
  params: { policy: policyParam('loco') },
  defaults: { alpha: 0.25, guard: true },
  headline: ['first_service_ticks', 'wait_ticks.mean[class=prover]', 'wait_ticks.mean'],
  notSimulated: ['batching, prefill and decode', 'KV cache', 'network'],
  setup({ params: _params, ...partners }) {
    const members = ROLES.flatMap((role, k) => Array.from({ length: role.agents }, (_, a) => ({ role, k, name: `${role.name} ${a}` })));
    return {
      ...oneSlotPerTick(partners, TICKS),
      classes: ROLES.map((role) => role.name),
      agents: members.map(({ role, name }) => ({ name, class: role.name })),
      spike: { atUs: PROVERS_TICK * TICK_US, class: 'prover' },
      workload: (streams) => new TickArrivals(streams, {
        ticks: TICKS, tickUs: TICK_US,
        agents: members.map(({ role, k }) => ({ callClass: k, weight: role.weight, arrivals: (tick) => (tick === role.tick ? role.calls : 0) })),
      }),
    };
  },
});
