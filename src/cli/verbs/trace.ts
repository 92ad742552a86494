// `trace`: describes a trace, converts it, fits laws to it. Which of the three is the second word.
import { SchedlabError } from '../../errors.ts';
import { nearest } from '../../options.ts';
import { parseAssignments } from '../assignments.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import type { TraceTask } from '../trace/task.ts';

interface Part { readonly flags: readonly string[]; readonly keys: readonly string[]; load(): Promise<(task: TraceTask, io: Io) => Promise<number>> }

const PARTS: Readonly<Record<string, Part>> = {
  inspect: { flags: ['page', 'open', 'json', 'quiet'], keys: ['format'], load: async () => (await import('../trace/inspect.ts')).inspect },
  convert: { flags: ['to', 'out', 'json', 'quiet'], keys: ['format'], load: async () => (await import('../trace/convert.ts')).convert },
  fit: { flags: ['out', 'page', 'open', 'json', 'quiet'], keys: ['format', 'gaps', 'prompt', 'output'], load: async () => (await import('../trace/fit.ts')).fit },
};

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('trace', args), [name, file, ...rest] = parsed.positionals, names = Object.keys(PARTS);
  if (name === undefined || !Object.hasOwn(PARTS, name)) {
    const hint = name === undefined ? undefined : nearest(name, names);
    throw new SchedlabError('ERR_USAGE', `${name === undefined ? 'trace needs a word that says what to do' : `unknown word ${JSON.stringify(name)} in trace`}. ${hint ? `Did you mean "${hint}"? ` : ''}Write schedlab trace ${names.join('|')} FILE.`, { name, hint });
  }
  const part = PARTS[name];
  if (file === undefined || /^(format|gaps|prompt|output)=/.test(file)) throw new SchedlabError('ERR_USAGE', `trace ${name} needs a trace. Write schedlab trace ${name} FILE${file === undefined ? '' : ` ${file}`}.`);
  const stray = ['to', 'out', 'page', 'open', 'json', 'quiet'].find((flag) => parsed.has(flag) && !part.flags.includes(flag));
  if (stray !== undefined) throw new SchedlabError('ERR_USAGE', `--${stray} means nothing in trace ${name}. Valid: ${part.flags.map((flag) => `--${flag}`).join(', ')}.`, { name: stray });
  if (parsed.has('open') && !parsed.has('page')) throw new SchedlabError('ERR_USAGE', `--open in trace ${name} opens the page. Write --page FILE too.`);
  const task = { file, given: keysOf(name, part, rest), parsed };
  return (await part.load())(task, io);
}

function keysOf(name: string, { keys }: Part, rest: readonly string[]): Record<string, string> {
  const { fixed, swept } = parseAssignments(rest, [], []), given: Record<string, string> = {};
  if (swept.length > 0) throw new SchedlabError('ERR_USAGE', `${swept[0].key} in trace ${name} has several values. Give one.`);
  for (const [key, value] of Object.entries(fixed)) {
    const hint = nearest(key, keys);
    if (!keys.includes(key)) throw new SchedlabError('ERR_OPTION_UNKNOWN', `unknown key ${JSON.stringify(key)} in trace ${name}. ${hint ? `Did you mean ${JSON.stringify(hint)}? ` : ''}Valid: ${keys.join(', ')}.`, { name: key, hint });
    given[key] = String(value);
  }
  return given;
}
