// A page about a trace in the style of the report: answer first, then question by question, one file without network.
import { createHash } from 'node:crypto';
import { NARROW, WIDE, type Panel } from '../charts/chart.ts';
import { html, scriptJson, trusted, type Html } from '../html.ts';
import { libraryOf, liveSpec } from '../live.ts';
import { count } from '../numbers.ts';
import { loadRuntime } from '../runtime/load.ts';
import { styleSheet } from '../style.css.ts';
import { render } from '../svg.ts';
import { tableHtml, type Table } from '../table.ts';

/** One question with its answer, drawing and table. */
export interface Question {
  readonly id: string;
  readonly question: string;
  /** A few words for the list of questions. */
  readonly short: string;
  readonly finding: readonly string[];
  /** The first part is set in bold. */
  readonly caption: readonly string[];
  readonly abreast: 1 | 2 | 3;
  readonly panels: readonly Panel[];
  readonly table: Table;
}

export interface Fact { readonly label: string; readonly value: string; readonly detail: string }

export interface TracePage {
  readonly title: string;
  /** The line at the top. */
  readonly identity: string;
  readonly heading: string;
  readonly lead: string;
  readonly rest: readonly string[];
  readonly facts: readonly Fact[];
  readonly redo: string;
  readonly questions: readonly Question[];
  readonly conditions: readonly string[];
  readonly manifest: readonly (readonly [term: string, text: string, isCode?: boolean])[];
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
const policy = (style: string, script: string | null): string => `default-src 'none'; style-src ${hash(style)}; script-src ${script === null ? "'none'" : hash(script)}; img-src data:; base-uri 'none'; form-action 'none'`;

interface DrawnPanel { readonly name: string; readonly wide: string; readonly narrow: string }

async function draw({ id, panels, abreast }: Question, specs: Record<string, unknown>): Promise<DrawnPanel[]> {
  const drawn: DrawnPanel[] = [];
  for (const [index, panel] of panels.entries()) {
    const name = `${id}-${index}`, at = async (width: number, narrow: boolean): Promise<string> => {
      const key = `${name}-${narrow ? 'n' : 'w'}`, { svg, spec } = await render(key, panel.build({ width, narrow, first: index % abreast === 0 }), panel.label, width);
      specs[key] = liveSpec(spec);
      return svg;
    };
    drawn.push({ name, wide: await at(WIDE[abreast], false), narrow: await at(NARROW, true) });
  }
  return drawn;
}

function sectionHtml({ id, question, finding, caption, abreast, table }: Question, drawn: readonly DrawnPanel[]): Html {
  const drawings = drawn.map(({ name, wide, narrow }) => html`<div class="panel wide" data-panel="${name}-w">${trusted(wide)}</div><div class="panel narrow" data-panel="${name}-n">${trusted(narrow)}</div>`);
  return html`<section class="q" id="${id}" aria-labelledby="${id}-h"><div class="say"><h2 id="${id}-h">${question}</h2><p>${finding.join(' ')}</p></div><div class="right"><figure class="fig" aria-labelledby="${id}-h" aria-describedby="${id}-c"><div class="panels p${abreast}">${drawings}</div></figure><details class="tab"><summary>Table <span class="muted">· ${count(table.rows.length, 'row')}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${table.label}">${tableHtml(table)}</div>${table.note ? html`<p class="cap">${table.note}</p>` : ''}</details></div><p class="cap" id="${id}-c"><b>${caption[0]}</b>${caption.slice(1).join(' ')}</p></section>
`;
}

/** The page as HTML. `runtime`: the script that makes charts live; the one made at build time where nothing is said; null: a static page. */
export async function pageOf(page: TracePage, runtime?: string | null): Promise<string> {
  const script = runtime === undefined ? await loadRuntime() : runtime, style = styleSheet(), specs: Record<string, unknown> = {}, sections: Html[] = [];
  // One chart after the other: Vega numbers its clip paths for the whole process.
  for (const question of page.questions) sections.push(sectionHtml(question, await draw(question, specs)));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${page.title} · schedlab</title><style>${trusted(style)}</style></head>
<body><a class="skip" href="#main">Skip to the answer</a>
<header class="top"><b>schedlab</b><span>${page.identity}</span><button id="theme" type="button" hidden>Dark</button></header>
<main id="main"><h1>${page.heading}</h1>
<p class="answer"><b>${page.lead}</b> ${page.rest.join(' ')}</p>
<dl class="facts">${page.facts.map(({ label, value, detail }) => html`<div><dt>${label}</dt><dd><b${value.length > 15 ? html` class="long"` : ''}>${value}</b><small>${detail}</small></dd></div>`)}</dl>
<p class="redo">Redo <code id="redo">${page.redo}</code><button type="button" data-copy="redo" hidden>Copy</button></p>
<nav aria-label="Questions"><ol>${page.questions.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}<li><a href="#manifest">Redo</a></li></ol></nav>
${sections}<section class="words" id="manifest" aria-labelledby="manifest-h"><h2 id="manifest-h">What was read, and how is it done again?</h2><div><h3>What this says, and what it does not</h3><ul>${page.conditions.map((text) => html`<li>${text}</li>`)}</ul></div><div><h3>The file</h3><pre><code>${page.redo}</code></pre><dl class="man">${page.manifest.map(([term, text, isCode]) => html`<dt>${term}</dt><dd>${isCode ? html`<code>${text}</code>` : text}</dd>`)}</dl></div></section></main>
<footer>Every figure of this page is in its tables. This file loads nothing from anywhere.</footer>
${script === null ? '' : html`<script type="application/json" id="specs">${scriptJson(libraryOf(specs))}</script><script>${trusted(script)}</script>`}</body></html>
`.text;
}
