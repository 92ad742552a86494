// Ten agents share one slot, half of them busy, half quiet, and more arrives than can be served. Who is left out?
import { count, defineScenario, oneSlotPerTick, poisson, policyParam, rate, TickArrivals, TICK_US } from '../sim/index.ts';

export const locoFairness = defineScenario({
  name: 'loco-fairness',
  title: 'busy and quiet agents share one slot under overload',
  question: ({ agents, busyRate, quietRate }) => {
    const busy = Math.ceil(Number(agents) / 2), perService = busy * Number(busyRate) + (Number(agents) - busy) * Number(quietRate);
    return `${agents} agents share one slot, and ${Number(perService.toPrecision(3))} calls arrive for each it can serve. Who is left out?`;
  },
  params: {
    policy: policyParam('loco'),
    busyRate: rate(0.4, 'calls per tick of a busy agent', '1/tick'),
    quietRate: rate(0.1, 'calls per tick of a quiet agent', '1/tick'),
    agents: count(10, 'agents, the first half of them busy', 10_000),
    ticks: count(500, 'length of the window', 10_000_000),
  },
  defaults: { alpha: 0.25, guard: true },
  headline: ['starved', 'jain.completed', 'wait_ticks.p95'],
  notSimulated: ['batching, prefill and decode', 'KV cache', 'network'],
  setup({ params, ...partners }) {
    const agents = params['agents'] as number, ticks = params['ticks'] as number, busy = Math.ceil(agents / 2);
    const isBusy = (agent: number): boolean => agent < busy;
    return {
      ...oneSlotPerTick(partners, ticks),
      classes: ['busy', 'quiet'],
      agents: Array.from({ length: agents }, (_, a) => ({ name: `${isBusy(a) ? 'busy' : 'quiet'} ${a}`, class: isBusy(a) ? 'busy' : 'quiet' })),
      workload: (streams) => new TickArrivals(streams, {
        ticks, tickUs: TICK_US,
        agents: Array.from({ length: agents }, (_, a) => ({
          callClass: isBusy(a) ? 0 : 1, weight: 1,
          arrivals: (_tick, u) => poisson(u, params[isBusy(a) ? 'busyRate' : 'quietRate'] as number),
        })),
      }),
    };
  },
});
