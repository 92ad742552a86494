// A slot is busy with heavy background work when five small webhook calls arrive at once. How long do they wait?
import { bernoulli, defineScenario, oneSlotPerTick, policyParam, TickArrivals, TICK_US } from '../sim/index.ts';
import type { Uniform } from '../sim/index.ts';

const TICKS = 250, SPIKE_TICK = 30, BACKGROUND = 10, WEBHOOKS = 5;

export const locoWebhookSpike = defineScenario({
  name: 'loco-webhook-spike',
  title: 'five light webhook agents arrive into heavy background work',
  question: 'Five webhooks arrive at tick 30 behind ten loaded agents. When is each first served?',
  params: { policy: policyParam('loco') },
  defaults: { alpha: 0.25, guard: true },
  headline: ['first_service_ticks', 'starved', 'wait_ticks.p95'],
  notSimulated: ['batching, prefill and decode', 'KV cache', 'network'],
  setup({ params: _params, ...partners }) {
    const background = Array.from({ length: BACKGROUND }, (_, a) => ({ name: `background ${a}`, class: 'background' }));
    const webhooks = Array.from({ length: WEBHOOKS }, (_, a) => ({ name: `webhook ${a}`, class: 'webhook' }));
    return {
      ...oneSlotPerTick(partners, TICKS),
      classes: ['background', 'webhook'],
      agents: [...background, ...webhooks],
      spike: { atUs: SPIKE_TICK * TICK_US, class: 'webhook' },
      workload: (streams) => new TickArrivals(streams, {
        ticks: TICKS, tickUs: TICK_US,
        agents: [
          // Four calls of weight 2 to begin with, then one now and then.
          ...background.map(() => ({ callClass: 0, weight: 2, arrivals: (tick: number, u: Uniform) => (tick === 0 ? 4 : 0) + (bernoulli(u, 0.07) ? 1 : 0) })),
          ...webhooks.map(() => ({ callClass: 1, weight: 1, arrivals: (tick: number) => (tick === SPIKE_TICK ? 1 : 0) })),
        ],
      }),
    };
  },
});
