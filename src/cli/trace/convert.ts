// `trace convert`: a trace in another format; says what that format cannot hold.
import path from 'node:path';
import { SchedlabError } from '../../errors.ts';
import { plain } from '../../../reports/numbers.ts';
import { fromHere } from '../../../sim/experiment/machine.ts';
import { convertTrace } from '../../../sim/workload/traces/convert.ts';
import { dropNote } from '../../../sim/workload/traces/tallies.ts';
import { WRITABLE } from '../../../sim/workload/traces/write.ts';
import { checkFile } from '../folders.ts';
import { forReader } from '../io.ts';
import type { Io } from '../io.ts';
import { note, warn } from '../say.ts';
import type { TraceTask } from './task.ts';
import { interrupted, stopper } from './interrupt.ts';

export async function convert({ file, given, parsed }: TraceTask, io: Io): Promise<number> {
  const to = parsed.text('to'), out = parsed.text('out');
  if (to === undefined) throw new SchedlabError('ERR_USAGE', `trace convert needs a format. Write --to ${WRITABLE.join(', --to ')}.`);
  if (out === undefined || out === '') throw new SchedlabError('ERR_USAGE', 'trace convert needs a file to write. Write -o FILE; .gz packs it.');
  const full = path.resolve(io.cwd, out);
  checkFile(full, out, '--out');
  const stop = stopper(io);
  try {
    const done = await convertTrace(fromHere(path.resolve(io.cwd, file)), { to, out: full, isStopped: stop.isStopped, ...(given['format'] === undefined ? {} : { format: given['format'] }) });
    if (done === undefined) return interrupted(io, file);
    for (const drop of done.from.drops) warn(io, `${file}: ${dropNote(drop)}`);
    if (done.losses.length > 0) warn(io, `${to} cannot hold all of this trace; left out: ${done.losses.join(', ')}`);
    for (const text of done.additions) note(io, `${to}: ${text}`);
    if (parsed.has('json')) io.stdout.write(`${JSON.stringify({ from: { path: file, format: done.from.format, sha256: done.from.sha256, rowsRead: done.from.rowsRead, rowsDropped: done.from.rowsDropped, drops: done.from.drops.map(({ what, count, line }) => ({ reason: what, rows: count, firstLine: line })) }, to: { path: out, format: to, rows: done.rows }, leftOut: done.losses, added: done.additions }, null, 2)}\n`);
    if (!parsed.has('quiet')) io.stderr.write(`${forReader(io, `wrote ${out}: ${plain(done.rows)} row${done.rows === 1 ? '' : 's'} as ${to}, from ${done.from.format}`)}\n`);
    return 0;
  } finally { stop.end(); }
}
