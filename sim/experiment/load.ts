// Imports a user's module (.ts, .js, .mjs), on Node 20 too. Works in the main thread and in a worker; each prepares itself.
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SchedlabError } from '../../src/errors.ts';
import type { ScenarioDefinition } from '../scenario.ts';
import { STRIPS_TYPES } from './machine.ts';
import type { ScenarioSource } from './types.ts';

interface Resolved { url: string; format?: string | null; shortCircuit?: boolean }
interface Hooks { resolve(specifier: string, context: unknown, next: (specifier: string, context: unknown) => Resolved): Resolved }
const { registerHooks } = nodeModule as { registerHooks?: (hooks: Hooks) => unknown };

/** What a user's `import … from 'schedlab'` means: the running package, so that a definition is the same instance. */
const PACKAGE: Readonly<Record<string, string>> = {
  'schedlab': new URL('../../src/index.js', import.meta.url).href,
  'schedlab/sim': new URL('../index.js', import.meta.url).href,
};

let prepared = false;
function prepare(): void {
  if (prepared) return;
  prepared = true;
  if (registerHooks && STRIPS_TYPES) {
    // Node 22.18 and later strip types themselves; the format is set because a package.json of type commonjs would refuse the file.
    registerHooks({
      resolve(specifier, context, next) {
        if (Object.hasOwn(PACKAGE, specifier)) return { url: PACKAGE[specifier], format: 'module', shortCircuit: true };
        const found = next(specifier, context);
        return found.url.endsWith('.ts') && !found.url.includes('/node_modules/') ? { ...found, format: 'module-typescript' } : found;
      },
    });
  } else nodeModule.register(new URL('./hooks.js', import.meta.url), { data: PACKAGE });
}

const ENDINGS = ['.ts', '.mts', '.js', '.mjs'];

/** The default export of a user's file. Throws ERR_SCENARIO_FILE: missing, of another kind, or failing while it loads. */
export async function loadModule(path: string, what: string): Promise<unknown> {
  const full = resolve(path);
  if (!ENDINGS.includes(extname(full))) throw new SchedlabError('ERR_SCENARIO_FILE', `${what} ${JSON.stringify(path)} must end in ${ENDINGS.join(', ')}.`, { path });
  if (!existsSync(full)) throw new SchedlabError('ERR_SCENARIO_FILE', `${what} ${JSON.stringify(path)} does not exist (looked for ${full}).`, { path });
  prepare();
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(full).href) as { default?: unknown };
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
    : undefined;
  if (wrong) throw new SchedlabError('ERR_SCENARIO_FILE', `${where} is not a scenario: ${wrong}. Its default export is defineScenario({ name, title, question, params, headline, notSimulated, setup }).`);
  return value as ScenarioDefinition;
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
