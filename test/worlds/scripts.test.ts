// Agents written as functions are programs: how long each took, beside what it would have taken alone, and per token.
import { describe, expect, it } from 'vitest';
import { BALANCERS } from '../../src/balancers/registry.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { seededRandom } from '../../src/random.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import type { Model } from '../../sim/scenario.ts';
import type { AgentScript } from '../../sim/workload/workload.ts';
import type { Perturbation } from '../../sim/worlds/promise-shell.ts';
import { runReplication } from '../../sim/worlds/virtual.ts';

function playScripts(scripts: readonly AgentScript[], { slots = 1, endUs = Infinity, perturb }: { slots?: number; endUs?: number; perturb?: Perturbation } = {}): Promise<ReplicationRecord> {
  const model: Model = {
    engines: { kind: 'slots', count: 1, slots, discipline: 'nonpreemptive' }, dispatch: 'late', place: 'gate', window: slots, maxWaiters: Infinity,
    policy: POLICIES['fcfs']!, policyOptions: {}, balancer: BALANCERS['least-loaded']!, balancerOptions: {}, endUs, tickUs: 0, study: 'terminating',
    classes: ['first', 'rest'], agents: scripts.map((_, a) => ({ name: `agent ${a}`, class: a === 0 ? 'first' : 'rest' })), workload: () => ({ next: () => false }), scripts,
  };
  return Promise.resolve(runReplication(model, { seed: 'scripts', replication: 0, shell: 'promise', params: {}, cell: 'c', ...(perturb ? { perturb } : {}) }));
}

/** 50 output tokens are a second of a slot. */
const call = { promptTokens: 0, outputTokens: 50 };

describe('an agent written as a function', () => {
  it('took from its first call to the end of its last, tools between them included', async () => {
    const { metrics } = await playScripts([async (ctx) => { await ctx.tool(3000); await ctx.llm(call); await ctx.tool(2000); await ctx.llm(call); await ctx.tool(9000); }]);
    expect(metrics['program_time.mean']).toBe(4);
    expect(metrics['slowdown.mean']).toBe(1);
    expect(metrics['token_latency.mean']).toBe(0.04);
  });
  it('is slowed down by what others keep it waiting', async () => {
    const { metrics } = await playScripts([async (ctx) => { await ctx.llm(call); await ctx.llm(call); }, async (ctx) => { await ctx.llm({ promptTokens: 0, outputTokens: 150 }); }]);
    // first: 1 s, then 3 s of the other, then 1 s. The other waits for the first call.
    expect(metrics['program_time.mean[class=first]']).toBe(5);
    expect(metrics['slowdown.mean[class=first]']).toBe(2.5);
    expect(metrics['program_time.mean[class=rest]']).toBe(4);
    expect(metrics['slowdown.mean[class=rest]']).toBeCloseTo(4 / 3, 12);
    expect(metrics['token_latency.mean[class=rest]']).toBeCloseTo(4 / 150, 12);
  });
  it('has no slowdown where its calls overlap or one is lost, because nobody knows what it would have taken alone', async () => {
    const overlapping = await playScripts([async (ctx) => { await Promise.all([ctx.llm(call), ctx.llm(call)]); }], { slots: 2 });
    expect(overlapping.metrics['program_time.mean']).toBe(1);
    expect(overlapping.metrics['token_latency.mean']).toBe(0.01);
    expect(overlapping.metrics['slowdown.mean']).toBeNull();
    const lost = await playScripts([async (ctx) => { await ctx.llm(call); await ctx.llm({ ...call, timeoutMs: 100 }).catch(() => undefined); }, async (ctx) => { await ctx.llm({ promptTokens: 0, outputTokens: 500 }); }]);
    expect(lost.metrics['program_time.mean[class=first]']).toBe(1.1);
    expect(lost.metrics['slowdown.mean[class=first]']).toBeNull();
  });
  it('counts only where it ended within the window, and only where it made a call', async () => {
    const { metrics } = await playScripts([async (ctx) => { for (;;) await ctx.llm(call); }, async () => { await Promise.resolve(); }], { endUs: 5_500_000 });
    expect(metrics['program_time.mean']).toBeNull();
    expect(metrics['completed']).toBe(5);
  });
  it('gives the same digest in whatever order the functions of one instant end', async () => {
    const scripts = Array.from({ length: 7 }, (_, a): AgentScript => async (ctx) => { for (let k = 0; k < 3; k++) { await ctx.llm({ promptTokens: 100 * a, outputTokens: 30 }); await ctx.tool(700); } });
    const wanted = await playScripts(scripts, { slots: 7 }), draw = seededRandom('turn');
    for (const perturb of [{ extraMicrotasks: () => Math.floor(draw() * 6) }, { ties: 'shuffle' as const }, { ties: 'lifo' as const, extraMicrotasks: () => Math.floor(draw() * 6) }]) {
      const got = await playScripts(scripts, { slots: 7, perturb });
      expect([got.orderDigest, got.resultDigest]).toEqual([wanted.orderDigest, wanted.resultDigest]);
    }
  });
});
