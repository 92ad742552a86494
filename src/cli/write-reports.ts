// report.html and report.md into a folder. The report, and the charts behind it, are imported when one is written.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../../sim/experiment/files.ts';
import type { Manifest, ReplicationRecord, SummaryFile } from '../../sim/results.ts';

export interface ReportInput { readonly summary: SummaryFile; readonly manifest: Manifest; readonly replications: readonly ReplicationRecord[] }

/** Builds the report, then makes the folder where it is missing and writes both files; the answer is where they lie. */
export async function writeReports(folder: string, input: ReportInput): Promise<{ readonly html: string; readonly markdown: string }> {
  const { buildReport } = await import('../../reports/index.ts') as { buildReport(input: ReportInput): Promise<{ html: string; markdown: string }> };
  const report = await buildReport(input);
  makeFolder(folder);
  const html = path.join(folder, 'report.html'), markdown = path.join(folder, 'report.md');
  writeFileSync(html, report.html);
  writeFileSync(markdown, report.markdown);
  return { html, markdown };
}
