// A scenario as a model, for code of your own: parameters, policy and balancer resolved and checked as the command line does it.
import { BALANCERS } from '../src/balancers/registry.ts';
import type { BalancerDefinition } from '../src/balancers/balancer.ts';
import { SchedlabError } from '../src/errors.ts';
import { unknownName } from '../src/options.ts';
import { POLICIES } from '../src/policies/registry.ts';
import type { PolicyDefinition } from '../src/policies/policy.ts';
import { withAddons } from './addons.ts';
import { acceptedKeys, partners, resolveCell, type Given } from './experiment/parameters.ts';
import type { Model, ScenarioDefinition } from './scenario.ts';

/** A value of a parameter; a policy or balancer also as its definition. */
export type SetUpValue = string | number | boolean | PolicyDefinition | BalancerDefinition;

/**
 * The model of a scenario with these parameters, those of its policy and balancer among them: `setUp(scenario, { policy: mine, alpha: 0.5 })`.
 * Scenarios that read data files need the command line, which reads them. Throws the coded error of whatever does not fit.
 */
export function setUp(scenario: ScenarioDefinition, given: Readonly<Record<string, SetUpValue>> = {}): Model {
  const policies = { ...POLICIES }, balancers = { ...BALANCERS }, values: Record<string, Given[string]> = {};
  for (const [key, value] of Object.entries(given)) {
    const isDefinition = typeof value === 'object';
    if (isDefinition && key === 'policy') policies[value.name] = value as PolicyDefinition;
    else if (isDefinition && key === 'balancer') balancers[value.name] = value as BalancerDefinition;
    else if (isDefinition) throw new SchedlabError('ERR_OPTION_TYPE', `${key} of ${scenario.name} accepts a value, received a definition. Only policy and balancer take one.`, { name: key });
    values[key] = { value: isDefinition ? value.name : value, origin: 'flag', where: scenario.name };
  }
  const laboratory = { policies, balancers };
  const valid = acceptedKeys(scenario, partners(scenario, values, laboratory)), strange = Object.keys(given).find((key) => !valid.includes(key));
  if (strange !== undefined) throw unknownName('key', strange, valid, scenario.name);
  const parts = resolveCell(scenario, values, laboratory);
  return withAddons(scenario.setup({ params: parts.own, policy: parts.policy, policyOptions: parts.policyOptions, balancer: parts.balancer, balancerOptions: parts.balancerOptions, data: {} }), parts.addons);
}
