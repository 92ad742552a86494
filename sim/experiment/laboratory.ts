// What an experiment is made of: the registries, the trace reader and the virtual world. Tests hand in their own.
import { BALANCERS } from '../../src/balancers/registry.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import type { RunCell, Laboratory } from './types.ts';
import { inlineDeeper } from './machine.ts';
import { readTrace } from '../workload/traces/read.ts';

let world: RunCell | undefined;

export const LABORATORY: Laboratory = {
  policies: POLICIES,
  balancers: BALANCERS,
  // The world is loaded with the first replication: planning, `--dry-run` and errors answer without it.
  runCell: async (model, options) => {
    if (world === undefined) {
      if (model.engines.kind === 'slots') inlineDeeper();
      world = (await import('../worlds/virtual.ts')).runReplication;
    }
    return world(model, options);
  },
  readData: (path, params) => {
    const format = params['format'];
    return readTrace(path, typeof format === 'string' ? format : undefined);
  },
};
