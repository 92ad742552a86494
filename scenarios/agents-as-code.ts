// Coding agents written as plain async functions: think with the model, run a tool, repeat. The same functions run live.
import { count, defineScenario, policyParam } from '../sim/index.ts';
import type { AgentContext } from '../sim/index.ts';

/** One agent: a few tasks, each a loop of a call and a tool, the prompt growing with every turn. */
async function codingAgent(ctx: AgentContext, tasks: number): Promise<void> {
  for (let task = 0; task < tasks; task++) {
    let context = 1500 + Math.floor(ctx.random() * 1500);
    const turns = 3 + Math.floor(ctx.random() * 6);
    for (let turn = 0; turn < turns; turn++) {
      const outputTokens = 40 + Math.floor(ctx.random() * 160);
      await ctx.llm({ promptTokens: context, outputTokens });
      context += outputTokens + 400;
      await ctx.tool(500 + ctx.random() * 4000);
    }
  }
}

export const agentsAsCode = defineScenario({
  name: 'agents-as-code',
  title: 'coding agents as plain async functions on one engine',
  question: ({ agents, slots }) => `${agents} coding agents share ${slots} places: who waits?`,
  params: {
    policy: policyParam('loco'),
    agents: count(24, 'agents', 10_000),
    tasks: count(3, 'tasks of each agent', 1_000_000),
    slots: count(6, 'places of the engine', 100_000),
  },
  headline: ['wait.mean', 'wait.p95', 'jain.service'],
  notSimulated: ['batching: a place serves its call at a fixed rate', 'KV cache and shared prefixes', 'network'],
  setup({ params, policy, policyOptions, balancer, balancerOptions }) {
    const agents = params['agents'] as number, slots = params['slots'] as number;
    return {
      engines: { kind: 'slots', count: 1, slots, discipline: 'nonpreemptive' },
      dispatch: 'late', place: 'gate', window: slots, maxWaiters: Infinity,
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating',
      classes: ['all'],
      agents: Array.from({ length: agents }, (_, a) => ({ name: `agent ${a}`, class: 'all' })),
      workload: () => ({ next: () => false }),
      scripts: Array.from({ length: agents }, () => (ctx: AgentContext) => codingAgent(ctx, params['tasks'] as number)),
    };
  },
});
