// LOCO aged by the clock: as loco, but a wait is time since arrival, so that a stuck holder does not stop ageing.
import { LOCO_PARAMS, locoPolicy } from './loco.ts';
import { definePolicy } from './policy.ts';

export const locoClock = definePolicy({
  name: 'loco-clock',
  title: 'as loco, with waits in microseconds since arrival instead of releases',
  source: 'LOCO, load-conscious orchestration; ageing by the clock is our own variant',
  params: LOCO_PARAMS,
  knowledge: 'none',
  decision: 'O(log² n)',
  needsAgents: true,
  create: (context) => locoPolicy(context, 'us'),
});
