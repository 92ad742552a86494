// The accuracy page: its figures are those of the code as it stands, they hold the marks, and its words are computed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { accuracyFigures } from '../../bench/accuracy/figures.ts';
import type { AccuracyFigures } from '../../reports/accuracy/figures.ts';
import { accuracyHtml, accuracyMarkdown } from '../../reports/accuracy/page.ts';
import { publishedErrors } from '../../reports/accuracy/questions.ts';
import { repositoryRoot, sharedFolder } from '../conform/suite.ts';

const DATA = path.join(sharedFolder(), 'data'), page = (name: string): string => readFileSync(path.join(repositoryRoot(), 'reports', name), 'utf8');

const tables = (html: string): readonly string[] => html.match(/<table>[\s\S]*?<\/table>/g) ?? [];

describe.skipIf(!existsSync(path.join(DATA, 'real-runs')))('the accuracy page (skipped where the shared data is absent)', () => {
  let figures: AccuracyFigures;

  test('shows the figures of the code as it stands: run npm run accuracy where they moved', async () => {
    figures = accuracyFigures(DATA);
    expect(accuracyMarkdown(figures)).toBe(page('accuracy.md'));
    // The look of the page may change without its figures.
    expect(tables(await accuracyHtml(figures))).toEqual(tables(page('accuracy.html')));
  }, 240_000);

  test('holds its marks on the real run: means within 2 %, a request\'s E2E within 1 % (median) and 3 % (nine in ten)', () => {
    for (const { measured, simulated } of figures.real.metrics) expect(Math.abs(simulated.mean / measured.mean - 1)).toBeLessThan(0.02);
    const { error } = figures.real.metrics.find(({ metric }) => metric === 'E2E') ?? expect.fail('no E2E');
    expect(error.p50).toBeLessThanOrEqual(0.01);
    expect(error.p90).toBeLessThanOrEqual(0.03);
  });

  test('holds its marks on nine H100 runs: mean absolute error of E2E within 7 %, of TTFT within 10 %', () => {
    const { e2e, ttft } = publishedErrors(figures);
    expect(figures.published.rows).toHaveLength(9);
    expect(e2e).toBeLessThanOrEqual(0.07);
    expect(ttft).toBeLessThanOrEqual(0.1);
  });

  test('says what was fitted on what, and names every preset that no run backs', () => {
    const text = page('accuracy.md');
    for (const heading of ['## What was fitted on what', '## What was never checked', '## What is each rule worth on the real run?', '## Under which load is it off?']) expect(text).toContain(heading);
    for (const name of ['a100-llama-3.1-8b-tp1', 'rtxpro6000-qwen3-32b-tp2', 'h100-llama-3.1-8b-tp1']) expect(text).toContain(name);
  });

  test('tells a sceptic what was chosen on the runs, the outliers first, and that means can cancel', () => {
    const text = page('accuracy.md').replace(/\u00a0/g, ' '), { ttftLeftOut, asynchronous } = figures.published, { ttft } = publishedErrors(figures);
    expect(text).toContain('Furthest off: run 67, TTFT −28.7 %; run 66, E2E −15.0 %; run 64, E2E −10.8 %.');
    for (const words of ['vLLM by itself schedules asynchronously on GPUs', 'replayed under the rules vllm-0.32', 'errors of single requests cancel', 'no evidence against these rules', 'R13b and R19b are off', 'The mark is for the mean of 10 seeds']) expect(text).toContain(words);
    expect(ttftLeftOut).toBeGreaterThan(ttft);
    expect(asynchronous.ttft).toBeGreaterThan(ttft);
  });
});
