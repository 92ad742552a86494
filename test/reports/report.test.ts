// The whole report: every kind of input compiles without a warning, the same input gives the same bytes, nothing a user names becomes markup.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.ts';
import { CHARTS } from '../../reports/charts/index.ts';
import { escapeHtml, html, scriptJson } from '../../reports/html.ts';
import { libraryOf, liveSpec } from '../../reports/live.ts';
import { code, escapeMarkdown } from '../../reports/markdown.ts';
import { unpack } from '../../reports/runtime/unpack.ts';
import { sectionsOf } from '../../reports/sections.ts';
import { studyOf } from '../../reports/study.ts';
import { render } from '../../reports/svg.ts';
import { shorten, textWidth, wrap } from '../../reports/text-width.ts';
import { framed, layer, ticks } from '../../reports/charts/parts.ts';
import { themed, TOKENS } from '../../reports/tokens.ts';
import { alphaSweep, evilNames, EVIL, experiment, invalidRun, locoRun, manyCells, policyPair, singleRun } from './fixtures.ts';

const ALL = { 'an alpha sweep': alphaSweep, 'a policy pair on a trace': () => policyPair(), 'four policies': () => policyPair(['fcfs', 'loco', 'atlas', 'oldest-first']), 'a single run': singleRun, 'an invalid run': invalidRun, '60 cells over a number': () => manyCells(true), '60 cells of names': () => manyCells(false) };

const small = (): ReturnType<typeof alphaSweep> => alphaSweep([0, 0.25, 1], 3);

describe('every kind of result', { timeout: 60_000 }, () => {
  it.each(Object.entries(ALL))('%s becomes a page with an answer, a redo command and a table a question', async (_name, make) => {
    const input = make(), { html: page, markdown } = await buildReport(input, { runtime: null });
    expect(page).toContain('<p class="answer"><b>');
    expect(page).toContain(escapeHtml(input.manifest.redo));
    const sections = page.match(/<section class="q"/g)!.length;
    expect(page.match(/<table>/g)!.length).toBe(sections);
    expect(page.match(/<h2 /g)!.length).toBe(sections + 1);
    expect(page).not.toMatch(/undefined|NaN|\[object|Infinity|null ±/);
    expect(markdown).not.toMatch(/undefined|NaN|\[object|Infinity/);
    expect(markdown).toContain(`## `);
  });

  it('leaves out the panels that do not apply', () => {
    const ids = (input: ReturnType<typeof singleRun>): string[] => { const study = studyOf(input); return CHARTS.filter((c) => c.applies(study)).map((c) => c.id); };
    expect(ids(singleRun())).toEqual(['tail', 'who', 'fairness', 'inside', 'measures']);
    expect(ids(alphaSweep())).toEqual(CHARTS.map((c) => c.id).filter((id) => !['engines', 'split', 'paths', 'programs', 'starvation'].includes(id)));
    expect(ids(invalidRun())).not.toContain('forest');
  });

  it('is the answer “nothing” for a folder without cells', async () => {
    const input = singleRun(), { html: page } = await buildReport({ ...input, summary: { ...input.summary, cells: [] }, replications: [] }, { runtime: null });
    expect(page).toContain('There is nothing to report');
  });

  it('colours at most four settings, the same in every chart', () => {
    for (const make of Object.values(ALL)) { const study = studyOf(make()); expect(study.featured.length).toBeLessThanOrEqual(4); expect(new Set(study.featured.map((s) => s.look.color)).size).toBe(study.featured.length); }
  });
});

describe('the same input', { timeout: 60_000 }, () => {
  it('gives the same bytes, whatever was rendered in between', async () => {
    const first = await buildReport(small(), { runtime: 'x' });
    await buildReport(singleRun(), { runtime: null });
    expect(await buildReport(small(), { runtime: 'x' })).toEqual(first);
  });
  it('does not depend on the order of the replications', async () => {
    const input = small();
    expect(await buildReport({ ...input, replications: [...input.replications].reverse() }, { runtime: null })).toEqual(await buildReport(input, { runtime: null }));
  });
});

describe('the page', { timeout: 60_000 }, () => {
  it('allows its own style and script by hash, and nothing else', async () => {
    const { html: page } = await buildReport(singleRun(), { runtime: 'console.log(1)' }), policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1].replace(/&#39;/g, "'");
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src ${hash(/<style>([\s\S]*?)<\/style>/.exec(page)![1])}`);
    expect(policy).toContain(`script-src ${hash('console.log(1)')}`);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page).not.toMatch(/ style="| on[a-z]+="|<link|<iframe|src="http/);
  });
  it('has no script at all without the runtime', async () => { const { html: page } = await buildReport(singleRun(), { runtime: null }); expect(page).not.toContain('<script'); expect(page).toContain(escapeHtml("script-src 'none'")); });
  it('writes each theme token as a variable, never a bare colour in a drawing', async () => { const { html: page } = await buildReport(small(), { runtime: null }); for (const svg of page.match(/<svg role="img"[\s\S]*?<\/svg>/g)!) expect(svg.replace(/var\(--\w+,#[0-9a-f]{6}\)/g, '')).not.toMatch(/#[0-9a-f]{3,6}/i); });
  it('gives every drawing a label and every figure a description', async () => { const { html: page } = await buildReport(small(), { runtime: null }); expect(page.match(/<svg role="img" aria-label="[^"]{20,}"/g)!.length).toBe(page.match(/<svg role="img"/g)!.length); expect(page.match(/<figure [^>]*aria-describedby="/g)!.length).toBe(page.match(/<figure /g)!.length); });
});

describe('names that look like markup', { timeout: 60_000 }, () => {
  it('stay text in the page', async () => {
    const { html: page } = await buildReport(evilNames(), { runtime: 'x' });
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)!.length).toBe(2);
    expect(page.match(/<\/script>/g)!.length).toBe(2);
    expect(page).not.toMatch(/onerror=alert\(1\)>/);
    expect(page).toContain(escapeHtml(`q${EVIL}`));
  });
  it('stay text in Markdown', async () => {
    const { markdown } = await buildReport(evilNames(), { runtime: null }), outside = markdown.replace(/^(`{3,})sh\n[\s\S]*?\n\1$/m, '').split('\n').filter((line) => !/^- (asked as|digest): `/.test(line)).join('\n');
    expect(outside).not.toMatch(/<img|<script/);
    expect(outside).not.toMatch(/[^\\]\[x\]\(y\)/);
  });
  it('cannot break out of a fence or of inline code', () => { expect(code('a `` b')).toBe('``` a `` b ```'); expect(escapeMarkdown('a|b*c_d`e`<x>')).toBe('a\\|b\\*c\\_d\\`e\\`&lt;x&gt;'); });
  it('cannot end a script element from within its data', () => expect(scriptJson({ a: '</script><!--' }).text).not.toMatch(/<|>/));
  it('are escaped by the template, but its own parts are not twice', () => expect(html`<b title="${'"x"'}">${html`<i>${'<'}</i>`}${[1, 'a&b']}${false}</b>`.text).toBe('<b title="&quot;x&quot;"><i>&lt;</i>1a&amp;b</b>'));
});

describe('rendering', () => {
  const dot = (color: string): ReturnType<typeof framed> => framed(240, { title: 'Title', plot: 50, layers: [layer([{ x: 1, y: 1 }], { type: 'point', color }, { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } })] });
  it('throws on a colour outside the tokens', async () => { await expect(render('c', dot('#123456'), 'label', 240)).rejects.toThrow('not one of the report'); });
  it('throws on a warning of Vega-Lite', async () => { await expect(render('c', { ...dot('#1f5fbf'), layer: [{ data: { values: [{ x: 1 }] }, mark: { type: 'point' }, encoding: { x: { field: 'x', type: 'quantitative' }, nonsense: { field: 'x' } } }] }, 'label', 240)).rejects.toThrow(/nonsense/); });
  it('throws where a panel is not as wide as it should be', async () => { await expect(render('c', dot('#1f5fbf'), 'label', 372)).rejects.toThrow('240 px wide instead of 372'); });
  it('leaves text alone that looks like an attribute', async () => { const { svg } = await render('c', framed(372, { title: 'fill="#123456"', plot: 20, layers: [layer([{ x: 1 }], { type: 'point' , color: '#1f5fbf' }, { x: { field: 'x', type: 'quantitative' } })] }), 'label', 372); expect(svg).toContain('fill="#123456"</text>'); });
  it('knows every token by its light colour', () => { for (const [name, [light]] of Object.entries(TOKENS)) expect(themed(light)).toBe(`var(--${name},${light})`); });
});

describe('live charts', { timeout: 60_000 }, () => {
  it('unpack to what was packed, with parts that repeat kept once', async () => {
    const specs: Record<string, unknown> = {};
    for (const s of await sectionsOf(studyOf(small()))) for (const p of s.panels) { specs[`${p.name}-w`] = p.wide.live; specs[`${p.name}-n`] = p.narrow.live; }
    const library = JSON.parse(JSON.stringify(libraryOf(specs))) as ReturnType<typeof libraryOf>;
    for (const [name, spec] of Object.entries(specs)) expect(unpack(library, name)).toEqual(JSON.parse(JSON.stringify(spec)));
    expect(JSON.stringify(library).length).toBeLessThan(JSON.stringify(specs).length * 0.6);
    expect(unpack(library, 'toString')).toBeUndefined();
  });
  it('name colours by variable, and leave the words of users alone', () => expect(liveSpec({ mark: { fill: '#1f5fbf' }, values: [{ t: '#1f5fbf', color: '#1f5fbf', x: 1.23456789 }] })).toEqual({ mark: { fill: 'var(--c1,#1f5fbf)' }, values: [{ t: '#1f5fbf', color: 'var(--c1,#1f5fbf)', x: 1.23457 }] }));
});

describe('names of settings', () => {
  const named = (params: readonly Record<string, string | number | boolean>[]): string[] => studyOf(experiment({ scenario: 's', question: 'q', swept: Object.keys(params[0]), reps: 1, baseline: 0, headline: ['starved'], cells: params.map((p) => ({ params: p, varied: p, label: JSON.stringify(p) })), make: (_p, r, d) => locoRun(0, r, d) })).settings.map((s) => s.short);
  it('are bare values where one key is swept', () => { expect(named([{ alpha: 0 }, { alpha: 0.5 }])).toEqual(['0', '0.5']); expect(named([{ policy: 'fcfs' }, { policy: 'loco' }])).toEqual(['fcfs', 'loco']); expect(named([{ guard: true }, { guard: false }])).toEqual(['guard on', 'guard off']); });
  it('leave out a key that all but a few cells share', () => expect(named([{ alpha: 0, guard: false }, { alpha: 0.25, guard: false }, { alpha: 0.5, guard: false }, { alpha: 1, guard: false }, { alpha: 0.25, guard: true }])).toEqual(['0', '0.25', '0.5', '1', '0.25 with guard on']));
  it('join several keys', () => expect(named([{ policy: 'fcfs', rate: 1 }, { policy: 'fcfs', rate: 2 }, { policy: 'loco', rate: 1 }, { policy: 'loco', rate: 2 }])).toEqual(['fcfs with rate 1', 'fcfs with rate 2', 'loco with rate 1', 'loco with rate 2']));
  it('show a path by its last part without the ending of code, unless two would be the same', () => { expect(named([{ policy: './a/mine.ts' }, { policy: 'fcfs' }])).toEqual(['mine', 'fcfs']); expect(named([{ trace: './a/mine.csv' }, { trace: './a/other.csv' }])).toEqual(['mine.csv', 'other.csv']); expect(new Set(named([{ policy: './a/mine.ts' }, { policy: './b/mine.ts' }])).size).toBe(2); });
});

describe('text without a canvas', () => {
  it('is cut in its middle to fit', () => { const cut = shorten('a-very-long-name-of-a-policy.ts', 90); expect(cut).toMatch(/^a.*….*ts$/); expect(textWidth(cut)).toBeLessThanOrEqual(90); expect(shorten('short', 90)).toBe('short'); });
  it('is wrapped at spaces, at most to the lines allowed', () => { expect(wrap('one two three four five six', 60, 12, false, 2)).toHaveLength(2); expect(wrap('one', 60)).toEqual(['one']); });
  it('has ticks that cover the data in round steps', () => { expect(ticks(0, 500, 5).values).toEqual([0, 100, 200, 300, 400, 500]); expect(ticks(0.494, 0.722, 5).domain[0]).toBeLessThanOrEqual(0.494); expect(ticks(3, 3).values.length).toBeGreaterThan(1); });
});
