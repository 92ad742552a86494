// `validate`: loads a scenario, checks every parameter and reads its data. Runs nothing, writes nothing.
import { forReader } from '../io.ts';
import type { Io } from '../io.ts';
import { laboratoryOn, makePlan } from '../execute.ts';
import { ask } from '../request.ts';
import { strangers } from '../../../sim/experiment/strangers.ts';
import { assumed, dataRead, note, warn } from '../say.ts';
import { settled } from '../strays.ts';

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const asked = await ask('validate', args, io);
  for (const text of asked.warnings) warn(io, text);
  const plan = makePlan(asked, await laboratoryOn(asked, io));
  if (strangers().length > 0) await settled();
  for (const text of asked.notes) note(io, text);
  const data = plan.data.map((file) => ({ path: file.path, format: file.format, rowsRead: file.rowsRead, rowsDropped: file.rowsDropped, notes: file.notes, sha256: file.sha256 }));
  if (asked.parsed.has('json')) {
    io.stdout.write(`${JSON.stringify({ valid: true, scenario: plan.scenario.name, cells: plan.cells.map(({ id, label, params }) => ({ id, label, params })), data, assumptions: plan.assumptions }, null, 2)}\n`);
    return 0;
  }
  if (asked.parsed.has('quiet')) return 0;
  const reps = Number(asked.settings.get('reps')?.value ?? plan.defaultReps);
  const counts = `${plan.cells.length} cell${plan.cells.length === 1 ? '' : 's'} × ${reps} replication${reps === 1 ? '' : 's'}, ${plan.study === 'steady' ? 'a steady state' : 'a window that ends'}`;
  const lines = [`${asked.scenarioText} is valid: ${plan.scenario.title}`, counts, ...plan.data.map(dataRead), ...plan.assumptions.map(assumed), ...(plan.notSimulated.length > 0 ? [`not simulated: ${plan.notSimulated.join(', ')}`] : [])];
  io.stderr.write(`${lines.map((line) => forReader(io, line)).join('\n')}\n`);
  return 0;
}
