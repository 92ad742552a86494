// The accuracy page, as HTML and as Markdown: measured against simulated, what was fitted on what, and what was never checked.
import { fixed, NBSP, signed } from '../numbers.ts';
import { escapeMarkdown, tableText } from '../markdown.ts';
import { pageOf } from '../trace/frame.ts';
import type { AccuracyFigures } from './figures.ts';
import { publishedErrors, questions } from './questions.ts';

export const REDO = 'npm run accuracy';
const HEADING = 'How true are the synthetic engine\'s times?';

function lead(figures: AccuracyFigures): { readonly first: string; readonly rest: readonly string[] } {
  const { real } = figures, e2e = real.metrics.find(({ metric }) => metric === 'E2E'), errors = publishedErrors(figures), percent = (share: number): string => `${fixed(share * 100, 1)}${NBSP}%`;
  const bias = (e2e?.simulated.mean ?? 0) / (e2e?.measured.mean ?? 1) - 1;
  return {
    first: `On a real vLLM run the E2E of nine in ten requests is off by less than ${percent(e2e?.error.p90 ?? 0)}.`,
    rest: [`Its mean is off by ${signed(bias * 100, 2)}${NBSP}%, which says less: errors of single requests cancel in a mean.`, `On nine H100 runs known by their means E2E is off by ${percent(errors.e2e)} in the mean and TTFT by ${percent(errors.ttft)}, after two choices that were made on these runs.`, 'Most presets have no real run behind them, and say so.'],
  };
}

/** Static: the page stands in the repository, and its figures are in its tables. */
export async function accuracyHtml(figures: AccuracyFigures): Promise<string> {
  const { first, rest } = lead(figures), errors = publishedErrors(figures), asked = questions(figures);
  const page = await pageOf({
    title: 'accuracy', identity: `accuracy of the synthetic engine · ${figures.version}`, heading: HEADING, lead: first, rest,
    facts: [
      ...figures.real.metrics.map((one) => ({ label: `${one.metric}, mean`, value: `${signed((one.simulated.mean / one.measured.mean - 1) * 100, 1)}${NBSP}%`, detail: `RTX 4090, ${figures.real.requests} requests` })),
      { label: 'E2E of nine runs', value: `${fixed(errors.e2e * 100, 1)}${NBSP}%`, detail: 'H100, mean absolute error' }, { label: 'TTFT of nine runs', value: `${fixed(errors.ttft * 100, 1)}${NBSP}%`, detail: 'H100, one constant and one choice fitted' },
    ],
    redo: REDO, questions: asked, conditions: [...figures.fitted, ...figures.unchecked], manifest: [['Engine', figures.version], ['Real run', figures.real.name]],
  }, null);
  // Figures are the point of this page: its tables stand open.
  return page.replaceAll('<details class="tab">', '<details class="tab" open>');
}

export function accuracyMarkdown(figures: AccuracyFigures): string {
  const { first, rest } = lead(figures), lines = [`# ${HEADING}`, '', `**${escapeMarkdown(first)}** ${escapeMarkdown(rest.join(' '))}`, '', `Redo: \`${REDO}\` (writes this file and [accuracy.html](accuracy.html)).`, ''];
  for (const { question, finding, caption, table } of questions(figures)) {
    lines.push(`## ${escapeMarkdown(question)}`, '', escapeMarkdown(finding.join(' ')), '', escapeMarkdown(caption.join('')), '', tableText(table), ...(table.note ? ['', escapeMarkdown(table.note)] : []), '');
  }
  lines.push('## What was fitted on what', '', ...figures.fitted.map((text) => `- ${escapeMarkdown(text)}`), '', '## What was never checked', '', ...figures.unchecked.map((text) => `- ${escapeMarkdown(text)}`), '');
  return lines.join('\n');
}
