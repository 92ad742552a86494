// Contracts held against code of users: what the command line and tests ask for. Import it late: it brings the search for histories with it.
export { checkBalancer } from './balancer-check.ts';
export { BALANCER_CLAUSES, METRIC_CLAUSES, POLICY_CLAUSES, SCENARIO_CLAUSES } from './clauses.ts';
export type { Clause } from './clauses.ts';
export { BLIND } from './guard.ts';
export type { Reach, Watcher } from './guard.ts';
export { checkMetric } from './metric-check.ts';
export { checkPolicy } from './policy-check.ts';
export type { CheckOptions } from './policy-check.ts';
export { checkScenario } from './scenario-check.ts';
export type { Shown } from './search.ts';
export type { Verdict } from './verdicts.ts';
