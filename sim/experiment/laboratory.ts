// What an experiment is made of: the registries, the trace reader and the virtual world. Tests hand in their own.
import { BALANCERS } from '../../src/balancers/registry.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import type { Model } from '../scenario.ts';
import type { RunCell, Laboratory } from './types.ts';
import { Streams } from '../random/streams.ts';
import { inlineUpTo } from './machine.ts';
import { readTrace } from '../workload/traces/read.ts';

let world: RunCell | undefined;

/** Replays of fewer calls than this are over before the compiler has paid for itself. */
const SHORT_REPLAY = 50_000;

/**
 * How deep the compiler inlines, by what is run first. Slots: deeper than it would, because the hot path is many small functions and its default stops half-way:
 * worth a quarter of the speed of a whole model. Batch engines on a short trace: less, because its own time is a third of such a run: worth a sixth of the CPU
 * time, where a long run would lose as much. Else what the compiler does by itself. Changes no result.
 */
function tuneCompiler(model: Model, seed: string): void {
  if (model.engines.kind === 'slots') inlineUpTo(2500);
  else if (model.traced && (model.workload(new Streams(seed)).total ?? Infinity) < SHORT_REPLAY) inlineUpTo(300);
}

export const LABORATORY: Laboratory = {
  policies: POLICIES,
  balancers: BALANCERS,
  // The world is loaded with the first replication: planning, `--dry-run` and errors answer without it.
  runCell: async (model, options) => {
    if (world === undefined) {
      tuneCompiler(model, options.seed);
      world = (await import('../worlds/virtual.ts')).runReplication;
    }
    return world(model, options);
  },
  readData: (path, params) => {
    const format = params['format'];
    return readTrace(path, typeof format === 'string' ? format : undefined);
  },
};
