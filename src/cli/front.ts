// The front door in a process: arguments and an Io in, an exit code out. Picks the verb, says every error, throws nothing.
import { SchedlabError } from '../errors.ts';
import { nearest } from '../options.ts';
import type { VerbName } from './flags.ts';
import { COLUMNS, overview, verbHelp } from './help.ts';
import type { Io } from './io.ts';
import { LOADERS } from './loaders.ts';
import { sayError } from './say.ts';
import { LATER_VERBS, VERBS, verbNames } from './verbs.ts';
import { version } from './version.ts';

/** Verbs whose first word is a scenario: with it, help tells its parameters. */
const TAKE_SCENARIO: readonly VerbName[] = ['run', 'sweep', 'validate'];

const isVerb = (name: string): name is VerbName => Object.hasOwn(VERBS, name);

function unknownVerb(name: string): SchedlabError {
  const names = verbNames();
  const valid = `Valid: ${[...names].sort().join(', ')}.`;
  if (LATER_VERBS.includes(name)) return new SchedlabError('ERR_NOT_POSSIBLE', `the verb "${name}" is not possible yet in schedlab ${version()}. ${valid}`, { name });
  if (name.startsWith('-')) return new SchedlabError('ERR_USAGE', `${JSON.stringify(name)} stands where a verb is expected. Write the verb first: schedlab <verb> …. ${valid}`, { name });
  const hint = nearest(name, names);
  return new SchedlabError('ERR_USAGE', `unknown verb ${JSON.stringify(name)}. ${hint ? `Did you mean "${hint}"? ` : ''}${valid}`, { name, hint });
}

/** True where help is asked for: before a bare `--`, which ends the flags. */
function asksHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  if (name === '--version' || name === '-V') { io.stdout.write(`${version()}\n`); return 0; }
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && args.length === 0)) { io.stdout.write(overview(io.width)); return 0; }
  const verb = name === 'help' ? args[0] : name;
  if (!isVerb(verb)) throw unknownVerb(verb);
  if (name === 'help' || asksHelp(args)) {
    const scenario = TAKE_SCENARIO.includes(verb) ? (name === 'help' ? args.slice(1) : args).find((arg) => !arg.startsWith('-')) : undefined;
    const own = scenario === undefined ? undefined : await (await import('./parameter-help.ts')).parameterHelp(scenario, io.cwd, io.width ?? COLUMNS);
    io.stdout.write(verbHelp(verb, io.width) + (own === undefined ? '' : `\n${own}`));
    return 0;
  }
  const loaded = await LOADERS[verb]();
  return loaded.verb(args, io);
}

/**
 * Runs one command. Exit codes: 0 done, 1 a bug, 2 usage or configuration, 3 an invalid run, 4 a threshold failed,
 * 5 a difference, 130 interrupted. `argv` is without node and script.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    return sayError(error, io);
  }
}
