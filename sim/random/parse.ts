// Distributions by name, as scenario parameters spell them: `pareto:shape=1.5:ratio=10000`.
import { SchedlabError } from '../../src/errors.ts';
import { boundedPareto, deterministic, exponential, gamma, hyperexponential, lognormal, uniform } from './distributions.ts';
import type { Distribution } from './distributions.ts';

interface Form {
  /** Options in the order in which `make` takes them; all are needed. */
  readonly options: readonly string[];
  readonly example: string;
  make(mean: number, ...values: number[]): Distribution;
}

const FORMS: Readonly<Record<string, Form>> = {
  deterministic: { options: [], example: 'deterministic', make: deterministic },
  exponential: { options: [], example: 'exponential', make: exponential },
  gamma: { options: ['cv2'], example: 'gamma:cv2=2', make: (mean, cv2) => gamma(mean, cv2!) },
  hyperexponential: { options: ['cv2'], example: 'hyperexponential:cv2=10', make: (mean, cv2) => hyperexponential(mean, cv2!) },
  lognormal: { options: ['cv2'], example: 'lognormal:cv2=2', make: (mean, cv2) => lognormal(mean, cv2!) },
  pareto: { options: ['shape', 'ratio'], example: 'pareto:shape=1.5:ratio=10000', make: (mean, shape, ratio) => boundedPareto(mean, shape!, ratio!) },
  uniform: { options: [], example: 'uniform', make: uniform },
};

/** How each distribution is spelt, for help texts. */
export const DISTRIBUTION_EXAMPLES: readonly string[] = Object.values(FORMS).map((form) => form.example);

/**
 * Reads `name` or `name:option=number:…` and scales the distribution to `mean`.
 * @throws ERR_OPTION_RANGE naming what is accepted
 */
export function parseDistribution(text: string, mean: number): Distribution {
  const refuse = (what: string): SchedlabError => new SchedlabError('ERR_OPTION_RANGE', `the distribution ${JSON.stringify(text)} ${what}`, { text, valid: DISTRIBUTION_EXAMPLES });
  const [name = '', ...given] = text.split(':');
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (form === undefined) throw refuse(`has an unknown name. Valid: ${DISTRIBUTION_EXAMPLES.join(', ')}.`);
  const values = new Map<string, number>();
  for (const part of given) {
    const match = /^([^=]*)=([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i.exec(part);
    const option = match === null ? part.split('=')[0]! : match[1]!;
    if (!form.options.includes(option)) throw refuse(`has an unknown option ${JSON.stringify(option)}: ${name} takes ${form.options.length === 0 ? 'none' : form.options.join(' and ')}, as in ${form.example}.`);
    if (match === null) throw refuse(`needs a number for ${option}, as in ${form.example}.`);
    if (values.has(option)) throw refuse(`gives ${option} twice.`);
    values.set(option, Number(match[2]));
  }
  for (const option of form.options) if (!values.has(option)) throw refuse(`needs ${option}, as in ${form.example}.`);
  try {
    return form.make(mean, ...form.options.map((option) => values.get(option)!));
  } catch (error) {
    if (error instanceof SchedlabError) throw refuse(`is out of range: ${error.message}`);
    throw error;
  }
}
