// Shipped scenarios as models, set up as the command line does it: parameters, then those of the policy and the balancer.
import { SCENARIOS } from '../../scenarios/index.ts';
import { BALANCERS, POLICIES } from '../../src/index.ts';
import { resolveOptions } from '../../src/options.ts';
import type { LoadedData, Model, Setup } from '../../sim/scenario.ts';

type Given = Readonly<Record<string, number | string | boolean>>;

/** The model of a shipped scenario. Keys that are not the scenario's are the policy's, then the balancer's. */
export function scenarioModel(name: string, given: Given = {}, data: Readonly<Record<string, LoadedData>> = {}, engines: Setup['engines'] = {}): Model {
  const scenario = SCENARIOS[name]!;
  const mine = (table: Readonly<Record<string, unknown>>, from: Given): Given => Object.fromEntries(Object.entries(from).filter(([key]) => Object.hasOwn(table, key)));
  const params = resolveOptions(scenario.params, mine(scenario.params, given), name);
  const policy = POLICIES[params['policy'] as string]!, balancer = BALANCERS[(params['balancer'] as string | undefined) || 'round-robin']!;
  const rest = { ...scenario.defaults, ...given };
  return scenario.setup({
    params, data, engines, policy, policyOptions: resolveOptions(policy.params, mine(policy.params, rest), policy.name),
    balancer, balancerOptions: resolveOptions(balancer.params, mine(balancer.params, given), balancer.name),
  });
}

/** Mean and standard error. */
export function meanAndError(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length, variance = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
