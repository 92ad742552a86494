// `explain DIR --call ID`: one stored replication again with a witness, and one call's life in words.
import { SchedlabError } from '../../errors.ts';
import { nearest } from '../../options.ts';
import { witness } from '../../../sim/experiment/life.ts';
import { repeatReplication } from '../../../sim/experiment/run.ts';
import { blameLater } from '../blame.ts';
import { changesOf } from '../changes.ts';
import type { Io } from '../io.ts';
import { lifeText } from '../life-words.ts';
import { parse } from '../parse.ts';
import { note, warn } from '../say.ts';
import { command } from '../shell-words.ts';
import { cellIds, cellName, labelsOf, planStored, readStored, storedCell, storedReplication } from '../stored.ts';

/** Names that a slip is compared with: comparing is not free. */
const MOST_NAMES = 20_000;

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('explain', args), [shown, extra] = parsed.positionals, call = parsed.text('call');
  if (shown === undefined || extra !== undefined) throw new SchedlabError('ERR_USAGE', `explain needs one folder, received ${parsed.positionals.length}. Write schedlab explain results/a --call 17.`);
  if (call === undefined) throw new SchedlabError('ERR_USAGE', `explain does not know which call is meant. Write schedlab explain ${shown} --call ID; ids are those of the lines of --calls.`);
  const stored = readStored(shown, io.cwd), asked = parsed.text('cell'), rep = parsed.text('rep');
  const cell = asked === undefined ? cellIds(stored)[0] : storedCell(stored, asked);
  const own = stored.folder.records.filter((record) => record.cell === cell), record = rep === undefined ? own.reduce((first, one) => (one.replication < first.replication ? one : first)) : storedReplication(stored, cell, rep, 'explain');
  for (const change of changesOf(stored, new Set(Object.values(record.params)))) warn(io, `it is repeated with another than it was recorded with: ${change.text}`);

  const planned = await planStored(stored, [record], 'auto'), seen = witness(planned.plan.cells[0].model, call);
  const plan = { ...planned.plan, cells: [{ ...planned.plan.cells[0], model: seen.model }] };
  const again = await blameLater(planned.asked, repeatReplication(plan, plan.cells[0].id, record.replication, { seed: stored.folder.manifest.seed, watch: seen.watch, decisionLine: seen.decisionLine }, planned.laboratory), planned.laboratory);
  if (again.orderDigest !== record.orderDigest) warn(io, `the replication does not go as it was recorded: what follows is how it goes now. ${command('reproduce', shown)} says what has changed.`);

  const { life, namesakes, names } = seen.found(), place = `replication ${record.replication} of ${cellName(stored, cell)}`;
  if (life === undefined) throw unknownCall(call, names, place);
  if (namesakes > 1) note(io, `${namesakes} calls are named ${call}: this is the first of them`);
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify({ cell, label: labelsOf(stored).get(cell) ?? cell, replication: record.replication, ...life }, null, 2)}\n`);
  else io.stdout.write(`${lifeText(life, place, io.width).join('\n')}\n`);
  return 0;
}

function unknownCall(call: string, names: readonly string[], place: string): SchedlabError {
  if (names.length === 0) return new SchedlabError('ERR_USAGE', `no call arrived in ${place}. Choose another replication with --rep.`);
  const hint = nearest(call, names.slice(0, MOST_NAMES)), first = names.slice(0, 3).join(', ');
  return new SchedlabError('ERR_USAGE', `there is no call ${JSON.stringify(call)} in ${place}. ${hint === undefined ? '' : `Did you mean ${JSON.stringify(hint)}? `}Its ${names.length} calls are named ${names.length > 4 ? `${first}, … ${names[names.length - 1]}` : names.join(', ')}; --calls FILE of run --from lists them.`, { name: call, hint });
}
