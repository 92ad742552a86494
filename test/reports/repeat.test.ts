// Whatever sticks out carries the command that repeats it: which replication that is, how it is written, and where it stands on the page.
import { describe, expect, it } from 'vitest';
import { extremes, oddest, worstRun } from '../../reports/outliers.ts';
import { repeatCommand } from '../../reports/repeat.ts';
import { buildReport, type ReportInput } from '../../reports/index.ts';
import { studyOf } from '../../reports/study.ts';
import { dotMetric } from '../../reports/precision.ts';
import { ask } from '../../reports/asked.ts';
import { curveOf, experiment } from './fixtures.ts';

/** Two settings, eight runs each; run 5 of the second is far off, and `quiet 1` gets nothing in runs 2 and 6 of it. */
const made = (change: Partial<ReportInput> = {}): ReportInput => ({
  ...experiment({
    scenario: 'made', question: 'Who waits?', swept: ['alpha'], reps: 8, baseline: 0, headline: ['wait.mean', 'starved'],
    cells: [{ params: { alpha: 0 }, varied: { alpha: 0 }, label: 'alpha=0' }, { params: { alpha: 1 }, varied: { alpha: 1 }, label: 'alpha=1' }],
    make: (params, k, draw) => {
      const starves = params['alpha'] === 1 && (k === 2 || k === 6), wait = 10 + draw.normal() + (params['alpha'] === 1 && k === 5 ? 40 : 0);
      const agent = (name: string, completed: number, waitAllMeanS: number): { name: string; class: string; arrived: number; completed: number; firstServedS: number | null; waitAllMeanS: number } => ({ name, class: name.split(' ')[0], arrived: 9, completed, firstServedS: completed > 0 ? 1 : null, waitAllMeanS });
      return {
        metrics: { 'wait.mean': wait, 'starved': starves ? 1 : 0 }, waitCurves: { all: curveOf(wait, 100) },
        agents: [agent('busy 1', 9, 5 + k), agent('quiet 1', starves ? 0 : 3, 20 + k)],
        series: { atS: [0, 50, 100], waiting: [0, 5, 9], oldestWaitS: [0, 20, params['alpha'] === 1 ? 60 : 40] },
      };
    },
  }), ...change,
});
const COMMAND = 'npx schedlab run --from results/made-up --cell 0002c0ffee42 --rep';
const rows = (html: string, id: string): string => new RegExp(`<section class="q" id="${id}"[\\s\\S]*?</section>`).exec(html)?.[0] ?? '';

describe('what sticks out', () => {
  const study = studyOf(made()), [first, second] = study.settings, metric = ask('wait.mean')!;
  it('is the replication furthest from the mean of its own setting', () => {
    const found = oddest(study, metric)!;
    expect([found.setting.cell.label, found.replication, found.deviations > 2]).toEqual(['alpha=1', 5, true]);
    expect(extremes(second, metric)?.high).toBe(5);
  });
  it('is the first of equal extremes, and nothing where runs are few or all alike', () => {
    const alike = studyOf({ ...made(), replications: made().replications.map((r) => ({ ...r, metrics: { ...r.metrics, 'wait.mean': 3 } })) });
    expect(extremes(alike.settings[0], metric)).toEqual({ low: 0, high: 0 });
    expect(oddest(alike, metric)).toBeNull();
    expect(oddest(studyOf({ ...made(), replications: made().replications.filter((r) => r.replication < 4) }), metric)).toBeNull();
  });
  it('is the first run that starves an agent, at the setting that does so most; else its longest wait', () => {
    expect(worstRun(study.settings, 'quiet 1')).toMatchObject({ setting: second, replication: 2, starved: true });
    expect(worstRun(study.settings, 'busy 1')).toMatchObject({ setting: first, replication: 7, starved: false, waitS: 12 });
    expect(worstRun(study.settings, 'nobody')).toBeUndefined();
  });
});

describe('the command', () => {
  const study = studyOf(made());
  it('names folder, cell and replication, and what else it writes', () => {
    expect(repeatCommand(study, study.settings[1], 5, '--trace', 'timeline.json')).toBe(`${COMMAND} 5 --trace timeline.json`);
  });
  it('is quoted for a shell', () => {
    const odd = studyOf(made({ folders: { '0002c0ffee42': "results/it's mine" } }));
    expect(repeatCommand(odd, odd.settings[1], 0)).toBe("npx schedlab run --from 'results/it'\\''s mine' --cell 0002c0ffee42 --rep 0");
  });
  it('is none where no folder is known, and none for what was recorded live', () => {
    const { folders: _folders, ...nowhere } = made();
    for (const one of [studyOf(nowhere), studyOf(made({ manifest: { ...made().manifest, target: 'http://127.0.0.1:8000' } }))]) expect(repeatCommand(one, one.settings[1], 0)).toBeNull();
  });
});

describe('the page', () => {
  it('says what sticks out beside each finding, with its command', async () => {
    const { html, markdown } = await buildReport(made(), { runtime: null }), text = html.replaceAll('\u00a0', ' ');
    expect(dotMetric(studyOf(made()))?.text).toBeDefined();
    expect(rows(text, 'trust')).toMatch(new RegExp(`<p class="again">Replication \\d at alpha 1 sticks out the most: .*, [\\d.]+ standard deviations above the mean of its setting\\. Again: <code id="trust-again-0">${COMMAND} \\d</code><button type="button" data-copy="trust-again-0" hidden>Copy</button></p>`));
    expect(rows(text, 'who')).toContain(`<p class="again">Replication 2 at 1 is one in which quiet 1 gets no call through. Again: <code id="who-again-0">${COMMAND} 2</code>`);
    expect(rows(text, 'inside')).toContain(`Every call of this run at alpha 1, as a timeline for ui.perfetto.dev: <code id="inside-again-0">${COMMAND} 0 --trace timeline.json</code>`);
    expect(markdown.replaceAll('\u00a0', ' ')).toContain(`gets no call through. Again: \`${COMMAND} 2\``);
  });
  it('has a command for the lowest and the highest replication of every setting, and for every agent', async () => {
    const { html } = await buildReport(made(), { runtime: null }), cells = (id: string): number => (rows(html, id).match(/<td class="l"><code>npx schedlab run --from results\/made-up --cell \w{12} --rep \d<\/code><\/td>/g) ?? []).length;
    expect([cells('trust'), cells('who')]).toEqual([4, 2]);
    expect(rows(html, 'trust')).toContain('repeat the highest');
    expect(rows(html, 'who')).toContain('repeat a run that starves it, else its longest wait');
  });
  it('has no trace of it where no folder is known', async () => {
    const { folders: _folders, ...nowhere } = made(), { html, markdown } = await buildReport(nowhere, { runtime: null });
    expect(html).not.toMatch(/class="again"|run --from|repeat the/);
    expect(markdown).not.toContain('run --from');
  });
  it('names the window of a trace with the longest waits', async () => {
    const trace = experiment({
      scenario: 'trace-replay', question: 'Who waits?', swept: ['policy'], reps: 1, baseline: 0, headline: ['wait_all.mean'],
      cells: ['fcfs', 'loco'].map((policy) => ({ params: { policy }, varied: { policy }, label: `policy=${policy}` })),
      make: (params) => ({ metrics: { 'wait_all.mean': 5 }, waitCurves: { all: curveOf(5, 60) }, agents: [], batches: { 'wait_all.mean': [1, 2, params['policy'] === 'loco' ? 9 : 3, 2, 1] } }),
    });
    const { html } = await buildReport(trace, { runtime: null });
    expect(rows(html.replaceAll('\u00a0', ' '), 'trust')).toMatch(/Window 3 at .*loco.* has the longest waits, 9 s on average\. Its calls: <code id="trust-again-0">npx schedlab run --from results\/made-up --cell 0002c0ffee42 --rep 0 --calls calls\.jsonl<\/code>/);
  });
});
