// `compare`: two folders of results, cell by cell, or two cells. Exit code 5 where a rule of --fail-on is broken, or a decision differs.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../../errors.ts';
import { loadMetric, namesFile } from '../../../sim/experiment/definitions.ts';
import { shownName } from '../../../sim/metric.ts';
import { faultOf } from '../load-faults.ts';
import { groupsOf } from '../../../reports/decided.ts';
import { compareFolders } from '../../../sim/experiment/compare.ts';
import { readFolder } from '../../../sim/experiment/folder.ts';
import { listed } from '../../../sim/experiment/notes.ts';
import { compareTable } from '../compare-table.ts';
import { forReader } from '../io.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import { warn } from '../say.ts';
import { only, readStored, splitCell, type Stored } from '../stored.ts';
import { droppedSentence } from '../table.ts';

/** A metric's name; for a file that defines one, the name under which it stands in the results. */
async function namedMetric(text: string, io: Io): Promise<string> {
  if (!namesFile(text)) return text;
  const full = path.resolve(io.cwd, text);
  try { return shownName(await loadMetric(full)); } catch (error) { throw faultOf(error, full, text); }
}

/** A rule with the name in the place of the file: `./late.ts > +5%`. */
async function withName(rule: string, io: Io): Promise<string> {
  const file = /^\s*(\S+?\.m?[jt]s)(?=[\s<>])/.exec(rule)?.[1];
  return file === undefined ? rule : rule.replace(file, await namedMetric(file, io));
}

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('compare', args);
  if (parsed.positionals.length !== 2) throw new SchedlabError('ERR_USAGE', `compare needs two folders, received ${parsed.positionals.length}. Write schedlab compare results/a results/b.`);
  const named = parsed.positionals.map((name) => splitCell(name, (dir) => existsSync(path.resolve(io.cwd, dir))));
  if (parsed.has('first-difference')) {
    const { tellFirstDifference } = await import('../first-difference.ts');
    return tellFirstDifference(parsed.positionals as [string, string], named.map(([dir, cell]) => only(readStored(dir, io.cwd), cell)) as [Stored, Stored], parsed, io);
  }
  if (parsed.has('rep')) throw new SchedlabError('ERR_USAGE', '--rep in compare belongs to --first-difference. Figures are compared over all replications.', { name: 'rep' });
  const [a, b] = named.map(([dir, cell]) => { const folder = readFolder(path.resolve(io.cwd, dir)); return cell === undefined ? folder : only({ folder, shown: dir, cwd: io.cwd }, cell).folder; });
  const metrics = await Promise.all(parsed.list('metric').map((text) => namedMetric(text, io))), failOn = await Promise.all(parsed.list('fail-on').map(async (rule) => withName(rule, io)));
  const result = compareFolders(a, b, { failOn, ...(metrics.length > 0 ? { metrics } : {}) });
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify({ a: parsed.positionals[0], b: parsed.positionals[1], ...result }, null, 2)}\n`);
  if (!parsed.has('quiet')) {
    const found = compareTable(result, io, ['A', 'B', 'B − A']);
    const pairs = result.paired ? 'paired by seed' : 'not paired, the seeds differ: Welch';
    const same = result.commonReplications > 0 && result.equalDigests === result.commonReplications;
    const named = new Map(result.decisions.map((one) => [one.cell, one.name]));
    const decided = groupsOf(result.decisions, (cell) => named.get(cell) ?? cell).map(({ contrasts, text: said }) => `${result.decisions.length === 1 ? 'B against A' : listed(contrasts.map((one) => ({ label: named.get(one.cell) ?? one.cell })))}: ${said}`);
    const sentences = [...decided, droppedSentence(found, io.columns), pairs, same ? `equal in ${result.equalDigests} of ${result.commonReplications} replications, to the byte` : ''].filter((text) => text !== '');
    io.stderr.write(`${[...found.lines, ...sentences.map((text) => forReader(io, text))].join('\n')}\n`);
  }
  for (const text of result.notes) warn(io, text);
  for (const row of result.rows) for (const rule of row.broken) io.stderr.write(`regression: ${rule} in ${row.cell}\n`);
  return result.regression ? 5 : 0;
}
