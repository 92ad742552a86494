// The laboratory's public entry: what a scenario file builds on.
export { defineScenario } from './scenario.ts';
export type { Discipline, LoadedData, Model, ScenarioDefinition, Setup, SlotPool, Trace } from './scenario.ts';
export { balancerParam, count, oneSlotPerTick, parseSlots, policyParam, rate, TICK_US } from './models.ts';
export type { ModelFrame } from './models.ts';
export { ProgramDraft } from './workload/workload.ts';
export type { AgentContext, AgentScript, Workload } from './workload/workload.ts';
export { TickArrivals } from './workload/tick-arrivals.ts';
export type { TickAgent } from './workload/tick-arrivals.ts';
export { OpenArrivals } from './workload/open-arrivals.ts';
export { checkReplay, ReplayWorkload } from './workload/replay.ts';
export { assignAgents, checkIdentity, traceClasses } from './workload/identity.ts';
export { bernoulli, poisson } from './random/counts.ts';
export { parseDistribution } from './random/parse.ts';
export { Streams } from './random/streams.ts';
export type { Stream, Uniform } from './random/streams.ts';
export { runReplication } from './worlds/virtual.ts';
export type { ReplicationRecord, SummaryFile, Manifest } from './results.ts';
