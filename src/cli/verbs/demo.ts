// `demo`: the first minute. The fairness sweep, with a report to read.
import { SchedlabError } from '../../errors.ts';
import { unknownName } from '../../options.ts';
import { execute } from '../execute.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import { ask } from '../request.ts';

const FAIRNESS = ['loco-fairness', 'alpha=0,0.25,0.5,0.75,1', 'guard=off', '--reps', '20'];
const LATER = ['fleet', 'live'];

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('demo', args);
  const [which = 'fairness', ...more] = parsed.positionals;
  if (LATER.includes(which)) throw new SchedlabError('ERR_NOT_POSSIBLE', `the demo "${which}" is not possible yet. Write schedlab demo fairness.`);
  if (which !== 'fairness') throw unknownName('demo', which, ['fairness'], '', 'ERR_USAGE');
  if (more.length > 0) throw new SchedlabError('ERR_USAGE', `demo takes no parameters, received ${JSON.stringify(more[0])}. Write schedlab sweep loco-fairness ${more.join(' ')}.`);
  const values = ['jobs', 'out'].flatMap((name) => { const value = parsed.text(name); return value === undefined ? [] : [`--${name}=${value}`]; });
  const switches = ['json', 'open', 'quiet', 'no-report'].filter((name) => parsed.has(name)).map((name) => `--${name}`);
  return execute(await ask('sweep', [...FAIRNESS, ...values, ...switches], io), io);
}
