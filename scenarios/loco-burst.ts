// Eight agents arrive at once with one to eight calls each, and one slot works them off. In which order?
import { defineScenario, oneSlotPerTick, policyParam, TickArrivals, TICK_US } from '../sim/index.ts';

const AGENTS = 8;

export const locoBurst = defineScenario({
  name: 'loco-burst',
  title: 'a burst of 36 calls over eight agents, worked off by one slot',
  question: 'Eight agents bring one to eight calls at once. Who waits how long until all 36 are served?',
  params: { policy: policyParam('loco') },
  defaults: { alpha: 0.25, guard: true },
  headline: ['wait_ticks.mean', 'completed', 'jain.completed'],
  notSimulated: ['batching, prefill and decode', 'KV cache', 'network'],
  setup({ params: _params, ...partners }) {
    return {
      ...oneSlotPerTick(partners, Infinity),
      classes: ['all'],
      agents: Array.from({ length: AGENTS }, (_, a) => ({ name: `agent ${a}`, class: 'all' })),
      workload: (streams) => new TickArrivals(streams, {
        ticks: 1, tickUs: TICK_US,
        agents: Array.from({ length: AGENTS }, (_, a) => ({ callClass: 0, weight: 1, arrivals: () => a + 1 })),
      }),
    };
  },
});
