// `run`: one cell. A list of values is a sweep, and is told so with the command.
import { SchedlabError } from '../../errors.ts';
import { execute } from '../execute.ts';
import type { Io } from '../io.ts';
import { ask } from '../request.ts';
import { command } from '../shell-words.ts';

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const asked = await ask('run', args, io);
  const keys = [...(asked.request.swept ?? []), ...(asked.request.zip ?? [])].map((axis) => axis.key);
  if (keys.length > 0) throw new SchedlabError('ERR_USAGE', `${keys.join(', ')} in run ${keys.length === 1 ? 'has' : 'have'} several values, which is a sweep. Write:\n${command('sweep', ...args)}`);
  return execute(asked, io);
}
