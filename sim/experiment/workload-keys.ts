// Keys that say what arrives: cells that differ in one serve other work, and neither is better at it.
import type { ParamValues } from '../../src/options.ts';

/** By these names every scenario asks for its work. Policies, balancers, engines and what is known of calls have others. */
const WORKLOAD_KEYS: ReadonlySet<string> = new Set([
  'programs', 'count', 'tasks', 'calls', 'requests', 'clients', 'agents', 'lengths', 'pauses', 'think',
  'load', 'rate', 'busyRate', 'quietRate', 'speed', 'arrivals', 'gaps', 'trace', 'ticks', 'minutes', 'seconds',
  'service', 'input', 'inputLaw', 'prompt', 'promptLaw', 'output', 'outputLaw', 'question',
  'sharedPrefix', 'systemPrompt', 'groups', 'usersPerGroup', 'hits', 'cold', 'urgent',
  'chains', 'width', 'join', 'forkSteps', 'chainSteps', 'phases', 'sigma',
]);

/** Keys of the workload whose values differ between two cells, in the order of the first. */
export function workloadKeys(a: ParamValues, b: ParamValues): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => WORKLOAD_KEYS.has(key) && a[key] !== b[key]);
}
