// One client keeps an engine busy, another comes after a long time and sends as much: does it get its half, or all that it did not use?
import { ClientArrivals, count, defineMetric, defineScenario, parseDistribution, policyParam, serviceBetween } from '../sim/index.ts';
import type { MetricRun } from '../sim/index.ts';

const TOKEN_US = 1000;
const US_PER_S = 1e6;
const MEAN_TOKENS = 256;
/** Seconds after the last instant that is looked at: every call that was served in it has ended. */
const TAIL_S = 5;

/** From its first call on, for half as long as it had been away. */
function returningShare({ calls }: MetricRun): number | null {
  const returning = calls.filter((call) => call.class === 'returning'), fromS = returning.reduce((least, { arrival }) => Math.min(least, arrival), Infinity);
  if (fromS === Infinity) return null;
  const toS = 1.5 * fromS, its = serviceBetween(returning, fromS, toS), all = serviceBetween(calls, fromS, toS);
  return all === 0 ? null : its / all;
}

/** Half is right: less starves who came back, more starves who stayed. */
function offHalf(run: MetricRun): number | null {
  const share = returningShare(run);
  return share === null ? null : Math.abs(share - 0.5);
}

const offHalfMetric = defineMetric({
  name: 'share_off_half', title: 'Distance of the share that the returning client gets from the half that is its due', short: 'distance of its share from a half', unit: 'ratio', better: 'lower',
  population: 'service from the first call of the returning client on', measure: offHalf,
});

const returningShareMetric = defineMetric({
  name: 'returning_share', title: 'Share of service, prompt + 2 · output tokens, that the returning client gets in half the time that it was away', short: 'share of the returning client', unit: 'ratio', better: 'neither',
  population: 'service from the first call of the returning client on', measure: returningShare,
});

export const vtcIdleReturn = defineScenario({
  name: 'vtc-idle-return',
  title: 'a client comes back after an idle time and floods the engine: half of the service, or all of it?',
  question: ({ seconds, policy }) => `A client comes after ${String(seconds)} s and floods an engine that another keeps busy. Does ${String(policy)} let it catch up on what it did not use?`,
  params: {
    policy: policyParam('vtc'),
    load: { kind: 'number', default: 2, min: 1, max: 100, help: 'work that each client offers ÷ what the engine can do' },
    places: count(19, 'calls that the engine holds at once', 10_000),
    place: { kind: 'choice', default: 'engine', values: ['engine', 'gate'], help: 'engine: the policy hears of every token; gate: of output when a call has ended' },
    seconds: { kind: 'number', default: 60, min: 5, max: 1e5, unit: 's', help: 'time that the second client is away; the run lasts half as long again' },
  },
  headline: ['returning_share', 'share_off_half', 'wait.mean[class=returning]', 'wait.mean[class=steady]'],
  metrics: [returningShareMetric, offHalfMetric],
  thresholds: ['returning_share >= 0.47', 'returning_share <= 0.53'],
  notSimulated: ['prefill: a prompt is read at once', 'batching: a place writes 1000 tokens/s whatever else runs', 'network'],
  setup({ params, ...partners }) {
    const places = params['places'] as number, seconds = params['seconds'] as number, untilS = 1.5 * seconds + TAIL_S, inEngine = params['place'] === 'engine';
    const rate = ((params['load'] as number) * places * US_PER_S) / (MEAN_TOKENS * TOKEN_US), law = parseDistribution('uniform', MEAN_TOKENS);
    return {
      ...partners,
      engines: { kind: 'slots', count: 1, slots: places, discipline: inEngine ? 'preempt-resume' : 'nonpreemptive' },
      dispatch: inEngine ? 'immediate' : 'late', place: inEngine ? 'engine' : 'gate', window: inEngine ? Infinity : places, maxWaiters: Infinity,
      endUs: untilS * US_PER_S, tickUs: 0, study: 'terminating',
      classes: ['steady', 'returning'], agents: [{ name: 'steady', class: 'steady' }, { name: 'returning', class: 'returning' }],
      workload: (streams) => new ClientArrivals(streams, { clients: [{ fromS: 0, untilS, rate }, { fromS: seconds, untilS, rate }], prompt: law, output: law, tokenUs: TOKEN_US }),
    };
  },
});
