// Add-ons that a model has, with their options, and the parameter that names them.
import type { AdmissionDefinition } from '../src/addons/admission.ts';
import type { AddonDefinition } from '../src/addons/registry.ts';
import type { RetentionDefinition } from '../src/addons/retention.ts';
import type { ParamSpec, ParamValues } from '../src/options.ts';

export interface ChosenAddon<D extends AddonDefinition = AddonDefinition> { readonly definition: D; readonly options: ParamValues }

/** At most one of each kind. */
export interface ModelAddons { readonly admission?: ChosenAddon<AdmissionDefinition>; readonly retention?: ChosenAddon<RetentionDefinition> }

export const NO_ADDONS = 'none';

export const addonsParam = {
  kind: 'text', default: NO_ADDONS, suggest: [NO_ADDONS, 'program-pause', 'kv-ttl', 'program-pause+kv-ttl'], help: 'what stands beside the policy: see `schedlab list addons`; several as a+b',
} as const satisfies ParamSpec;
