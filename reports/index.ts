// Results in, one self-contained page and its short form out. Pure: the same input gives the same bytes.
import { learnMetric } from '../src/observe/metrics.ts';
import type { ReportInput } from './input.ts';
import { markdownOf } from './markdown.ts';
import { pageHtml } from './page.ts';
import { loadRuntime } from './runtime/load.ts';
import { sectionsOf } from './sections.ts';
import { studyOf } from './study.ts';

export type { ReportInput } from './input.ts';

export interface ReportOptions {
  /** Script that makes the charts live; null: a static page. Without it the bundle made at build time is taken, where there is one. */
  readonly runtime?: string | null;
}

/**
 * Builds report.html and report.md. Reads no file, clock or environment; the date shown is the manifest's.
 * Throws where a chart warns: a fault of the report, never of the results.
 */
export async function buildReport(input: ReportInput, { runtime }: ReportOptions = {}): Promise<{ html: string; markdown: string }> {
  for (const metric of input.manifest.metrics ?? []) learnMetric(metric);
  const study = studyOf(input),
    sections = await sectionsOf(study);
  return {
    html: pageHtml({ study, sections, runtime: runtime === undefined ? await loadRuntime() : runtime }),
    markdown: markdownOf(study, sections),
  };
}
