// ATLAS: programs that have had least service first, in levels. Service of a program is its longest chain of calls so far, or the sum of all (PLAS).
import { atlasOptions, AtlasPolicy } from './atlas-policy.ts';
import { levelParams } from './levels.ts';
import { definePolicy } from './policy.ts';

export const atlas = definePolicy({
  name: 'atlas',
  title: 'programs with least attained service first, in levels',
  source: 'Autellix, arXiv 2502.13965, §4.2 and Algorithm 1; levels, bounds, quanta and beta ours, because the paper publishes none',
  params: {
    mode: { kind: 'choice', default: 'scalar', values: ['scalar', 'parents', 'sum'], help: 'what a call inherits: the longest chain of its program so far, the longest one through its own parents, or the sum of all calls (PLAS)' },
    ...levelParams,
    base: { kind: 'numberOrWord', default: 'auto', min: 1e-6, words: ['auto'], help: 'upper bound of the first level in the meter\'s unit, doubling from level to level; auto: 512 tokens, 2048 weighted tokens, 1 s, or 8192 KV tokens · s' },
    quantum: { kind: 'numberOrWord', default: 'auto', min: 1e-6, words: ['auto'], help: 'quantum of the first level, doubling: output tokens, or seconds where service is time; auto: base, or 512 where that counts other things' },
    meter: { kind: 'choice', default: 'decode', values: ['decode', 'weighted', 'wall', 'kv', 'tokens', 'seconds'], help: 'what counts as service: output tokens; computed prompt tokens + outputWeight · output tokens; time on the engine; KV tokens · s. tokens and seconds: decode and wall' },
    outputWeight: { kind: 'number', default: 2, min: 0, max: 1e6, help: 'weight of an output token where meter=weighted' },
    beta: { kind: 'number', default: 8, min: 0, max: 1e9, help: 'a call whose program has waited this many times what it was served goes to the first level; 0: never' },
    idleLimit: { kind: 'numberOrWord', default: 3600, min: 0, max: 1e9, unit: 's', words: ['none'], help: 'a program that was silent for so long is forgotten' },
  },
  knowledge: 'none',
  decision: 'O(log n)',
  tag: 'the level in which it starts, by what its program has had',
  check(options) { atlasOptions(options); },
  create: ({ calls, options }) => new AtlasPolicy(calls, atlasOptions(options)),
});
