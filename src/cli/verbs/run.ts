// `run`: one cell, or one stored replication again. A list of values is a sweep, and is told so with the command.
import { SchedlabError } from '../../errors.ts';
import { execute } from '../execute.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import type { Parsed } from '../parse.ts';
import { ask } from '../request.ts';
import { command } from '../shell-words.ts';

/** Flags that mean nothing without --from. */
const ONLY_FROM = ['cell', 'rep'] as const;

/** True where a stored replication is asked for. Throws ERR_USAGE where half of it is. */
function asksRepeat(parsed: Parsed): boolean {
  if (parsed.has('from')) return true;
  const half = ONLY_FROM.find((name) => parsed.has(name));
  if (half !== undefined) throw new SchedlabError('ERR_USAGE', `--${half} in run belongs to --from. Write schedlab run --from DIR --cell ID --rep K${half === 'rep' ? '; --reps N says how many replications to run' : ''}.`, { name: half });
  return false;
}

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('run', args);
  if (asksRepeat(parsed)) return (await import('../repeat.ts')).repeat(parsed, io);
  const asked = await ask('run', args, io);
  const keys = [...(asked.request.swept ?? []), ...(asked.request.zip ?? [])].map((axis) => axis.key);
  const addons = asked.request.swept?.find((axis) => axis.key === 'addons');
  if (addons && keys.length === 1) {
    const together = `addons=${addons.values.map(String).join('+')}`;
    throw new SchedlabError('ERR_USAGE', `addons in run has several values, which is a sweep. For all of them at once write ${together}; for one after the other write:\n${command('sweep', ...args)}`);
  }
  if (keys.length > 0) throw new SchedlabError('ERR_USAGE', `${keys.join(', ')} in run ${keys.length === 1 ? 'has' : 'have'} several values, which is a sweep. Write:\n${command('sweep', ...args)}`);
  return execute(asked, io);
}
