// What `init metric` writes: a metric computed from the calls of a replication, and a test on calls made by hand.
import { uses } from './uses.ts';

/** Metrics are named with `_`: a hyphen would read as a minus in a rule. */
export const metricName = (name: string): string => name.replaceAll('-', '_');

export const metricCode = (name: string): string => `// ${name}: which share of the calls had to wait too long?
${uses('{ defineMetric }', 'schedlab/sim')}

const TOO_LONG_S = 60;

export default defineMetric({
  name: '${metricName(name)}',
  title: \`Share of calls that waited longer than \${TOO_LONG_S} s, the unserved counted to the end of the window\`,
  short: 'calls that waited too long',
  unit: 'ratio',
  better: 'lower',
  population: 'every call but the refused',
  /** Asked once a replication with all calls, then once for each class with the calls of that class. Times are seconds; null: did not happen. */
  measure({ calls, windowS }) {
    const counted = calls.filter(({ outcome }) => outcome !== 'rejected');
    const late = counted.filter(({ arrival, scheduled }) => (scheduled ?? windowS) - arrival > TOO_LONG_S);
    // Nobody to measure is no number: null, never NaN.
    return counted.length === 0 ? null : late.length / counted.length;
  },
});
`;

export const metricTest = (name: string): string => `// Tests of ${name}, on calls made by hand. Run them: npx schedlab check ./${name}.test.ts
${uses('assert', 'node:assert/strict')}
${uses('{ test }', 'node:test')}
${uses('type { MetricCall }', 'schedlab/sim')}
${uses('metric', `./${name}.ts`)}

/** A call that came at the start and was served after so many seconds; null: never. */
const call = (scheduled: number | null): MetricCall => ({
  replication: 0, id: '0', program: '0', agent: 'a', engine: 0, class: 'all', arrival: 0, granted: scheduled, scheduled, first_token: null, finished: scheduled,
  prompt_tokens: 0, cached_tokens: 0, output_tokens: 0, preemptions: 0, outcome: scheduled === null ? 'unfinished' : 'completed',
});
const measure = (calls: readonly MetricCall[]) => metric.measure({ calls, agents: [], windowS: 100 });

test('counts the calls that waited too long, the unserved too', () => {
  assert.equal(measure([call(10), call(60), call(61), call(null)]), 0.5);
});

test('is no number where nobody came', () => {
  assert.equal(measure([]), null);
});
`;
