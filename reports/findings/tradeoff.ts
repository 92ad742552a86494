// Latency against throughput: no price, a price, or both won; which settings no other beats on both.
import { capital, phrase } from '../asked.ts';
import { percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { isConstant, meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { latencyOf, NEGLIGIBLE, spreadOf, throughputOf } from '../latency.ts';
import { leastServed, names, runsText } from './words.ts';

/** Where the metric is not named, its unit is. */
const UNITS: Readonly<Record<string, string>> = { 'throughput.output_tokens': 'output tokens/s', 'throughput.calls': 'calls/s' };

/** Settings that no other beats on both means. */
export function front(settings: readonly Setting[], latency: string, throughput: string): Setting[] {
  const at = (s: Setting): readonly [number, number] => [meanOf(s, latency)!, meanOf(s, throughput)!];
  return settings.filter(
    (a) =>
      !settings.some((b) => {
        const [la, ta] = at(a),
          [lb, tb] = at(b);
        return lb <= la && tb >= ta && (lb < la || tb > ta);
      }),
  );
}

export function tradeoffFinding(study: Study): string[] {
  const latency = latencyOf(study)!,
    throughput = throughputOf(study)!;
  const settings = study.settings.filter((s) => meanOf(s, latency.text) !== null && meanOf(s, throughput.text) !== null);
  const latencies = settings.map((s) => meanOf(s, latency.text)!),
    rates = settings.map((s) => meanOf(s, throughput.text)!);
  const rate = (s: Setting): string => showEstimate(throughput, summaryOf(s, throughput.text)!),
    wait = (s: Setting): string => showEstimate(latency, summaryOf(s, latency.text)!);
  const flat = Math.max(...rates) === Math.min(...rates),
    level = Math.max(...latencies) === Math.min(...latencies);
  if (flat && level)
    return [`Nothing: ${phrase(latency)} (${wait(settings[0])}) and ${phrase(throughput)} (${rate(settings[0])}) are the same in every setting.`];
  const quick = settings[latencies.indexOf(Math.min(...latencies))],
    slow = settings[latencies.indexOf(Math.max(...latencies))],
    most = settings[rates.indexOf(Math.max(...rates))];
  if (flat)
    return [
      `No throughput: ${phrase(throughput)}, ${rate(quick)}, is the same in every setting, to the last digit.`,
      `${capital(phrase(latency))}: from ${wait(quick)} at ${quick.short} to ${wait(slow)} at ${slow.short}.`,
    ];
  if (spreadOf(study, latency) < NEGLIGIBLE && spreadOf(study, throughput) < NEGLIGIBLE)
    return [
      `Next to nothing: ${phrase(latency)}, ${wait(quick)}, and ${phrase(throughput)}, ${rate(most)}, differ by less than ${percent(NEGLIGIBLE)} between the settings.`,
    ];
  const best = front(settings, latency.text, throughput.text);
  if (best.length === 1)
    return [
      `Nothing: by the means, ${best[0].name} has both the lowest ${phrase(latency)} (${wait(best[0])}) and the highest ${phrase(throughput)} (${rate(best[0])}).`,
      'Whether the differences are more than noise is said by their intervals.',
    ];
  return [
    `By the means, ${names(study, best)} ${best.length === settings.length ? 'trade one for the other' : 'are beaten by no other setting on both'}.`,
    `The lowest ${phrase(latency)}, ${wait(quick)} at ${quick.short}, comes with ${rate(quick)} ${UNITS[throughput.definition.name] ?? ''}; the highest throughput, ${rate(most)} at ${most.short}, with ${wait(most)}.`,
  ];
}

export function tradeoffCaption(study: Study): string[] {
  const latency = latencyOf(study)!,
    least = leastServed(study);
  const flat = isConstant(study.settings, throughputOf(study)!);
  return [
    'Estimand: ',
    study.n.high < 2
      ? 'both metrics in the one run of each setting; no intervals.'
      : `means over ${runsText(study)}; ${flat ? 'intervals: 95\u00a0% t.' : 'crosses: 95\u00a0% t intervals of each.'}`,
    ...(latency.definition.name === 'wait_all' && least && least.share < 0.9995
      ? ['Every call counts, the unserved by their wait to the end of the window.']
      : []),
    ...(flat ? [] : ['The scales need not start at zero.']),
  ];
}
