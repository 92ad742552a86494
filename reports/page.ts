// The page: answer first, then question by question, then what redoes it. One file, no network, a strict content policy.
import { contentPolicy, dataScript, sectionHtml } from './blocks.ts';
import { html, trusted, type Html } from './html.ts';
import { answer } from './findings/answer.ts';
import { conditions } from './findings/conditions.ts';
import { facts, type Fact } from './findings/facts.ts';
import { dateText, manifestEntries } from './findings/manifest.ts';
import { runsText } from './findings/words.ts';
import { markPath, REST } from './looks.ts';
import { count } from './numbers.ts';
import type { Section } from './sections.ts';
import type { Setting } from './settings.ts';
import { styleSheet } from './style.css.ts';
import type { Study } from './study.ts';
import { themed } from './tokens.ts';

const mark = (look: Setting['look']): Html =>
  html`<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path d="${markPath(look)}" fill="${themed(look.color) ?? look.color}"/></svg>`;

function role(study: Study, s: Setting): string {
  const parts = [s === study.decision.chosen && study.decision.kind === 'better' ? 'better' : '', s === study.baseline ? 'baseline' : ''].filter(
    Boolean,
  );
  return parts.length ? `, ${parts.join(', ')}` : '';
}

function keyHtml(study: Study): Html | '' {
  if (study.settings.length < 2) return '';
  const rest = study.settings.filter((s) => !s.featured);
  return html`<div class="keys"><ul class="key" aria-label="Marks used in every chart">${study.featured.map((s) => html`<li data-setting="${s.cell.id}">${mark(s.look)}<span>${s.name}${role(study, s)}</span></li>`)}${rest.length ? html`<li>${mark(REST)}<span>${count(rest.length, 'other setting')}</span></li>` : ''}</ul>
<label class="pick" hidden>Light up <select id="pick"><option value="">every setting</option>${study.settings.map((s) => html`<option value="${s.cell.id}">${s.name}</option>`)}</select></label></div>`;
}

const factHtml = (fact: Fact): Html =>
  html`<div><dt>${fact.label}</dt><dd><b${fact.value.length > 15 ? html` class="long"` : ''}>${fact.value}</b><small>${fact.detail.map((part) => (typeof part === 'string' ? part : html`<b class="${part.verdict}">${part.verdict}</b>`))}</small></dd></div>`;

export interface Parts {
  readonly study: Study;
  readonly sections: readonly Section[];
  readonly runtime: string | null;
}

export function pageHtml({ study, sections, runtime }: Parts): string {
  const { manifest } = study.input,
    style = styleSheet(),
    said = answer(study),
    size = study.settings.length ? `${count(study.settings.length, 'cell')} × ${runsText(study)}` : 'no cells';
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${contentPolicy(style, runtime)}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${manifest.scenario}${manifest.swept.length ? `: ${manifest.swept.join(', ')}` : ''} · schedlab</title><style>${trusted(style)}</style></head>
<body><a class="skip" href="#main">Skip to the answer</a>
<header class="top"><b>schedlab</b><span>${manifest.scenario} · ${size} · seed “${manifest.seed}” · ${dateText(manifest.wall.startedAt)}</span><button id="theme" type="button" hidden>Dark</button></header>
<main id="main"><h1>${manifest.question || manifest.title}</h1>
<p class="answer"><b>${said.lead}</b> ${said.rest.join(' ')}</p>
<dl class="facts">${facts(study).map(factHtml)}</dl>
<p class="redo">Redo <code id="redo">${manifest.redo}</code><button type="button" data-copy="redo" hidden>Copy</button></p>
<nav aria-label="Questions"><ol>${sections.map((s) => html`<li><a href="#${s.id}">${s.short}</a></li>`)}<li><a href="#manifest">Redo</a></li></ol></nav>${keyHtml(study)}
${sections.map(sectionHtml)}<section class="words" id="manifest" aria-labelledby="manifest-h"><h2 id="manifest-h">Under what conditions, and how is it done again?</h2><div><h3>What this says, and what it does not</h3><ul>${conditions(study).map((text) => html`<li>${text}</li>`)}</ul></div><div><h3>Manifest</h3><pre><code>${manifest.redo}</code></pre><dl class="man">${manifestEntries(study).map((e) => html`<dt>${e.term}</dt><dd>${e.code ? html`<code>${e.text}</code>` : e.text}</dd>`)}</dl></div></section></main>
<footer>Every figure of this page is in its tables and in <code>summary.json</code> beside it. This file loads nothing from anywhere.</footer>
${runtime === null ? '' : html`${dataScript(sections)}<script>${trusted(runtime)}</script>`}</body></html>
`.text;
}
