// The blocks that every page is made of: its content policy, a question with its answer, drawing and table, and the specs of live charts.
import { createHash } from 'node:crypto';
import { html, scriptJson, trusted, type Html } from './html.ts';
import { libraryOf } from './live.ts';
import { count } from './numbers.ts';
import type { Section } from './sections.ts';
import { tableHtml } from './table.ts';

/** Characters of a finding that is still one paragraph. */
const MOST_TOGETHER = 260;

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Nothing is loaded from anywhere; the one style and the one script are named by their hashes. */
export const contentPolicy = (style: string, script: string | null): string =>
  `default-src 'none'; style-src ${hash(style)}; script-src ${script === null ? "'none'" : hash(script)}; img-src data:; base-uri 'none'; form-action 'none'`;

const VERDICT_KEY = html`<span class="better">▲ better</span> · <span class="worse">▼ worse</span> · ○ cannot be told apart · = equal in every pair. `;

/** Long sentences stand one by one, short ones together. */
const paragraphs = (finding: readonly string[]): readonly Html[] =>
  (finding.join('').length > MOST_TOGETHER ? finding : [finding.join(' ')]).map((text) => html`<p>${text}</p>`);

/** What sticks out, with the command that repeats it. */
const repeatsHtml = ({ id, repeats }: Section): readonly Html[] =>
  repeats.map(
    ({ text, command }, i) =>
      html`<p class="again">${text} <code id="${id}-again-${i}">${command}</code><button type="button" data-copy="${id}-again-${i}" hidden>Copy</button></p>`,
  );

export function sectionHtml(section: Section): Html {
  const { id, question, finding, caption, marks, abreast, panels, table } = section;
  const drawings = panels.map(
    (p) =>
      html`<div class="panel wide" data-panel="${p.name}-w">${trusted(p.wide.svg)}</div><div class="panel narrow" data-panel="${p.name}-n">${trusted(p.narrow.svg)}</div>`,
  );
  return html`<section class="q" id="${id}" aria-labelledby="${id}-h"><div class="say"><h2 id="${id}-h">${question}</h2>${paragraphs(finding)}${repeatsHtml(section)}</div><div class="right">${panels.length ? html`<figure class="fig" aria-labelledby="${id}-h" aria-describedby="${id}-c"><div class="panels p${abreast}">${drawings}</div></figure>` : ''}<details class="tab"><summary>Table <span class="muted">· ${count(table.rows.length, 'row')}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${table.label}">${tableHtml(table)}</div>${table.note ? html`<p class="cap">${table.note}</p>` : ''}</details></div><p class="cap" id="${id}-c">${marks ? VERDICT_KEY : ''}<b>${caption[0]}</b>${caption.slice(1).join(' ')}</p></section>
`;
}

/** Specs of the live charts, colours named by CSS variables, config shared. Only with the runtime. */
export function dataScript(sections: readonly Section[]): Html {
  const specs: Record<string, unknown> = {};
  for (const s of sections)
    for (const p of s.panels) {
      specs[`${p.name}-w`] = p.wide.live;
      specs[`${p.name}-n`] = p.narrow.live;
    }
  return html`<script type="application/json" id="specs">${scriptJson(libraryOf(specs))}</script>`;
}
