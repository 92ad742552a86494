// The scenario that fitted laws make, as a YAML file that sets up a shipped one, or as a file of code that stands alone.
import { parseDistribution } from '../../../sim/random/parse.ts';
import type { QuantityFit, TraceFit } from '../../../sim/trace-results.ts';

const round = (x: number): number => Number(x.toPrecision(6));
const origin = ({ file }: TraceFit): string => `${file.path.replace(/[^\x20-\x7e]/g, '?').split(/[/\\]/).pop()} (${file.format}, sha256 ${file.sha256.slice(0, 12)})`;
const how = ({ quantity, chosen, because, fits }: QuantityFit): string => `${quantity}: ${chosen}, ${because}; distance ${(fits.find(({ law }) => law === chosen)?.distance ?? 0).toFixed(3)}`;
const comments = (fit: TraceFit, mark: string): string[] => [
  `${mark} Calls like those of ${origin(fit)}, as schedlab trace fit found them.`,
  ...[fit.gaps, fit.prompt, fit.output].map((quantity) => `${mark} ${how(quantity)}`),
  ...(fit.leftOut.length > 0 ? [`${mark} Left out: ${fit.leftOut.join('; ')}.`] : []),
];

export function yamlScenario(fit: TraceFit): string {
  const { gaps, prompt, output } = fit;
  return `${[...comments(fit, '#'), 'scenario: fitted-load', 'params:', `  calls: ${fit.calls}`, `  rate: ${round(1 / gaps.chosenMean)}`, `  gaps: ${gaps.text}`, `  prompt: ${round(prompt.chosenMean)}`, `  promptLaw: ${prompt.text}`, `  output: ${round(output.chosenMean)}`, `  outputLaw: ${output.text}`].join('\n')}\n`;
}

/** Spelt apart, so that whoever reads the imports of this file does not take those of the written one for them. */
const WORDS = { imports: 'import', exports: 'export' };

export function codeScenario(fit: TraceFit, name: string): string {
  const { gaps, prompt, output } = fit, law = ({ text, chosenMean }: QuantityFit): string => `parseDistribution(${JSON.stringify(text)}, ${round(chosenMean)})`;
  return `${comments(fit, '//').join('\n')}
${WORDS.imports} { balancerParam, count, defineScenario, parseDistribution, parseSlots, policyParam, TokenArrivals } from 'schedlab/sim';

${WORDS.exports} default defineScenario({
  name: ${JSON.stringify(name)},
  title: ${JSON.stringify(`calls like those of ${origin(fit)}`)},
  question: ({ engines, engine, policy }) => \`Calls like those of the trace on \${engines === 1 ? 'one engine' : \`\${engines} engines\`} (\${engine}), \${policy}: how long is the wait?\`,
  params: {
    policy: policyParam('fcfs'),
    calls: count(${fit.calls}, 'calls, until all of them are served'),
    agents: count(10, 'agents that send the calls, each as often as another', 1_000_000),
    engines: count(1, 'engines', 10_000),
    engine: { kind: 'text', default: 'slots:8', help: 'what each engine is: slots:N' },
    balancer: balancerParam('round-robin'),
    speed: { kind: 'number', default: 1, min: 1e-6, max: 1e6, help: 'how much faster calls arrive' },
    prefillRate: { kind: 'number', default: 8000, min: 0.001, max: 1e9, unit: 'tokens/s', help: 'prompt tokens that a place reads' },
    decodeRate: { kind: 'number', default: 50, min: 0.001, max: 1e9, unit: 'tokens/s', help: 'output tokens that a place writes' },
  },
  headline: ['wait.mean', 'wait.p95', 'response.mean', 'slowdown.p95'],
  notSimulated: ['batching', 'KV cache and shared prefixes', 'network', 'programs: every call is one of its own'],
  assumptions: () => ['gaps and lengths are independent of each other and of those before'],
  setup({ params, ...partners }) {
    const number = (name: string): number => params[name] as number, slots = parseSlots(params['engine'] as string);
    return {
      ...partners,
      engines: { kind: 'slots', count: number('engines'), slots, discipline: 'nonpreemptive' },
      dispatch: 'late', place: 'gate', window: slots, maxWaiters: Infinity,
      endUs: Infinity, tickUs: 0, study: 'terminating',
      classes: ['all'],
      agents: Array.from({ length: number('agents') }, (_, a) => ({ name: \`agent \${a}\`, class: 'all' })),
      workload: (streams) => new TokenArrivals(streams, {
        calls: number('calls'), agents: number('agents'), prefillRate: number('prefillRate'), decodeRate: number('decodeRate'),
        gap: parseDistribution(${JSON.stringify(gaps.text)}, ${round(gaps.chosenMean)} / number('speed')),
        prompt: ${law(prompt)},
        output: ${law(output)},
      }),
    };
  },
});
`;
}

/** Throws what the laws throw that a scenario could not read; a fault of the fit, found before a file is written. */
export function checkLaws({ gaps, prompt, output }: TraceFit): void { for (const { text, chosenMean } of [gaps, prompt, output]) parseDistribution(text, round(chosenMean)); }
