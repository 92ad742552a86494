// From the SCENARIO argument to a definition: a shipped name, a file of code, or a YAML file that sets up one of these.
import { statSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import { unknownName } from '../options.ts';
import { partUrl } from '../../sim/experiment/places.ts';
import type { ScenarioSource } from '../../sim/experiment/types.ts';
import type { ScenarioDefinition } from '../../sim/scenario.ts';
import { faultOf } from './load-faults.ts';
import { inSource } from './source-place.ts';
import type { ScenarioFile } from './yaml-file.ts';

export interface FoundScenario {
  readonly definition: ScenarioDefinition;
  /** How a worker finds it again. */
  readonly source: ScenarioSource;
  /** What a YAML file adds. */
  readonly file?: ScenarioFile;
  /** Folder that paths in the YAML file start from. */
  readonly folder?: string;
}

const CODE = /\.[mc]?[jt]s$/;
const YAML = /\.ya?ml$/;

/** Looks like a path rather than a name. */
export const isPath = (text: string): boolean => CODE.test(text) || YAML.test(text) || /[/\\]/.test(text);

function mustBeFile(full: string, shown: string): void {
  let stat;
  try { stat = statSync(full); } catch { throw new SchedlabError('ERR_SCENARIO_FILE', `there is no file ${JSON.stringify(shown)}. Check the path, or name a shipped scenario: schedlab list scenarios.`); }
  if (!stat.isFile()) throw new SchedlabError('ERR_SCENARIO_FILE', `${JSON.stringify(shown)} is no file. Name a .ts, .js, .mjs or .yaml file.`);
}

async function shipped(name: string, where: string): Promise<FoundScenario> {
  const { SCENARIOS } = await import('../../scenarios/index.ts') as { SCENARIOS: Readonly<Record<string, ScenarioDefinition>> };
  if (!Object.hasOwn(SCENARIOS, name)) throw unknownName('scenario', name, Object.keys(SCENARIOS), where, 'ERR_SCENARIO_UNKNOWN');
  // Workers load what this thread loaded: from the sources, the build or the bundle.
  const url = partUrl('scenarios/index').href;
  return { definition: SCENARIOS[name], source: { kind: 'module', url, exportName: 'SCENARIOS', name } };
}

async function fromCode(full: string, shown: string): Promise<FoundScenario> {
  mustBeFile(full, shown);
  if (!/\.(ts|mts|js|mjs)$/.test(full)) throw new SchedlabError('ERR_SCENARIO_FILE', `${JSON.stringify(shown)} is no ES module. Name a .ts, .js, .mjs or .yaml file.`);
  const { loadScenario } = await import('../../sim/experiment/load.ts');
  try {
    return { definition: await loadScenario(full), source: { kind: 'file', path: full } };
  } catch (error) {
    throw inSource(faultOf(error, full, shown), full, shown);
  }
}

/** Finds a scenario. Throws ERR_SCENARIO_UNKNOWN with the nearest name, ERR_SCENARIO_FILE with the place. */
export async function findScenario(text: string, cwd: string, verb: string): Promise<FoundScenario> {
  if (text === '') throw new SchedlabError('ERR_USAGE', `the name of the scenario is empty in ${verb}. schedlab list scenarios tells which there are.`);
  if (!isPath(text)) return shipped(text, '');
  const full = path.resolve(cwd, text);
  if (!YAML.test(text)) {
    if (!CODE.test(text)) { mustBeFile(full, text); throw new SchedlabError('ERR_SCENARIO_FILE', `${JSON.stringify(text)} is no scenario file. Name a .ts, .js, .mjs or .yaml file.`); }
    return fromCode(full, text);
  }
  mustBeFile(full, text);
  const { readScenarioFile, withPlace } = await import('./yaml-file.ts');
  const file = readScenarioFile(full, text);
  const named = String(file.scenario.value);
  if (YAML.test(named)) throw withPlace(new SchedlabError('ERR_SCENARIO_FILE', `a scenario file builds on a shipped scenario or on code, not on another YAML file, in ${file.scenario.where}. Name one of: schedlab list scenarios.`), file.places);
  try {
    const folder = path.dirname(full);
    const base = isPath(named) ? await fromCode(path.resolve(folder, named), named) : await shipped(named, file.scenario.where);
    return { ...base, file, folder };
  } catch (error) {
    throw (await import('./yaml-place.ts')).inYaml(withPlace(error, file.places), { file, folder: path.dirname(full) }, { has: () => false });
  }
}
