// What `init scenario` writes: two teams that share a slot, and a test that plays it.
import { uses } from './uses.ts';

export const scenarioCode = (name: string): string => `// ${name}: a large team and a small one share a slot. Does the small one get its share?
${uses('{ count, defineScenario, oneSlotPerTick, poisson, policyParam, rate, TickArrivals, TICK_US }', 'schedlab/sim')}

export default defineScenario({
  name: '${name}',
  title: 'a large team and a small one share a slot',
  question: ({ large }) => \`\${large} agents against two: do the two get their share?\`,
  // Keys of the command line, with defaults and ranges. \`policy\` makes the policy one of them, and brings the policy's own keys along.
  params: {
    policy: policyParam('loco'),
    large: count(8, 'agents of the large team', 100),
    calls: rate(0.15, 'calls of an agent', '1/tick'),
    ticks: count(300, 'length of the window', 1_000_000),
  },
  headline: ['jain.completed', 'wait_ticks.p95[class=small]', 'starved'],
  // What a reader must not conclude from it.
  notSimulated: ['batching', 'KV cache', 'network'],
  setup({ params, ...partners }) {
    const large = Number(params['large']), ticks = Number(params['ticks']);
    const agents = Array.from({ length: large + 2 }, (_, a) => ({ name: \`agent \${a}\`, class: a < large ? 'large' : 'small' }));
    return {
      // One place that serves one call a tick, behind one queue.
      ...oneSlotPerTick(partners, ticks),
      classes: ['large', 'small'],
      agents,
      // Every draw of an agent comes from a stream of its own, so that every policy meets the same work.
      workload: (streams) => new TickArrivals(streams, {
        ticks, tickUs: TICK_US,
        agents: agents.map((agent) => ({ callClass: agent.class === 'large' ? 0 : 1, weight: 1, arrivals: (_tick, u) => poisson(u, Number(params['calls'])) })),
      }),
    };
  },
});
`;

export const scenarioTest = (name: string): string => `// Tests of ${name}: it is played, without a file and without a command. Run them: npx schedlab check ./${name}.test.ts
${uses('assert', 'node:assert/strict')}
${uses('{ test }', 'node:test')}
${uses('{ runReplication, setUp }', 'schedlab/sim')}
${uses('scenario', `./${name}.ts`)}

const play = (given: Record<string, string | number>, seed = 'test') => runReplication(setUp(scenario, given), { seed, replication: 0, shell: 'event', params: {}, cell: 'test' });

test('the large team brings more calls than the small one', async () => {
  const { metrics } = await play({ large: 8 });
  assert.ok(Number(metrics['arrived[class=large]']) > Number(metrics['arrived[class=small]']));
});

test('the same seed gives the same run, another seed another one', async () => {
  const [one, again, other] = await Promise.all([play({}), play({}), play({}, 'other')]);
  assert.equal(one.resultDigest, again.resultDigest);
  assert.notEqual(one.resultDigest, other.resultDigest);
});
`;
