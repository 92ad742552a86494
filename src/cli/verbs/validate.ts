// `validate`: loads a scenario, checks every parameter and reads its data. Runs nothing, writes nothing.
import type { Io } from '../io.ts';
import { laboratoryOn, makePlan } from '../execute.ts';
import { ask } from '../request.ts';
import { note, warn } from '../say.ts';

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const asked = await ask('validate', args, io);
  for (const text of asked.warnings) warn(io, text);
  const plan = makePlan(asked, await laboratoryOn(asked, io));
  for (const text of asked.notes) note(io, text);
  const data = plan.data.map((file) => ({ path: file.path, format: file.format, rowsRead: file.rowsRead, rowsDropped: file.rowsDropped, sha256: file.sha256 }));
  if (asked.parsed.has('json')) {
    io.stdout.write(`${JSON.stringify({ valid: true, scenario: plan.scenario.name, cells: plan.cells.map(({ id, label, params }) => ({ id, label, params })), data, assumptions: plan.assumptions }, null, 2)}\n`);
    return 0;
  }
  if (asked.parsed.has('quiet')) return 0;
  io.stderr.write(`${asked.scenarioText} is valid: ${plan.scenario.title}\n${plan.cells.length} cell${plan.cells.length === 1 ? '' : 's'} × ${plan.defaultReps} replication${plan.defaultReps === 1 ? '' : 's'}${plan.study === 'steady' ? ', a steady state' : ', until an end'}\n`);
  for (const file of data) io.stderr.write(`data     ${file.path}: ${file.format}, ${file.rowsRead} rows read, ${file.rowsDropped} dropped\n`);
  for (const text of plan.assumptions) io.stderr.write(`assumed: ${text}\n`);
  return 0;
}
