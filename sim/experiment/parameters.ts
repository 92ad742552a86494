// Parameters of one cell: those of the scenario, of its policy, of its balancer and of its add-ons, in one flat table, every value checked.
import { SchedlabError } from '../../src/errors.ts';
import type { ParamSpec, ParamTable, ParamValue, ParamValues } from '../../src/options.ts';
import { resolveParam, unknownName } from '../../src/options.ts';
import type { BalancerDefinition } from '../../src/balancers/balancer.ts';
import type { AddonDefinition } from '../../src/addons/registry.ts';
import type { PolicyDefinition } from '../../src/policies/policy.ts';
import type { ChosenAddon } from '../chosen-addons.ts';
import type { ScenarioDefinition } from '../scenario.ts';
import { addonKey, addonsNamed, addonTable, addonTables } from './addons.ts';
import type { GivenValue, Laboratory } from './types.ts';

/** Policy of a scenario that has no `policy` parameter, and balancer where none is named (one central queue asks none). */
const DEFAULT_POLICY = 'fcfs';
const DEFAULT_BALANCER = 'round-robin';

/** Who can be named. */
export type Registries = Pick<Laboratory, 'policies' | 'balancers'>;

export type Given = Readonly<Record<string, GivenValue>>;

export interface CellParts {
  readonly params: ParamValues;
  /** The scenario's own part of `params`. */
  readonly own: ParamValues;
  readonly policy: PolicyDefinition;
  readonly policyOptions: ParamValues;
  readonly balancer: BalancerDefinition;
  readonly balancerOptions: ParamValues;
  readonly addons: readonly ChosenAddon[];
}

/** Whom a cell names. */
export interface Partners { readonly policy: PolicyDefinition; readonly balancer: BalancerDefinition; readonly addons: readonly AddonDefinition[] }

/** One central queue asks no balancer, said as nothing or as `none`. */
const namedBalancer = (text: string): string => (text === '' || text === 'none' ? DEFAULT_BALANCER : text);

/** The name before the options: `epp:FILE` is `epp`. */
const stem = (text: string): string => text.split(':', 1)[0];

function checked(name: string, spec: ParamSpec, given: GivenValue | undefined, fallback: ParamValue): ParamValue {
  return given === undefined ? fallback : resolveParam(name, spec, given.value, given.where);
}

function ownParams(scenario: ScenarioDefinition, given: Given): ParamValues {
  const own: Record<string, ParamValue> = {};
  for (const [name, spec] of Object.entries(scenario.params)) own[name] = checked(name, spec, given[name], spec.default);
  return Object.freeze(own);
}

/** The policy, the balancer and the add-ons that a cell names. Throws ERR_POLICY_UNKNOWN, ERR_BALANCER_UNKNOWN, ERR_ADDON_UNKNOWN with the nearest name. */
export function partners(scenario: ScenarioDefinition, given: Given, laboratory: Registries): Partners & { readonly own: ParamValues } {
  const own = ownParams(scenario, given);
  const policyName = String(own['policy'] ?? DEFAULT_POLICY), balancerName = namedBalancer(String(own['balancer'] ?? ''));
  const policy = Object.hasOwn(laboratory.policies, policyName) ? laboratory.policies[policyName] : undefined;
  if (!policy) throw unknownName('policy', policyName, Object.keys(laboratory.policies), given['policy']?.where ?? scenario.name, 'ERR_POLICY_UNKNOWN');
  const key = Object.hasOwn(laboratory.balancers, balancerName) ? balancerName : stem(balancerName);
  const balancer = Object.hasOwn(laboratory.balancers, key) ? laboratory.balancers[key] : undefined;
  if (!balancer) throw unknownName('balancer', balancerName, Object.keys(laboratory.balancers), given['balancer']?.where ?? scenario.name, 'ERR_BALANCER_UNKNOWN');
  return { own, policy, balancer, addons: addonsNamed(String(own['addons'] ?? ''), given['addons']?.where ?? scenario.name) };
}

/** Names that a cell with these partners accepts. */
export function acceptedKeys(scenario: ScenarioDefinition, { policy, balancer, addons }: Partners): string[] {
  return [scenario.params, policy.params, balancer.params, ...addons.map(addonTable)].flatMap((table) => Object.keys(table));
}

/** Default of a key in a cell: the scenario's table, then its defaults for partners, then the partner's own; undefined where the cell lacks the key. */
export function defaultOf(key: string, scenario: ScenarioDefinition, { policy, balancer, addons }: Partners): ParamValue | undefined {
  if (Object.hasOwn(scenario.params, key)) return scenario.params[key].default;
  const spec = [policy.params, balancer.params, ...addons.map(addonTable)].find((table) => Object.hasOwn(table, key))?.[key];
  if (!spec) return undefined;
  const own = scenario.defaults?.[key];
  return own === undefined ? spec.default : resolveParam(key, spec, own, `the defaults of ${scenario.name}`);
}

/** All values of one cell. Keys that neither the scenario nor this cell's policy and balancer have are left out: whether any cell knows them is checked before. */
export function resolveCell(scenario: ScenarioDefinition, given: Given, laboratory: Registries): CellParts {
  const named = partners(scenario, given, laboratory), { own, policy, balancer } = named;
  const params: Record<string, ParamValue> = { ...own };
  const options = ({ params: table }: { readonly params: ParamTable }, keyOf = (name: string): string => name): ParamValues => {
    const out: Record<string, ParamValue> = {};
    for (const [name, spec] of Object.entries(table)) {
      const key = keyOf(name);
      // A parameter that the scenario declares itself is the scenario's to default; the partner still checks the value.
      out[name] = Object.hasOwn(own, key) ? resolveParam(key, spec, own[key], scenario.name)
        : checked(key, spec, given[key], defaultOf(key, scenario, named) ?? spec.default);
      params[key] = out[name];
    }
    return Object.freeze(out);
  };
  const policyOptions = options(policy), balancerOptions = options(balancer);
  const addons = named.addons.map((definition): ChosenAddon => ({ definition, options: options(definition, (name) => addonKey(definition, name)) }));
  policy.check?.(policyOptions);
  for (const { definition, options: asked } of addons) definition.check?.(asked);
  return { params: Object.freeze(params), own, policy, policyOptions, balancer, balancerOptions, addons };
}

/** Refuses a key that no cell of the plan accepts, naming whom it belongs to where somebody has it. */
export function refuseUnknown(key: string, where: string, valid: readonly string[], laboratory: Laboratory): void {
  if (valid.includes(key)) return;
  const error = unknownName('key', key, [...new Set(valid)], where);
  const owners = [
    ...Object.values(laboratory.policies).filter((p) => Object.hasOwn(p.params, key)).map((p) => `policy=${p.name}`),
    ...Object.values(laboratory.balancers).filter((b) => Object.hasOwn(b.params, key)).map((b) => `balancer=${b.name}`),
    ...addonTables().some((table) => Object.hasOwn(table, key)) ? [`addons=${key.split('.', 1)[0]}`] : [],
  ];
  if (owners.length === 0) throw error;
  throw new SchedlabError('ERR_OPTION_UNKNOWN', `${JSON.stringify(key)} in ${where} is a parameter of ${owners.join(', ')}, which no cell here uses. Valid here: ${[...new Set(valid)].sort().join(', ')}.`, error.details);
}
