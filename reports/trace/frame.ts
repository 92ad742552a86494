// A page about a trace in the style of the report: answer first, then question by question, one file without network.
import { contentPolicy, dataScript, sectionHtml } from '../blocks.ts';
import { NARROW, WIDE, type Panel } from '../charts/chart.ts';
import { html, trusted } from '../html.ts';
import { liveSpec } from '../live.ts';
import { loadRuntime } from '../runtime/load.ts';
import type { Drawn, Section } from '../sections.ts';
import { styleSheet } from '../style.css.ts';
import { render } from '../svg.ts';
import type { Table } from '../table.ts';

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

/** Draws the panels of a question at both widths. */
async function drawn({ panels, ...question }: Question): Promise<Section> {
  const { id, abreast } = question, done: Section['panels'][number][] = [];
  for (const [index, panel] of panels.entries()) {
    const name = `${id}-${index}`, at = async (width: number, narrow: boolean): Promise<Drawn> => {
      const { svg, spec } = await render(`${name}-${narrow ? 'n' : 'w'}`, panel.build({ width, narrow, first: index % abreast === 0 }), panel.label, width);
      return { svg, live: liveSpec(spec) };
    };
    done.push({ name, wide: await at(WIDE[abreast], false), narrow: await at(NARROW, true) });
  }
  return { ...question, marks: false, repeats: [], panels: done };
}

/** The page as HTML. `runtime`: the script that makes charts live; the one made at build time where nothing is said; null: a static page. */
export async function pageOf(page: TracePage, runtime?: string | null): Promise<string> {
  const script = runtime === undefined ? await loadRuntime() : runtime, style = styleSheet(), sections: Section[] = [];
  // One chart after the other: Vega numbers its clip paths for the whole process.
  for (const question of page.questions) sections.push(await drawn(question));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${contentPolicy(style, script)}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${page.title} · schedlab</title><style>${trusted(style)}</style></head>
<body><a class="skip" href="#main">Skip to the answer</a>
<header class="top"><b>schedlab</b><span>${page.identity}</span><button id="theme" type="button" hidden>Dark</button></header>
<main id="main"><h1>${page.heading}</h1>
<p class="answer"><b>${page.lead}</b> ${page.rest.join(' ')}</p>
<dl class="facts">${page.facts.map(({ label, value, detail }) => html`<div><dt>${label}</dt><dd><b${value.length > 15 ? html` class="long"` : ''}>${value}</b><small>${detail}</small></dd></div>`)}</dl>
<p class="redo">Redo <code id="redo">${page.redo}</code><button type="button" data-copy="redo" hidden>Copy</button></p>
<nav aria-label="Questions"><ol>${page.questions.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}<li><a href="#manifest">Redo</a></li></ol></nav>
${sections.map(sectionHtml)}<section class="words" id="manifest" aria-labelledby="manifest-h"><h2 id="manifest-h">What was read, and how is it done again?</h2><div><h3>What this says, and what it does not</h3><ul>${page.conditions.map((text) => html`<li>${text}</li>`)}</ul></div><div><h3>The file</h3><pre><code>${page.redo}</code></pre><dl class="man">${page.manifest.map(([term, text, isCode]) => html`<dt>${term}</dt><dd>${isCode ? html`<code>${text}</code>` : text}</dd>`)}</dl></div></section></main>
<footer>Every figure of this page is in its tables. This file loads nothing from anywhere.</footer>
${script === null ? '' : html`${dataScript(sections)}<script>${trusted(script)}</script>`}</body></html>
`.text;
}
