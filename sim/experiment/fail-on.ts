// Rules of `compare --fail-on`: `METRIC > +5%`, `METRIC < -0.02`: how far a change may go before it is a regression.
import { SchedlabError } from '../../src/errors.ts';
import { METRIC_SHAPE, knownMetric } from './threshold.ts';

export interface FailRule { readonly text: string; readonly metric: string; readonly operator: '>' | '<'; /** Signed limit of the change B − A: a share of A where `relative`, else in the metric's unit. */ readonly limit: number; readonly relative: boolean }

const SHAPE = new RegExp(String.raw`^\s*(${METRIC_SHAPE})\s*([<>])\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(%)?\s*$`, 'i');

/** Reads one rule. Throws ERR_USAGE on another shape, ERR_METRIC_UNKNOWN on an unknown metric. */
export function parseFailRule(text: string): FailRule {
  const match = SHAPE.exec(text);
  if (!match) throw new SchedlabError('ERR_USAGE', `the rule ${JSON.stringify(text)} is not understood. Write METRIC > +5% (the change from A to B, in percent of A) or METRIC > 0.2 (in the metric's unit).`);
  const [, metric, operator, number, percent] = match;
  knownMetric(metric, `--fail-on ${JSON.stringify(text)}`);
  return { text: text.trim(), metric, operator: operator as '>' | '<', limit: percent ? Number(number) / 100 : Number(number), relative: percent !== undefined };
}

/**
 * Whether a change breaks a rule: it is beyond the limit, and its interval, where there is one, lies on the same side of zero as the change, so that
 * chance alone does not fail a build. A relative rule on a base of zero is broken by any change in its direction; a value that is
 * missing on one side breaks every rule, because no rule is kept for want of evidence.
 */
export function breaksRule(rule: FailRule, change: { readonly base: number | null; readonly now: number | null; readonly mean: number | null; readonly low: number | null; readonly high: number | null }): boolean {
  const { base, now, mean, low, high } = change;
  if (base === null || mean === null) return base !== now;
  const size = !rule.relative ? mean : base === 0 ? (mean === 0 ? 0 : Math.sign(mean) * Infinity) : mean / Math.abs(base);
  const beyond = rule.operator === '>' ? size > rule.limit : size < rule.limit;
  if (!beyond) return false;
  // A limit on the other side of zero ("must improve by 5 %") is broken by what did not happen: chance is no excuse then.
  const against = rule.operator === '>' ? rule.limit >= 0 : rule.limit <= 0;
  if (!against || low === null || high === null) return true;
  return rule.operator === '>' ? low > 0 : high < 0;
}
