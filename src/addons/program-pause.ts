// Program pause: where the contexts of all programs do not fit into memory, some wait outside as a whole, so that the others keep their caches.
import { SchedlabError } from '../errors.ts';
import type { ParamTable, ParamValues } from '../options.ts';
import { defineAdmission } from './admission.ts';
import { PauseBook, type PauseRules } from './pause-book.ts';

const US_PER_S = 1e6;

const params = {
  capacity: { kind: 'numberOrWord', default: 'auto', min: 1, max: 2 ** 52, integer: true, words: ['auto'], unit: 'tokens', help: 'memory that programs share; auto: the KV blocks of all engines' },
  pauseAt: { kind: 'number', default: 0.95, min: 0, max: 10, help: 'share of the memory above which programs are paused' },
  pauseTo: { kind: 'number', default: 0.8, min: 0, max: 10, help: 'share down to which they are' },
  hysteresis: { kind: 'number', default: 0.1, min: 0, max: 10, help: 'programs go on while the share stays this much below pauseAt' },
  every: { kind: 'number', default: 5, min: 1e-3, max: 1e6, unit: 's', help: 'time between two checks' },
  halfLife: { kind: 'numberOrWord', default: 1, min: 1e-3, max: 1e9, unit: 's', words: ['none'], help: 'a program in a tool counts half after so long; none: it counts whole' },
  buffer: { kind: 'number', default: 100, min: 0, max: 1e9, integer: true, unit: 'tokens', help: 'room kept for what each program in memory writes next' },
  ageing: { kind: 'number', default: 100, min: 0, max: 1e9, unit: 'tokens/s', help: 'the smallest held program goes on first, and each second outside makes one so much smaller; 0: by size alone, which starves large ones (ours)' },
  resumeTimeout: { kind: 'numberOrWord', default: 1800, min: 0, max: 1e9, unit: 's', words: ['none'], help: 'after so long outside a program goes on whatever the memory' },
  idleLimit: { kind: 'numberOrWord', default: 3600, min: 0, max: 1e9, unit: 's', words: ['none'], help: 'a program silent in its tool for so long is forgotten (ours)' },
} as const satisfies ParamTable;

const us = (value: ParamValues[string] | undefined): number => (typeof value === 'number' ? Math.round(value * US_PER_S) : Infinity);

/** The rules in µs and tokens. Throws ERR_OPTION_CONFLICT for shares that do not go together. */
export function pauseRules(options: ParamValues, capacityTokens: number): PauseRules {
  const number = (name: keyof typeof params): number => options[name] as number, capacity = options['capacity'] === 'auto' ? capacityTokens : number('capacity');
  const pauseAt = number('pauseAt'), pauseTo = number('pauseTo'), hysteresis = number('hysteresis');
  if (pauseTo > pauseAt) throw new SchedlabError('ERR_OPTION_CONFLICT', `pauseTo=${pauseTo} of program-pause is above pauseAt=${pauseAt}: a pause would free nothing. Lower pauseTo.`);
  if (hysteresis > pauseAt) throw new SchedlabError('ERR_OPTION_CONFLICT', `hysteresis=${hysteresis} of program-pause is above pauseAt=${pauseAt}: no program would ever go on. Lower hysteresis.`);
  if (!(capacity > 0)) throw new SchedlabError('ERR_NOT_POSSIBLE', 'program-pause weighs programs against the memory of the engines, and nobody said how much that is. Give it as capacity, in tokens: on the command line program-pause.capacity=N.', { capacity });
  return {
    pauseAtTokens: pauseAt * capacity, pauseToTokens: pauseTo * capacity, resumeTokens: (pauseAt - hysteresis) * capacity,
    everyUs: us(options['every']), halfLifeUs: us(options['halfLife']), bufferTokens: number('buffer'), ageingTokensPerUs: number('ageing') / US_PER_S,
    resumeTimeoutUs: us(options['resumeTimeout']), idleLimitUs: us(options['idleLimit']),
  };
}

export const programPause = defineAdmission({
  kind: 'admission',
  name: 'program-pause',
  title: 'programs wait outside as a whole while their contexts do not fit into memory',
  source: 'ThunderAgent, arXiv 2602.13692; thresholds, hysteresis, time-out and buffer as in its Dynamo port; ageing and idleLimit ours',
  params,
  // What the engines hold is not known yet.
  check(options) { pauseRules(options, 1); },
  create: ({ calls, capacityTokens, options }) => new PauseBook(calls, pauseRules(options, capacityTokens)),
});
