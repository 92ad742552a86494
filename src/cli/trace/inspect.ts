// `trace inspect`: what a trace is like, as a table, as JSON, and as a page.
import path from 'node:path';
import { fromHere } from '../../../sim/experiment/machine.ts';
import type { TraceDescription } from '../../../sim/trace-results.ts';
import { describeTrace } from '../../../sim/workload/describe/describe.ts';
import { checkFile } from '../folders.ts';
import type { Io } from '../io.ts';
import { warn } from '../say.ts';
import { command } from '../shell-words.ts';
import type { TraceTask } from './task.ts';
import { descriptionText } from './description-text.ts';
import { interrupted, stopper } from './interrupt.ts';
import { writePage } from './page.ts';

export async function inspect({ file, given, parsed }: TraceTask, io: Io): Promise<number> {
  const page = parsed.text('page');
  if (page !== undefined) checkFile(path.resolve(io.cwd, page), page, '--page');
  const stop = stopper(io);
  let description: TraceDescription | undefined;
  try {
    const described = await describeTrace(fromHere(path.resolve(io.cwd, file)), { isStopped: stop.isStopped, ...(given['format'] === undefined ? {} : { format: given['format'] }) });
    if (described === undefined) return interrupted(io, file);
    description = { ...described.description, file: { ...described.description.file, path: file } };
  } finally { stop.end(); }
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify(description, null, 2)}\n`);
  else if (!parsed.has('quiet')) io.stdout.write(`${descriptionText(description, io.width ?? 100)}\n`);
  for (const { reason, rows, firstLine } of description.file.drops) warn(io, `${file}:${firstLine}: ${reason}; ${rows === 1 ? 'this row is' : `${rows} such rows are`} left out`);
  if (page !== undefined) {
    const { describePage } = await import('../../../reports/trace-page.ts') as { describePage(description: TraceDescription, redo: string): Promise<string> };
    const words = ['trace', 'inspect', file, ...Object.entries(given).map(([key, value]) => `${key}=${value}`), '--page', page];
    await writePage(await describePage(description, command(...words)), page, parsed.has('open'), parsed.has('quiet'), io);
  }
  return 0;
}
