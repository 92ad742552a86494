// LOCO for applications, re-exported.
export { BUDGET_MODES, Budget, type BudgetCheck, type BudgetMode, type BudgetOptions, type BudgetOutcome } from './budget.ts';
export { COST_SMOOTHING, CostAverage } from './cost-average.ts';
export { jainIndex } from './jain.ts';
export type { LocoAcquireOptions, LocoEvent, LocoLease, LocoTask, LocoTaskOptions, LocoUsage } from './leases.ts';
export type { LocoAgentMetrics } from './metrics.ts';
export { ResourcePool, type PoolAcquireOptions, type PoolLease, type ResourcePoolOptions } from './resource-pool.ts';
export { LocoScheduler, type LocoOptions } from './scheduler.ts';
