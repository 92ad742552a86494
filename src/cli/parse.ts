// Flags of a verb, parsed by the parser of yargs from the one table. Everything unknown, doubled or missing is a coded error with a hint.
import parser from 'yargs-parser';
import { SchedlabError } from '../errors.ts';
import { nearest } from '../options.ts';
import { FLAGS } from './flags.ts';
import type { Flag, VerbName } from './flags.ts';

export interface Parsed {
  readonly positionals: readonly string[];
  has(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

/** The word as the user typed it: `-x` or `--name`. */
const spelled = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

function unknown(verb: VerbName, name: string, flags: readonly Flag[], args: readonly string[]): SchedlabError {
  const names = flags.filter((flag) => !flag.later).map((flag) => flag.name);
  const typed = args.find((arg) => arg === spelled(name) || arg.startsWith(`${spelled(name)}=`)) ?? args.find((arg) => /^-[^-]/.test(arg) && arg.includes(name)) ?? spelled(name);
  const hint = nearest(name, names);
  const word = typed.replace(/^-+/, '');
  const next = hint && name.length > 1 ? `Did you mean --${hint}?`
    : verb === 'run' || verb === 'sweep' ? `Parameters of a scenario have no dashes: ${/^[A-Za-z][\w.]*=/.test(word) ? word : `${word.split('=')[0] || 'key'}=value`}.` : '';
  return new SchedlabError('ERR_OPTION_UNKNOWN', `unknown flag ${JSON.stringify(typed.split('=')[0])} in ${verb}. ${next}${next ? ' ' : ''}Valid: ${names.map((n) => `--${n}`).join(', ')}.`, { name, hint });
}

/** Whatever stands after a bare -- is positional; a doubled flag comes as a list, so that it can be refused. */
const CONFIGURATION = {
  'boolean-negation': false, 'camel-case-expansion': false, 'dot-notation': false, 'duplicate-arguments-array': true,
  'greedy-arrays': false, 'parse-numbers': false, 'parse-positional-numbers': false, 'strip-aliased': true, 'populate--': false,
};

const isValued = ({ value }: Flag): boolean => value !== undefined;

/** Parses the arguments after the verb. Values stay text; each is read where it is used. */
export function parse(verb: VerbName, args: readonly string[]): Parsed {
  const flags: readonly Flag[] = FLAGS[verb];
  const valued = flags.filter(isValued).map(({ name }) => name);
  const { argv, error } = parser.detailed([...args], {
    string: valued,
    boolean: flags.filter((flag) => !isValued(flag)).map(({ name }) => name),
    narg: Object.fromEntries(valued.map((name) => [name, 1])),
    alias: Object.fromEntries(flags.flatMap(({ name, alias }) => (alias ? [[name, alias]] : []))),
    configuration: CONFIGURATION,
  });
  if (error) throw new SchedlabError('ERR_USAGE', usage(verb, error.message, flags));

  const given = new Map<string, readonly string[] | boolean>();
  for (const [name, value] of Object.entries(argv)) {
    if (name === '_' || name === '$0' || value === undefined) continue;
    const flag = flags.find((f) => f.name === name);
    if (!flag) throw unknown(verb, name, flags, args);
    if (flag.value === undefined) {
      if (Array.isArray(value)) throw new SchedlabError('ERR_USAGE', `--${name} in ${verb} is given twice. Give it once.`, { name });
      given.set(name, value === true);
    } else {
      const texts = (Array.isArray(value) ? value : [value]).map(String);
      if (texts.length > 1 && !flag.many) throw new SchedlabError('ERR_USAGE', `--${name} in ${verb} is given twice (${texts.join(', ')}). Give it once.`, { name });
      given.set(name, texts);
    }
    if (flag.later && given.get(name) !== false) throw new SchedlabError('ERR_NOT_POSSIBLE', `--${name} in ${verb}: ${flag.later}.`, { name });
  }
  return {
    positionals: argv._.map(String),
    has: (name) => given.get(name) !== undefined && given.get(name) !== false,
    text: (name) => { const value = given.get(name); return Array.isArray(value) ? value[0] as string : undefined; },
    list: (name) => { const value = given.get(name); return Array.isArray(value) ? value as string[] : []; },
  };
}

function usage(verb: VerbName, message: string, flags: readonly Flag[]): string {
  const missing = /^Not enough arguments following: (.+)$/.exec(message);
  if (!missing) return `${message.replace(/\.$/, '')} in ${verb}. See schedlab ${verb} --help.`;
  const flag = flags.find((f) => f.name === missing[1] || f.alias === missing[1]);
  return `--${flag?.name ?? missing[1]} in ${verb} needs a value. Write --${flag?.name ?? missing[1]} ${flag?.value ?? 'VALUE'}.`;
}
