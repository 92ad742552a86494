// Every add-on by name. To add one: a file beside this one, and a line here.
import type { AdmissionDefinition } from './admission.ts';
import { kvTtl } from './kv-ttl.ts';
import { programPause } from './program-pause.ts';
import type { RetentionDefinition } from './retention.ts';

export type AddonDefinition = AdmissionDefinition | RetentionDefinition;

export const ADDONS: Readonly<Record<string, AddonDefinition>> = {
  [programPause.name]: programPause,
  [kvTtl.name]: kvTtl,
};
