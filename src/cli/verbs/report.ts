// `report`: report.html and report.md from saved results. Runs nothing.
import path from 'node:path';
import { SchedlabError } from '../../errors.ts';
import { readFolder } from '../../../sim/experiment/folder.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import { warn } from '../say.ts';
import { writeReports } from '../write-reports.ts';

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('report', args);
  const dirs = parsed.positionals;
  if (dirs.length === 0) throw new SchedlabError('ERR_USAGE', 'report needs a folder of results. Write schedlab report results/NAME.');
  if (dirs.length > 1) throw new SchedlabError('ERR_NOT_POSSIBLE', 'a report over several folders is not possible yet. Write one report each, or schedlab compare A B.');
  const folder = readFolder(path.resolve(io.cwd, dirs[0]));
  if (folder.torn > 0) warn(io, `${folder.torn} damaged line${folder.torn === 1 ? '' : 's'} in ${path.join(dirs[0], 'replications.jsonl')} left out`);
  if (!folder.summary) throw new SchedlabError('ERR_RESULTS', `${dirs[0]} holds no summary.json. Finish the run with --resume, then write the report.`);
  const shown = parsed.text('out') ?? dirs[0];
  const out = path.resolve(io.cwd, shown);
  const { html } = await writeReports(out, { summary: folder.summary, manifest: folder.manifest, replications: folder.records });
  if (!parsed.has('quiet')) io.stderr.write(`report   ${path.join(shown, 'report.html')}${parsed.has('open') ? '' : '      open with --open'}\n`);
  if (parsed.has('open')) { const { open } = await import('../open.ts'); await open(html, io); }
  return 0;
}
