// report.html and report.md into a folder. The report, and the charts behind it, are imported when one is written.
import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import { makeFolder, writeWhole } from '../../sim/experiment/files.ts';
import type { Manifest, ReplicationRecord, SummaryFile } from '../../sim/results.ts';

export interface ReportInput { readonly summary: SummaryFile; readonly manifest: Manifest; readonly replications: readonly ReplicationRecord[]; /** Folder of each cell by its id, as a command names it. */ readonly folders?: Readonly<Record<string, string>> }

/** Whole or not at all, through a link to the file that it names. What is no plain file is never replaced. */
function write(file: string, text: string): void {
  const target = existsSync(file) ? realpathSync(file) : file;
  if (existsSync(target) && !statSync(target).isFile()) throw new SchedlabError('ERR_OUTPUT', `cannot write ${JSON.stringify(file)}: it is no plain file. Take it away, or choose another folder with --out DIR.`);
  writeWhole(target, text);
}

/** Builds the report, then makes the folder where it is missing and writes both files; the answer is where they lie. */
export async function writeReports(folder: string, input: ReportInput): Promise<{ readonly html: string; readonly markdown: string }> {
  const { buildReport } = await import('../../reports/index.ts') as { buildReport(input: ReportInput): Promise<{ html: string; markdown: string }> };
  const report = await buildReport(input);
  makeFolder(folder);
  const html = path.join(folder, 'report.html'), markdown = path.join(folder, 'report.md');
  write(html, report.html);
  write(markdown, report.markdown);
  return { html, markdown };
}
