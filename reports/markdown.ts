// report.md: the answer, the facts and the tables for a pull request or a terminal. No charts.
import { answer } from './findings/answer.ts';
import { conditions } from './findings/conditions.ts';
import { facts } from './findings/facts.ts';
import { dateText, manifestEntries } from './findings/manifest.ts';
import { runsText } from './findings/words.ts';
import { count } from './numbers.ts';
import type { Section } from './sections.ts';
import type { Study } from './study.ts';
import type { Table } from './table.ts';

/** Text that cannot become markup, neither Markdown nor HTML, on one line. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|#~]/g, '\\$&');

/** Inline code that no backtick inside can end. */
export function code(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' '),
    longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)),
    fence = '`'.repeat(longest + 1);
  return longest ? `${fence} ${line} ${fence}` : `\`${line}\``;
}

function block(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length)),
    fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

export function tableText(table: Table): string {
  const head = table.columns.map((c) => escapeMarkdown(c.unit ? `${c.head} (${c.unit})` : c.head)),
    rule = table.columns.map((c, i) => (i === 0 || c.words ? ':--' : '--:'));
  return [head, rule, ...table.rows.map((row) => row.cells.map(escapeMarkdown))].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Tables that a reader of the short form wants; the rest are in the page and in summary.csv. */
const SHORT_TABLES = ['curve', 'forest', 'moves', 'measures'];

export function markdownOf(study: Study, sections: readonly Section[]): string {
  const { manifest } = study.input,
    said = answer(study),
    single = study.settings.length < 2;
  const lines = [
    `# ${escapeMarkdown(manifest.question || manifest.title)}`,
    '',
    `**${escapeMarkdown(said.lead)}** ${escapeMarkdown(said.rest.join(' '))}`.trim(),
    '',
    ...facts(study).map(
      (f) =>
        `- **${escapeMarkdown(f.label)}**: ${escapeMarkdown(f.value)}; ${escapeMarkdown(f.detail.map((p) => (typeof p === 'string' ? p : p.verdict)).join(''))}`,
    ),
    '',
    'Redo:',
    '',
    block(manifest.redo),
    '',
  ];
  for (const s of sections) {
    lines.push(`## ${escapeMarkdown(s.question)}`, '', escapeMarkdown(s.finding.join(' ')), '');
    for (const { text, command } of s.repeats) lines.push(`${escapeMarkdown(text)} ${code(command)}`, '');
    if (SHORT_TABLES.includes(s.id) && (s.id !== 'measures' || single))
      lines.push(tableText(s.table), '', `${escapeMarkdown(s.caption.join(' ').replace(/ {2,}/g, ' '))}`, '');
  }
  lines.push(
    '## What this says, and what it does not',
    '',
    ...conditions(study).map((c) => `- ${escapeMarkdown(c)}`),
    '',
    '## Manifest',
    '',
    ...manifestEntries(study).map((e) => `- ${e.term}: ${e.code ? code(e.text) : escapeMarkdown(e.text)}`),
    '',
    `${escapeMarkdown(manifest.scenario)} · ${study.settings.length ? `${count(study.settings.length, 'cell')} × ${runsText(study)}` : 'no cells'} · seed “${escapeMarkdown(manifest.seed)}” · ${dateText(manifest.wall.startedAt)}`,
    '',
  );
  return lines.join('\n');
}
