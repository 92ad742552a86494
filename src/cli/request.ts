// From a command line to what an experiment is asked: scenario, parameters, sweep and settings, each with its origin.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import type { ParamTable } from '../options.ts';
import { BALANCERS } from '../balancers/registry.ts';
import { POLICIES } from '../policies/registry.ts';
import { addonTables } from '../../sim/experiment/addons.ts';
import { namesFile } from '../../sim/experiment/definitions.ts';
import { fromHere } from '../../sim/experiment/machine.ts';
import type { ExperimentRequest, GivenValue, SweptKey } from '../../sim/experiment/types.ts';
import { checkGrid, checkZip, parseAssignments } from './assignments.ts';
import type { Assignments } from './assignments.ts';
import { findScenario } from './find-scenario.ts';
import type { FoundScenario } from './find-scenario.ts';
import type { Io } from './io.ts';
import { parse } from './parse.ts';
import type { Parsed } from './parse.ts';
import type { VerbName } from './flags.ts';
import { environmentParams, environmentWarnings, settle } from './settings.ts';
import type { Setting } from './settings.ts';
import { version } from './version.ts';
import type { Place } from './say.ts';

/** All that a command asked for, checked as far as words go; nothing is read but the scenario. */
export interface Asked {
  readonly verb: VerbName;
  /** Arguments after the verb, as typed. */
  readonly args: readonly string[];
  readonly parsed: Parsed;
  readonly scenarioText: string;
  readonly found: FoundScenario;
  readonly request: ExperimentRequest;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Places in the scenario file, for errors that name one. */
  readonly places: readonly Place[];
}

/** Reads the arguments of run, sweep or validate. Throws coded errors with exit code 2. */
export async function ask(verb: VerbName, args: readonly string[], io: Io): Promise<Asked> {
  const parsed = parse(verb, args);
  const [scenarioText, ...tokens] = parsed.positionals;
  if (scenarioText === undefined) throw new SchedlabError('ERR_USAGE', `${verb} needs a scenario. Write schedlab ${verb} SCENARIO, such as schedlab ${verb} loco-fairness; schedlab list scenarios tells which there are.`);
  if (/^[A-Za-z][\w.-]*=/.test(scenarioText)) throw new SchedlabError('ERR_USAGE', `${JSON.stringify(scenarioText)} stands where ${verb} expects a scenario. Write schedlab ${verb} SCENARIO ${scenarioText}.`);
  const assignments = parseAssignments(tokens, parsed.list('zip'), parsed.list('also'));
  const found = await findScenario(scenarioText, io.cwd, verb);
  try {
    const settings = settle(parsed, verb, io, found.file);
    const ofFile = (found.file?.metrics ?? []).map((metric) => codeFrom(found, metric, io)), metrics = [...new Set([...parsed.list('metric').map((metric) => codeFrom(undefined, metric, io)), ...ofFile])];
    const request = { ...requestOf(verb, found, assignments, settings, io), named: scenarioText, ...(metrics.length > 0 ? { metrics, metricsOfFile: ofFile } : {}) };
    checkGrid(request.swept ?? [], request.zip ?? []);
    return { verb, args, parsed, scenarioText, found, request, settings, notes: assignments.notes, warnings: environmentWarnings(io), places: found.file?.places ?? [] };
  } catch (error) {
    throw found.file === undefined ? error : (await import('./yaml-place.ts')).inYaml(error, found, parsed);
  }
}

function requestOf(verb: VerbName, found: FoundScenario, assignments: Assignments, settings: ReadonlyMap<string, Setting>, io: Io): ExperimentRequest {
  const { definition, file } = found;
  const given: Record<string, GivenValue> = {};
  for (const [key, { value, where }] of Object.entries(file?.params ?? {})) given[key] = { value: pathFrom(found, key, value, io), origin: 'scenario', where };
  // What the environment or the command fixes or sweeps is no longer the file's to sweep.
  const overruled = new Set<string>();
  for (const { key, value, where } of environmentParams(io, knownKeys(found))) { given[key] = { value, origin: 'environment', where }; overruled.add(key); }
  for (const [key, value] of Object.entries(assignments.fixed)) { given[key] = { value, origin: 'flag', where: verb }; overruled.add(key); }
  const typed = (axis: { key: string; values: readonly string[]; text: string }): SweptKey => ({ ...axis, where: verb });
  for (const { key } of [...assignments.swept, ...assignments.zip]) { delete given[key]; overruled.add(key); }
  for (const { key, where } of [...(file?.sweep ?? []), ...(file?.zip ?? [])]) {
    if (file && Object.hasOwn(file.params, key)) throw new SchedlabError('ERR_OPTION_CONFLICT', `${key} stands in params and again in ${where}. Keep one of the two.`, { name: key });
  }
  const ofFile = (axis: SweptKey): SweptKey => ({ ...axis, values: axis.values.map((value) => pathFrom(found, axis.key, value, io)) });
  const zip = assignments.zip.length > 0 ? assignments.zip.map(typed) : (file?.zip ?? []).map(ofFile);
  if (assignments.zip.length === 0) {
    const half = zip.find(({ key }) => overruled.has(key));
    if (half) throw new SchedlabError('ERR_OPTION_CONFLICT', `${half.key} is set outside and zipped in ${half.where}. Keep one of the two.`, { name: half.key });
  }
  checkZip(zip);
  // What the scenario compares of itself, where nobody else says anything of the key.
  const settled = new Set([...overruled, ...Object.keys(given), ...(file?.sweep ?? []).map(({ key }) => key), ...zip.map(({ key }) => key)]);
  const usual = Object.entries(verb === 'sweep' ? definition.sweep ?? {} : {}).filter(([key]) => !settled.has(key)).map(([key, values]): SweptKey => ({ key, values, where: `the scenario ${definition.name}` }));
  const swept = [...usual, ...(file?.sweep ?? []).filter(({ key }) => !overruled.has(key)).map(ofFile), ...assignments.swept.map(typed)];
  const baseline = settings.get('baseline')?.value;
  return {
    scenario: definition, source: found.source, version: version(), given,
    ...(swept.length > 0 ? { swept } : {}),
    ...(zip.length > 0 ? { zip } : {}),
    also: [...(file?.also ?? []), ...assignments.also],
    ...(baseline !== undefined ? { baseline: String(baseline) } : {}),
    ...(file && file.thresholds.length > 0 ? { thresholds: file.thresholds } : {}),
  };
}

/** Every key that some policy, some balancer or the scenario has: the names that an environment variable may mean. */
function knownKeys(found: FoundScenario): string[] {
  const tables: ParamTable[] = [found.definition.params, ...Object.values(POLICIES).map((p) => p.params), ...Object.values(BALANCERS).map((b) => b.params), ...addonTables()];
  return [...new Set(tables.flatMap((table) => Object.keys(table)))];
}

/** A relative path in a scenario file starts at that file, where something lies there; else, as on the command line, at the working folder. */
function pathFrom(found: FoundScenario, key: string, value: unknown, io: Io): unknown {
  const table = found.definition.params, isCode = (key === 'policy' || key === 'balancer') && namesFile(value);
  if (typeof value !== 'string' || value === '' || !Object.hasOwn(table, key) || (table[key].kind !== 'file' && !isCode) || path.isAbsolute(value)) return value;
  return placed(found, value, io);
}

/** A metric's name as it stands; a file that defines one, as this process finds it. */
function codeFrom(found: FoundScenario | undefined, metric: string, io: Io): string {
  const isTyped = found === undefined && path.resolve(io.cwd, metric) === path.resolve(metric);
  return isTyped || !namesFile(metric) || path.isAbsolute(metric) ? metric : placed(found, metric, io);
}

function placed(found: FoundScenario | undefined, value: string, io: Io): string {
  const beside = found?.folder === undefined ? undefined : path.resolve(found.folder, value);
  return fromHere(beside !== undefined && existsSync(beside) ? beside : path.resolve(io.cwd, value));
}
