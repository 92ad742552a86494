// One value for every setting, with where it came from: defaults < scenario file < environment < flags.
import { availableParallelism } from 'node:os';
import { SchedlabError } from '../errors.ts';
import { nearest, resolveParam } from '../options.ts';
import type { ParamSpec, ParamValue } from '../options.ts';
import type { Origin, UntilRule } from '../../sim/experiment/types.ts';
import type { Io } from './io.ts';
import type { Parsed } from './parse.ts';
import type { ScenarioFile } from './yaml-file.ts';

export interface Setting { readonly name: string; readonly value: ParamValue | undefined; readonly origin: Origin; readonly where: string }

interface SettingSpec { readonly spec: ParamSpec; /** Its key in a scenario file, where it may stand there. */ readonly file?: string }

const text = (check?: (value: string) => string | undefined): ParamSpec => ({ kind: 'text', default: '', help: '', ...(check ? { check } : {}) });
const filled = (value: string): string | undefined => (value.trim() === '' ? 'may not be empty' : undefined);

const SETTINGS: Readonly<Record<string, SettingSpec>> = {
  reps: { spec: { kind: 'number', default: 10, min: 1, max: 1_000_000, integer: true, help: '' }, file: 'reps' },
  seed: { spec: text(), file: 'seed' },
  until: { spec: text((value) => (readUntil(value) ? undefined : 'the width is written ci=5%, above 0 % and below 100 %')), file: 'until' },
  'max-reps': { spec: { kind: 'number', default: 50, min: 2, max: 1_000_000, integer: true, help: '' }, file: 'maxReps' },
  baseline: { spec: text(filled), file: 'baseline' },
  jobs: { spec: { kind: 'number', default: 1, min: 1, max: 1024, integer: true, help: '' } },
  out: { spec: text(filled) },
  calls: { spec: text(filled) },
  decisions: { spec: text(filled) },
  trace: { spec: text(filled) },
  'trace-from': { spec: { kind: 'number', default: 0, min: 0, max: 1e9, help: '' } },
  'decisions-sample': { spec: text((value) => (Number(value) > 0 && Number(value) <= 1 ? undefined : 'is a share above 0 and up to 1, such as 0.1')) },
  shell: { spec: { kind: 'choice', default: 'auto', values: ['auto', 'event', 'promise'], help: '' } },
  target: { spec: text(filled) },
};

const ENV = 'SCHEDLAB_';
const ENV_PARAM = 'SCHEDLAB_PARAM_';
/** The key of a live endpoint, which is no setting because nothing may show it; and what the tests and benchmarks of this project read. */
const ENV_OTHERS = new Set(['SCHEDLAB_API_KEY', 'SCHEDLAB_SHARED', 'SCHEDLAB_FUZZ', 'SCHEDLAB_BLIS']);

/** `ci=5%` or `ci=0.05`: half-width of the interval ÷ mean. */
export function readUntil(value: string): UntilRule | undefined {
  const match = /^ci=(\d+\.?\d*|\.\d+)(%?)$/.exec(value);
  if (!match) return undefined;
  const relative = Number(match[1]) / (match[2] ? 100 : 1);
  return relative > 0 && relative < 1 ? { relative } : undefined;
}

const envName = (setting: string): string => ENV + setting.toUpperCase().replaceAll('-', '_');

/** Settles every setting of the table. Throws the coded error of a value that does not fit, with where it stands. */
export function settle(parsed: Parsed, verb: string, io: Io, file: ScenarioFile | undefined): ReadonlyMap<string, Setting> {
  const out = new Map<string, Setting>();
  for (const [name, { spec, file: key }] of Object.entries(SETTINGS)) {
    let setting: Setting = { name, value: undefined, origin: 'default', where: 'default' };
    const take = (value: unknown, origin: Origin, where: string): void => { setting = { name, value: resolveParam(origin === 'flag' ? `--${name}` : name, spec, value, origin === 'scenario' ? where.replace(/^\w+ (?=\()/, 'the file ') : where), origin, where }; };
    const inFile = key === undefined ? undefined : file?.settings[key];
    // Every value given is checked, the overruled ones too: a wrong line does not hide behind a flag.
    if (inFile) take(inFile.value, 'scenario', inFile.where);
    const inEnv = io.env[envName(name)];
    if (inEnv !== undefined && inEnv !== '') take(inEnv, 'environment', envName(name));
    const flag = parsed.text(name);
    if (flag !== undefined) take(flag, 'flag', verb);
    out.set(name, setting);
  }
  return out;
}

/** Workers where none are asked for: one a core. */
export const defaultJobs = (): number => availableParallelism();

/** Parameters that the environment sets: SCHEDLAB_PARAM_ALPHA is alpha; case and underscores do not count. */
export function environmentParams(io: Io, known: readonly string[]): { readonly key: string; readonly value: string; readonly where: string }[] {
  const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
  return Object.keys(io.env).filter((name) => name.startsWith(ENV_PARAM) && name.length > ENV_PARAM.length && io.env[name] !== undefined).sort().map((name) => {
    const word = name.slice(ENV_PARAM.length), value = io.env[name] as string;
    if (value.includes(',')) throw new SchedlabError('ERR_USAGE', `${name} holds a list, and the environment sets one value. Sweep on the command line: ${word.toLowerCase()}=${value}.`, { name });
    return { key: known.find((key) => plain(key) === plain(word)) ?? word, value, where: name };
  });
}

/** Names with our prefix that nobody reads: a slip that would otherwise go unnoticed. */
export function environmentWarnings(io: Io): string[] {
  const known = Object.keys(SETTINGS).map(envName);
  return Object.keys(io.env).filter((name) => name.startsWith(ENV) && !(name.startsWith(ENV_PARAM) && name.length > ENV_PARAM.length) && !known.includes(name) && !ENV_OTHERS.has(name)).sort().map((name) => {
    const hint = nearest(name, known);
    return `the environment variable ${name} means nothing to schedlab.${hint ? ` Did you mean ${hint}?` : ''}`;
  });
}
