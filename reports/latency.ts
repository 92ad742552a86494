// Which latency and which throughput a report weighs against each other.
import { ask, type Asked } from './asked.ts';
import { leastServed } from './findings/words.ts';
import { hasValues, summaryOf, type Study } from './study.ts';

/** A latency over every call where calls stay unserved, at the statistic that the headline asks for. */
export function latencyOf(study: Study): Asked | undefined {
  const wanted = study.headline.find((m) => m.definition.distribution && m.definition.unit === 's' && m.callClass === undefined);
  const everyone = (leastServed(study)?.share ?? 1) > 0.9995,
    statistic = wanted?.statistic ?? 'mean';
  const candidates = [...(wanted && everyone ? [wanted.text] : []), `wait_all.${statistic}`, 'wait_all.mean', 'response.mean'];
  return candidates.map(ask).find((m) => m !== undefined && hasValues(study.settings, m.text));
}

/** Share by which the means of a metric differ between settings: (highest − lowest) ÷ highest. */
export function spreadOf(study: Study, metric: Asked): number {
  const means = study.settings.flatMap((s) => {
      const mean = summaryOf(s, metric.text)?.mean ?? null;
      return mean === null ? [] : [mean];
    }),
    top = Math.max(...means);
  return means.length && top > 0 ? (top - Math.min(...means)) / top : 0;
}

/** Differences too small to be drawn as a trade. */
export const NEGLIGIBLE = 0.005;

export function throughputOf(study: Study): Asked | undefined {
  return ['throughput.output_tokens', 'throughput.calls']
    .map(ask)
    .find((m) => m !== undefined && study.settings.some((s) => (summaryOf(s, m.text)?.mean ?? 0) > 0));
}
