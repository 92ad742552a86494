// Distributions by name, as scenario parameters spell them: `pareto:shape=1.5:ratio=10000`.
import { SchedlabError } from '../../src/errors.ts';
import { boundedPareto, deterministic, empirical, exponential, gamma, hyperexponential, lognormal, uniform } from './distributions.ts';
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

/** Values of an empirical law, each as likely as another; the option `zeros` of every law. */
const EMPIRICAL_EXAMPLE = 'empirical:0.1/0.5/2';
const ZEROS_EXAMPLE = 'gamma:cv2=2:zeros=0.3';

/** How each distribution is spelt, for help texts. */
export const DISTRIBUTION_EXAMPLES: readonly string[] = [...Object.values(FORMS).map((form) => form.example), EMPIRICAL_EXAMPLE, ZEROS_EXAMPLE];

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** The values of `empirical:…`, scaled to the mean. */
function listed(text: string, mean: number, refuse: (what: string) => SchedlabError): Distribution {
  const parts = text.split('/');
  if (!parts.every((part) => NUMBER.test(part))) throw refuse(`needs values with slashes between them, as in ${EMPIRICAL_EXAMPLE}.`);
  const law = empirical(parts.map(Number)), factor = mean / law.mean;
  if (law.mean === 0) throw refuse('has values that are all 0, which no mean can scale.');
  return { name: `empirical:${text}`, mean, cv2: law.cv2, sample: (u) => factor * law.sample(u) };
}

/** 0 in a share of the draws, else the law, whose mean makes up for it. One uniform as before: what says that it is not 0 is stretched and used again. */
function withZeros(zeros: number, law: Distribution): Distribution {
  let within = 0;
  const rest = { next: (): number => within };
  const mean = law.mean * (1 - zeros);
  return {
    name: `${law.name}:zeros=${zeros}`, mean, cv2: (1 + law.cv2) / (1 - zeros) - 1,
    sample: (u) => {
      const x = u.next();
      if (x < zeros) return 0;
      within = (x - zeros) / (1 - zeros);
      return law.sample(rest);
    },
  };
}

/**
 * Reads `name` or `name:option=number:…` and scales the distribution to `mean`. Every law takes `zeros=SHARE`: so many draws are 0, and the mean is
 * still `mean`. `empirical:A/B/…` draws one of the values, each as likely as another.
 * @throws ERR_OPTION_RANGE naming what is accepted
 */
export function parseDistribution(text: string, mean: number): Distribution {
  const refuse = (what: string): SchedlabError => new SchedlabError('ERR_OPTION_RANGE', `the distribution ${JSON.stringify(text)} ${what}`, { text, valid: DISTRIBUTION_EXAMPLES });
  const zeros = /^(.*):zeros=([^:]*)$/.exec(text);
  if (zeros !== null) {
    const share = NUMBER.test(zeros[2]!) ? Number(zeros[2]) : NaN;
    if (!(share >= 0 && share < 1)) throw refuse(`needs a share from 0 and below 1 for zeros, as in ${ZEROS_EXAMPLE}.`);
    return withZeros(share, parseDistribution(zeros[1]!, mean / (1 - share)));
  }
  const [name = '', ...given] = text.split(':');
  if (name === 'empirical') return listed(text.slice('empirical:'.length), mean, refuse);
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
