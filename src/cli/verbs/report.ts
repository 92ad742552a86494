// `report`: report.html and report.md from saved results, one report over all folders that are named. Runs nothing.
import path from 'node:path';
import { SchedlabError } from '../../errors.ts';
import { readFolder } from '../../../sim/experiment/folder.ts';
import { uniteFolders } from '../../../sim/experiment/unite.ts';
import type { FinishedFolder } from '../../../sim/experiment/unite.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import { warn } from '../say.ts';
import { writeReports } from '../write-reports.ts';

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('report', args);
  const dirs = parsed.positionals;
  if (dirs.length === 0) throw new SchedlabError('ERR_USAGE', 'report needs a folder of results. Write schedlab report results/NAME.');
  const folders = dirs.map((dir) => finished(dir, io));
  const { summary, manifest, records, notes } = folders.length === 1 ? { ...folders[0], notes: [] } : uniteFolders(folders);
  for (const text of notes) warn(io, text);
  const shown = parsed.text('out') ?? dirs[0];
  // A cell that is in two folders is repeated from the first, as it is shown from there.
  const owners = Object.fromEntries([...folders].reverse().flatMap(({ dir, summary: own }) => own.cells.map(({ id }) => [id, dir])));
  const out = path.resolve(io.cwd, shown);
  const { html } = await writeReports(out, { summary, manifest, replications: records, folders: owners });
  if (!parsed.has('quiet')) io.stderr.write(`report   ${path.join(shown, 'report.html')}${parsed.has('open') ? '' : '      open with --open'}\n`);
  if (parsed.has('open')) { const { open } = await import('../open.ts'); await open(html, io); }
  return 0;
}

/** A folder with its summary, under the name by which it was asked for. */
function finished(dir: string, io: Io): FinishedFolder {
  const { summary, torn, ...folder } = readFolder(path.resolve(io.cwd, dir));
  if (torn > 0) warn(io, `${torn} damaged line${torn === 1 ? '' : 's'} in ${path.join(dir, 'replications.jsonl')} left out`);
  if (folder.records.length === 0) throw new SchedlabError('ERR_RESULTS', `${dir} holds no finished replication. Finish the run with --resume first.`);
  if (!summary) throw new SchedlabError('ERR_RESULTS', `${dir} holds no summary.json. Finish the run with --resume, then write the report.`);
  return { ...folder, dir, summary, torn };
}
