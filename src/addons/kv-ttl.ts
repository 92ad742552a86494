// KV time to live: while a tool runs, the prefix of its program stays in the cache for as long as that is worth the memory.
import type { ParamTable, ParamValues } from '../options.ts';
import { defineRetention } from './retention.ts';
import { TtlBook, type TtlRules } from './ttl-book.ts';

const US_PER_S = 1e6;

const params = {
  ttl: { kind: 'numberOrWord', default: 'auto', min: 0, max: 1e9, unit: 's', words: ['auto'], help: 'how long a prefix stays; auto: the time that saves most queueing and prefill for the memory it holds' },
  samples: { kind: 'number', default: 100, min: 0, max: 1e6, integer: true, help: 'tool times up to which their distribution is not believed, of one tool and of all' },
  priorMean: { kind: 'number', default: 1, min: 1e-6, max: 1e9, unit: 's', help: 'mean of the exponential tool time that is believed instead' },
  budget: { kind: 'number', default: 1, min: 0, max: 1, help: 'share of the cache that may be pinned; beyond it the latest program gives way (ours)' },
  window: { kind: 'number', default: 1000, min: 1, max: 1e5, integer: true, help: 'last tool times that are remembered, of one tool and of all (ours)' },
} as const satisfies ParamTable;

/** The rules in µs and tokens. */
export function ttlRules(options: ParamValues, capacityTokens: number): TtlRules {
  const number = (name: keyof typeof params): number => options[name] as number;
  return {
    fixedUs: options['ttl'] === 'auto' ? NaN : Math.round(number('ttl') * US_PER_S), samples: number('samples'), priorMeanUs: number('priorMean') * US_PER_S,
    budgetTokens: number('budget') * capacityTokens, window: number('window'),
  };
}

export const kvTtl = defineRetention({
  kind: 'retention',
  name: 'kv-ttl',
  title: 'the prefix of a program stays in the cache while a tool runs, for as long as that pays',
  source: 'Continuum, arXiv 2511.02230; its order of the queue is a policy of its own (program-fcfs); budget and window ours',
  params,
  create: ({ capacityTokens, options }) => new TtlBook(ttlRules(options, capacityTokens)),
});
