// One cell made real: parameters resolved, data read, model set up, identity computed. The main thread and every worker do the same.
import { readFileSync } from 'node:fs';
import { SchedlabError } from '../../src/errors.ts';
import type { ParamValues } from '../../src/options.ts';
import { isKnown, knowledgeAsked } from '../../src/policies/policy.ts';
import type { CodeFile, DataFile } from '../results.ts';
import { withAddons } from '../addons.ts';
import type { LoadedData, Model, ScenarioDefinition } from '../scenario.ts';
import { cellId, sha256Hex } from './digest.ts';
import { fromHere } from './machine.ts';
import { checkModel } from './model-check.ts';
import type { Given } from './parameters.ts';
import { resolveCell } from './parameters.ts';
import type { GivenValue, Laboratory, ScenarioSource } from './types.ts';

export interface BuiltCell { readonly id: string; readonly params: ParamValues; readonly model: Model; readonly data: readonly DataFile[] }

/** The code behind a cell: the version of this package and, for a user's file, its checksum. Modules that the file imports are not covered. */
export interface CodeIdentity { readonly version: string; readonly file: string | undefined }

export function codeIdentity(version: string, source: ScenarioSource | undefined): CodeIdentity {
  return { version, file: source?.kind === 'file' ? sha256Hex(readFileSync(source.path)) : undefined };
}

/** The user's own files behind a plan, the scenario first. */
export function codeFiles(code: CodeIdentity, source: ScenarioSource | undefined, laboratory: Laboratory): CodeFile[] {
  const registered = Object.entries(laboratory.files ?? {}).map(([path, sha256]): CodeFile => ({ what: Object.hasOwn(laboratory.policies, path) ? 'policy' : Object.hasOwn(laboratory.metrics ?? {}, path) ? 'metric' : 'balancer', path, sha256 }));
  return [...(source?.kind === 'file' && code.file !== undefined ? [{ what: 'scenario' as const, path: fromHere(source.path), sha256: code.file }] : []), ...registered];
}


/** Reads every data file once, however many cells ask for it. */
export type DataReader = (path: string, own: ParamValues) => LoadedData;

/** A reader that remembers; files are told apart by path and by the other parameters that say how to read them. */
export function rememberingReader(laboratory: Laboratory): DataReader {
  const known = new Map<string, LoadedData>();
  return (path, own) => {
    const key = JSON.stringify([path, own['format'] ?? '']);
    let data = known.get(key);
    if (!data) known.set(key, data = laboratory.readData(path, own));
    return data;
  };
}

/** Builds a cell. Throws the coded error of whatever does not fit: parameters, data, knowledge, or what the scenario itself refuses. */
export function buildCell(scenario: ScenarioDefinition, given: Given, laboratory: Laboratory, read: DataReader, code: CodeIdentity): BuiltCell {
  const parts = resolveCell(scenario, given, laboratory);
  const data: Record<string, LoadedData> = {}, checksums: Record<string, string> = {};
  const identity: Record<string, unknown> = { ...parts.params };
  for (const [name, spec] of Object.entries(scenario.params)) {
    const path = parts.own[name];
    if (spec.kind !== 'file' || typeof path !== 'string' || path === '') continue;
    data[name] = read(path, parts.own);
    checksums[name] = data[name].file.sha256;
    // Where a file lies must not change a cell's identity, what is in it must.
    delete identity[name];
  }
  for (const key of ['policy', 'balancer']) {
    const file = laboratory.files?.[String(parts.params[key])];
    if (file !== undefined) { checksums[key] = file; delete identity[key]; }
  }
  const served = laboratory.engines?.[String(parts.params['engine'])];
  if (served !== undefined) {
    checksums['engine'] = sha256Hex(JSON.stringify([served.config, served.cost, served.overhead]));
    delete identity['engine'];
  }
  const made: unknown = scenario.setup({ params: parts.own, policy: parts.policy, policyOptions: parts.policyOptions, balancer: parts.balancer, balancerOptions: parts.balancerOptions, data, ...(laboratory.engines ? { engines: laboratory.engines } : {}) });
  // What ships is tested; what a user wrote is checked.
  const model = withAddons(code.file === undefined ? made as Model : checkModel(made, scenario.name), parts.addons);
  refuseKnowledge(model, scenario);
  return { id: cellId(scenario.name, identity, { ...checksums, ...(code.file ? { 'scenario file': code.file } : {}) }, code.version), params: parts.params, model, data: Object.values(data).map((loaded) => loaded.file) };
}

function refuseKnowledge(model: Model, { name: scenario, params }: ScenarioDefinition): void {
  const declared = model.knowledge ?? 'none', needed = knowledgeAsked(model.policy, model.policyOptions);
  if (isKnown(needed, declared)) return;
  throw new SchedlabError('ERR_KNOWLEDGE', `policy ${model.policy.name} asks to know "${needed}", and ${scenario} declares "${declared}". ${Object.hasOwn(params, 'knowledge') ? `Declare it: knowledge=${needed}, or choose a policy that needs less.` : 'Choose a policy that needs less, or a scenario that declares more.'}`, { needed, declared });
}

/** Resolved parameters as given values again: what crosses to a worker is plain data. */
export function asGiven(params: ParamValues): Given {
  const out: Record<string, GivenValue> = {};
  for (const [key, value] of Object.entries(params)) out[key] = { value, origin: 'flag', where: 'the plan' };
  return out;
}
