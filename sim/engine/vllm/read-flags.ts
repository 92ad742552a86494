// Words and a configuration to settings: which flag says what, and where it says so. A flag that nobody knows is an error, never skipped.
import { SchedlabError } from '../../../src/errors.ts';
import { nearest } from '../../../src/options.ts';
import { runsEagerly } from './compilation.ts';
import { ALIASES, CAPTURED, IGNORED, REFUSED, TAKEN, TIMED, type Arity, type TakenFlag } from './flags.ts';

/** What a file says: taken flags with their text, and the names of those that may change step times, and of those that change nothing. */
export interface ServeSettings {
  readonly taken: ReadonlyMap<TakenFlag, string>;
  readonly timed: readonly string[];
  readonly ignored: readonly string[];
  readonly config?: string;
}

const ARITY: ReadonlyMap<string, Arity> = new Map<string, Arity>([
  ...Object.entries(TAKEN), ...Object.entries(REFUSED).map(([name, { arity }]) => [name, arity] as const),
  ...(['switch', 'value', 'many'] as const).flatMap((arity) => [...TIMED[arity], ...IGNORED[arity]].map((name) => [name, arity] as const)), ['config', 'value'],
]);
const MAY_CHANGE_TIMES: ReadonlySet<string> = new Set(Object.values(TIMED).flat());
const isNumber = (word: string): boolean => /^-\d/.test(word);
const isFlag = (word: string | undefined): boolean => word !== undefined && word.startsWith('-') && word !== '-' && !isNumber(word);

class Settings {
  readonly taken = new Map<TakenFlag, string>();
  readonly timed: string[] = [];
  readonly ignored: string[] = [];
  config: string | undefined;
  readonly where: string;

  constructor(where: string) { this.where = where; }

  /** The full name and whether it is the `--no-` form. Throws for a name that no flag has. */
  named(given: string, shown: string): { name: string; off: boolean; part?: string } {
    // JSON-valued flags take their parts as `--compilation-config.level 3`.
    const [, whole, part] = /^([^.]*)(?:\.([\s\S]*))?$/.exec(given) as RegExpExecArray, dashed = whole.replaceAll('_', '-'), name = ALIASES[dashed] ?? dashed;
    if (ARITY.has(name)) return { name, off: false, part };
    const bare = name.replace(/^no-/, '');
    if (bare !== name && ARITY.get(bare) === 'switch') return { name: bare, off: true };
    const hint = nearest(name, [...ARITY.keys()]);
    throw new SchedlabError('ERR_OPTION_UNKNOWN', `unknown vLLM flag ${shown} in ${this.where}.${hint ? ` Did you mean --${hint}?` : ''} Remove it where it changes neither scheduling nor memory.`, { name: given, hint });
  }

  /** `part`: what of a JSON-valued flag the value is. */
  set(name: string, value: string, part?: string): void {
    if (name === 'config') { this.config = value; return; }
    if (Object.hasOwn(TAKEN, name)) { this.taken.set(name as TakenFlag, value); return; }
    const refusal = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
    if (refusal && value !== 'off' && !refusal.allowed.includes(value.toLowerCase())) throw this.#notPossible(name, value, part, refusal.why, refusal.next);
    if (name === 'compilation-config' && runsEagerly(value, part)) throw this.#notPossible(name, value, part, CAPTURED, 'Remove it');
    const list = MAY_CHANGE_TIMES.has(name) && value !== 'off' ? this.timed : this.ignored;
    if (!list.includes(name)) list.push(name);
  }

  #notPossible(name: string, value: string, part: string | undefined, why: string, next: string): SchedlabError {
    const said = `--${name}${part === undefined ? '' : `.${part}`}${value === 'on' ? '' : ` ${value}`}`;
    return new SchedlabError('ERR_NOT_POSSIBLE', `${said} in ${this.where} changes what is simulated: ${why}. ${next}.`, { name, value });
  }
}

/** @throws ERR_OPTION_UNKNOWN for an unknown flag, ERR_NOT_POSSIBLE for one that changes what is modelled, ERR_OPTION_TYPE for a missing value */
export function readWords(words: readonly string[], where: string): ServeSettings {
  const settings = new Settings(where);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!isFlag(word)) {
      if (settings.taken.has('model')) throw new SchedlabError('ERR_USAGE', `${JSON.stringify(word)} in ${where} is neither a flag nor the value of one. Write it after its flag, or quote the value that it belongs to.`, { word });
      settings.set('model', word);
      continue;
    }
    const equals = word.indexOf('='), bare = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, '');
    // `-O3` is one word.
    const short = /^-[Oq][^\s=]/.test(word) ? { name: ALIASES[word[1]], off: false, part: undefined, value: word.slice(2) } : undefined;
    const { name, off, part } = short ?? settings.named(bare, word);
    const inline = short?.value ?? (equals < 0 ? undefined : word.slice(equals + 1)), arity = ARITY.get(name) as Arity;
    if (arity === 'switch') settings.set(name, switchOf(name, inline, off, where));
    else if (inline !== undefined) settings.set(name, inline, part);
    else if (i + 1 >= words.length || isFlag(words[i + 1])) throw new SchedlabError('ERR_OPTION_TYPE', `--${name} in ${where} has no value. Write --${name} VALUE.`, { name });
    else {
      settings.set(name, words[++i], part);
      while (arity === 'many' && i + 1 < words.length && !isFlag(words[i + 1])) i++;
    }
  }
  return { taken: settings.taken, timed: settings.timed, ignored: settings.ignored, ...(settings.config === undefined ? {} : { config: settings.config }) };
}

/** The same from the table of a YAML file. */
export function readConfig(table: Readonly<Record<string, unknown>>, where: string): ServeSettings {
  const settings = new Settings(where);
  for (const [key, value] of Object.entries(table)) {
    if (value === null || value === undefined) continue;
    const { name, off, part } = settings.named(key.replace(/^--/, '').replace(/^model[-_]tag$/, 'model'), key);
    if (ARITY.get(name) === 'switch') settings.set(name, switchOf(name, String(value), off, where));
    else if (name === 'config') throw new SchedlabError('ERR_SCENARIO_FILE', `${where} names another configuration. Write its keys here.`, { file: where });
    else settings.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value), part);
  }
  return { taken: settings.taken, timed: settings.timed, ignored: settings.ignored };
}

/** What stands in `first` holds; `second` fills in. */
export function united(first: ServeSettings, second: ServeSettings): ServeSettings {
  return { taken: new Map([...second.taken, ...first.taken]), timed: [...new Set([...first.timed, ...second.timed])], ignored: [...new Set([...first.ignored, ...second.ignored])] };
}

function switchOf(name: string, value: string | undefined, off: boolean, where: string): 'on' | 'off' {
  if (value !== undefined && !/^(true|false|on|off)$/i.test(value)) throw new SchedlabError('ERR_OPTION_TYPE', `${name} in ${where} accepts true or false, received ${JSON.stringify(value)}.`, { name, value });
  const isOn = value === undefined || /^(true|on)$/i.test(value);
  return isOn !== off ? 'on' : 'off';
}
