// Imports a user's module (.ts, .js, .mjs), on Node 20 too. Works in the main thread and in a worker; each prepares itself.
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SchedlabError } from '../../src/errors.ts';
import { resolveParam, type ParamSpec } from '../../src/options.ts';
import type { ScenarioDefinition } from '../scenario.ts';
import { STRIPS_TYPES } from './machine.ts';
import { partUrl } from './places.ts';
import { holdStrangers, killable } from './strangers.ts';
import type { ScenarioSource } from './types.ts';

interface Resolved { url: string; format?: string | null; shortCircuit?: boolean }
interface Hooks { resolve(specifier: string, context: unknown, next: (specifier: string, context: unknown) => Resolved): Resolved }
const { registerHooks } = nodeModule as { registerHooks?: (hooks: Hooks) => unknown };

/** What a user's `import … from 'schedlab'` means: the running package, so that a definition is the same instance. */
const doors = (): Readonly<Record<string, string>> => ({
  'schedlab': partUrl('src/index').href,
  'schedlab/sim': partUrl('sim/index').href,
  'schedlab/testing': partUrl('sim/testing/index').href,
});

let prepared = false;
/** From now on this thread imports TypeScript as it stands, and finds this package by its name from any folder. Asked again, it does nothing. */
export function prepare(): void {
  if (prepared) return;
  prepared = true;
  const urls = doors();
  if (registerHooks && STRIPS_TYPES) {
    // Node 22.18 and later strip types themselves; the format is set because a package.json of type commonjs would refuse the file.
    registerHooks({
      resolve(specifier, context, next) {
        if (Object.hasOwn(urls, specifier)) return { url: urls[specifier], format: 'module', shortCircuit: true };
        const found = next(specifier, context);
        return found.url.endsWith('.ts') && !found.url.includes('/node_modules/') ? { ...found, format: 'module-typescript' } : found;
      },
    });
  } else nodeModule.register(partUrl('sim/experiment/hooks'), { data: urls });
}

const ENDINGS = ['.ts', '.mts', '.js', '.mjs'];

/** The default export of a user's file. Throws ERR_SCENARIO_FILE: missing, of another kind, or failing while it loads. */
export async function loadModule(path: string, what: string): Promise<unknown> {
  const full = resolve(path);
  if (!ENDINGS.includes(extname(full))) throw new SchedlabError('ERR_SCENARIO_FILE', `${what} ${JSON.stringify(path)} must end in ${ENDINGS.join(', ')}.`, { path });
  if (!existsSync(full)) throw new SchedlabError('ERR_SCENARIO_FILE', `${what} ${JSON.stringify(path)} does not exist (looked for ${full}).`, { path });
  prepare();
  holdStrangers(full);
  let loaded: { default?: unknown };
  try {
    loaded = await killable(() => import(pathToFileURL(full).href) as Promise<{ default?: unknown }>);
  } catch (cause) {
    if (cause instanceof SchedlabError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SchedlabError('ERR_SCENARIO_FILE', `${what} ${JSON.stringify(path)} cannot be loaded: ${reason}. TypeScript files use erasable syntax only (no enum, no parameter properties, no namespaces), \`import type\` for types, and imports with their file ending.`, { path, cause });
  }
  if (loaded.default === undefined) throw new SchedlabError('ERR_SCENARIO_FILE', `${what} ${JSON.stringify(path)} has no default export. End it with: export default ….`, { path });
  return loaded.default;
}

/** Refuses what is not a scenario before its members are used. */
export function checkScenario(value: unknown, where: string): ScenarioDefinition {
  const found = value as Partial<Record<keyof ScenarioDefinition, unknown>> | null;
  const wrong = typeof found !== 'object' || found === null ? 'it is not an object'
    : typeof found.name !== 'string' || found.name === '' ? 'name must be text'
    : typeof found.title !== 'string' ? 'title must be text'
    : typeof found.question !== 'string' && typeof found.question !== 'function' ? 'question must be text or a function of the parameters'
    : typeof found.params !== 'object' || found.params === null ? 'params must be a table of parameters'
    : !isListOfText(found.headline) ? 'headline must be a list of metric names'
    : !isListOfText(found.notSimulated) ? 'notSimulated must be a list of texts'
    : typeof found.setup !== 'function' ? 'setup must be a function'
    : found.thresholds !== undefined && !isListOfText(found.thresholds) ? 'thresholds must be a list of texts'
    : found.assumptions !== undefined && typeof found.assumptions !== 'function' ? 'assumptions must be a function of the parameters'
    : found.defaults !== undefined && (typeof found.defaults !== 'object' || found.defaults === null) ? 'defaults must be a table of values'
    : found.metrics !== undefined && !Array.isArray(found.metrics) ? 'metrics must be a list of metrics'
    : found.reps !== undefined && !(Number.isSafeInteger(found.reps) && (found.reps as number) >= 1) ? 'reps must be a whole number from 1'
    : wrongParam(found.params as Readonly<Record<string, unknown>>);
  if (wrong) throw new SchedlabError('ERR_SCENARIO_FILE', `${where} is not a scenario: ${wrong}. Its default export is defineScenario({ name, title, question, params, headline, notSimulated, setup }).`);
  return value as ScenarioDefinition;
}

const DEFAULTS: Readonly<Record<string, readonly string[]>> = { number: ['number'], numberOrWord: ['number', 'string'], flag: ['boolean'], choice: ['string'], text: ['string'], file: ['string'] };

/** Why the default of a parameter is no value of it. */
function misfit(name: string, spec: ParamSpec): string | undefined {
  try { resolveParam(`the default of the parameter ${name}`, spec, spec.default, ''); return undefined; } catch (error) { return (error as Error).message.replace(' in  accepts', ' accepts').replace(/\.$/, ''); }
}

/** What is wrong with the first parameter that is none. */
export function wrongParam(params: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(params)) {
    const spec = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>, kind = String(spec['kind']);
    if (!Object.hasOwn(DEFAULTS, kind)) return `the parameter ${name} needs a kind: ${Object.keys(DEFAULTS).join(', ')}`;
    if (!DEFAULTS[kind].includes(typeof spec['default'])) return `the default of the parameter ${name} must be a ${DEFAULTS[kind].join(' or a ')}`;
    if (kind === 'choice' && !isListOfText(spec['values'])) return `the parameter ${name} needs its values, a list of texts`;
    if (kind === 'numberOrWord' && !isListOfText(spec['words'])) return `the parameter ${name} needs its words, a list of texts`;
    const outside = kind === 'text' ? undefined : misfit(name, value as ParamSpec);
    if (outside) return outside;
  }
  return undefined;
}

function isListOfText(value: unknown): boolean { return Array.isArray(value) && value.every((item) => typeof item === 'string'); }

/** A scenario from a file. Throws ERR_SCENARIO_FILE. */
export async function loadScenario(path: string): Promise<ScenarioDefinition> {
  return checkScenario(await loadModule(path, 'the scenario file'), `the default export of ${JSON.stringify(path)}`);
}

/** A scenario from wherever the plan found it; how a worker gets what cannot be sent to it. */
export async function fromSource(source: ScenarioSource): Promise<ScenarioDefinition> {
  if (source.kind === 'file') return loadScenario(source.path);
  const table = (await import(source.url) as Record<string, Record<string, unknown> | undefined>)[source.exportName];
  return checkScenario(table?.[source.name], `${source.name} of ${source.exportName}`);
}
