// `engine=constant:stepMs=N`: the engine of the textbooks. Its scheduler is the real one, its steps take what the name says, whatever they hold.
import { SchedlabError } from '../../../src/errors.ts';
import { batchConfig } from '../batch/config.ts';
import { ruleSet } from '../batch/rules.ts';
import { NO_OVERHEAD } from '../cost/cost-model.ts';
import { limitsSentence, poolSentence, schedulingSentence, type EngineLimits, type EngineSpec } from './engine-spec.ts';

export const CONSTANT_FORM = 'constant:stepMs=N';

const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
/** A step is at least a microsecond, and at most a day. */
const LEAST_MS = 0.001;
const MOST_MS = 86_400_000;
const OWN_RULES = 'vllm-0.32';

function read(text: string): { stepMs: number; sequenceMs: number } {
  const values = new Map<string, number>(), refuse = (what: string): SchedlabError => new SchedlabError('ERR_OPTION_RANGE', `the engine ${JSON.stringify(text)} ${what} Write ${CONSTANT_FORM}, N from ${LEAST_MS} milliseconds a step, or constant:stepMs=N:sequenceMs=M, M more for each sequence in it.`, { engine: text });
  for (const part of text.split(':').slice(1)) {
    const [name, value = ''] = part.split('=', 2), number = NUMBER.test(value) ? Number(value) : NaN;
    if (name !== 'stepMs' && name !== 'sequenceMs') throw refuse(`has an unknown option ${JSON.stringify(name)}.`);
    if (!(number >= (name === 'stepMs' ? LEAST_MS : 0) && number <= MOST_MS) || part.split('=').length > 2) throw refuse(`accepts a number of milliseconds for ${name}, received ${JSON.stringify(value)}.`);
    if (values.has(name)) throw refuse(`gives ${name} twice.`);
    values.set(name, number);
  }
  const stepMs = values.get('stepMs');
  if (stepMs === undefined) throw refuse('does not say how long a step takes.');
  return { stepMs, sequenceMs: values.get('sequenceMs') ?? 0 };
}

/**
 * `constant:stepMs=100`: each step takes 100 ms; `:sequenceMs=1` adds 1 ms a sequence. Limits and block pool as of any batch engine.
 * @throws ERR_OPTION_RANGE for what is not spelt so; ERR_OPTION_RANGE, ERR_OPTION_CONFLICT as `batchConfig` does
 */
export function constantSpec(text: string, given: EngineLimits = {}): EngineSpec {
  const { stepMs, sequenceMs } = read(text), { rules = OWN_RULES, ...limits } = given, config = batchConfig({ ...limits, rules: ruleSet(rules) }), blocksFrom = given.blocks === undefined ? 'the default of an engine without a preset' : 'given';
  return {
    name: text, config, rules, blocksFrom, overhead: NO_OVERHEAD, cost: { model: 'constant', stepUs: stepMs * 1000, sequenceUs: sequenceMs * 1000 },
    notes: [
      `engine ${text}: a step takes ${stepMs} ms${sequenceMs > 0 ? ` and ${sequenceMs} ms a sequence` : ''}, whatever it computes: for comparison with theory, no GPU does so`,
      poolSentence(config, blocksFrom),
      limitsSentence(config, rules),
      schedulingSentence(config),
    ],
  };
}
