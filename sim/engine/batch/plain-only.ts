// Which engines need the plain form: those whose decisions the bulk form cannot take in bulk.
import type { BatchConfig } from './config.ts';
import { RULE_SETS, type RuleName } from './rules.ts';

/** Why an engine of these settings needs the plain form, in words; nothing where the bulk form takes the same decisions. */
export function plainOnly(config: BatchConfig): string | undefined {
  if (config.scheduling !== 'fcfs') return 'requests are not served in order of arrival';
  if (config.longPrefill > 0) return 'several prompts may be computed in parts at a time';
  const other = (Object.keys(config.rules) as RuleName[]).find((rule) => config.rules[rule] !== RULE_SETS['vllm-0.32'][rule]);
  return other === undefined ? undefined : `rule ${other} is not that of vllm-0.32`;
}
