// Policies, balancers and metrics from files of the user: `policy=./mine.ts`. They join the registries under the text that names them.
import { readFileSync } from 'node:fs';
import { CallTable } from '../../src/dispatch/calls.ts';
import { SchedlabError } from '../../src/errors.ts';
import type { BalancerDefinition } from '../../src/balancers/balancer.ts';
import type { KnowledgeLevel, PolicyDefinition } from '../../src/policies/policy.ts';
import { sha256Hex } from './digest.ts';
import { checkScenario, loadModule, wrongParam } from './load.ts';
import { METRIC_UNITS, isTaken, learnMetric } from '../../src/observe/metrics.ts';
import { entryOf, type OwnMetric } from '../metric.ts';
import type { ScenarioDefinition } from '../scenario.ts';
import type { ExperimentRequest, Laboratory } from './types.ts';

/** A value that names a file rather than an entry of a registry. */
export function namesFile(value: unknown): value is string { return typeof value === 'string' && /\.m?[jt]s$/.test(value); }

const POLICY_MEMBERS = { name: 'string', title: 'string', source: 'string', params: 'object', knowledge: 'string', create: 'function' } as const;
const BALANCER_MEMBERS = { name: 'string', title: 'string', source: 'string', params: 'object', create: 'function' } as const;

const POLICY_METHODS = ['arrive', 'grant', 'finish', 'cancel', 'first', 'walk'];
const BALANCER_METHODS = ['pick'];

/** The definition, held to create something with these methods: what lacks one fails far from the file that is at fault. */
function creating<T extends { create(context: never): object }>(what: string, path: string, definition: T, methods: readonly string[]): T {
  const create = (context: never): object => {
    const made = definition.create(context) as Readonly<Record<string, unknown>> | null | undefined;
    const missing = methods.filter((name) => typeof made?.[name] !== 'function');
    if (missing.length > 0) throw new SchedlabError('ERR_SCENARIO_FILE', `create of the ${what} ${JSON.stringify(path)} answers no ${what}: ${missing.join(', ')} ${missing.length === 1 ? 'is no function' : 'are no functions'}. A ${what} has ${methods.join(', ')}.`, { path });
    return made as object;
  };
  return { ...definition, create };
}

const KNOWLEDGE: readonly unknown[] = ['none', 'estimate', 'oracle'] satisfies KnowledgeLevel[];

async function load<T>(what: string, path: string, members: Readonly<Record<string, string>>): Promise<T> {
  return held(what, path, members, await loadModule(path, `the ${what} file`));
}

/** The default export of a file, held to the shape of what it is used as. Throws ERR_SCENARIO_FILE. */
function held<T>(what: string, path: string, members: Readonly<Record<string, string>>, value: unknown): T {
  const found = value as Readonly<Record<string, unknown>> | null;
  const wrong = typeof found !== 'object' || found === null ? 'it is not an object' : Object.entries(members).filter(([name, type]) => typeof found[name] !== type || found[name] === null).map(([name, type]) => `${name} must be ${type === 'string' ? 'text' : type === 'object' ? 'a table' : `a ${type}`}`)[0]
    ?? ('knowledge' in members && !KNOWLEDGE.includes(found['knowledge']) ? `knowledge must be none, estimate or oracle` : undefined) ?? wrongParam(found['params'] as Readonly<Record<string, unknown>>);
  if (wrong) throw new SchedlabError('ERR_SCENARIO_FILE', `the default export of ${JSON.stringify(path)} is no ${what}: ${wrong}. It has ${Object.keys(members).join(', ')}.`, { path });
  return found as T;
}

/** Checks that a definition is a metric of a user's. Throws ERR_SCENARIO_FILE. */
export function checkMetric(value: unknown, where: string): OwnMetric {
  const found = value as Partial<Record<keyof OwnMetric, unknown>> | null, text = (key: keyof OwnMetric): boolean => typeof found?.[key] === 'string' && found[key] !== '';
  const missing = typeof found !== 'object' || found === null ? 'it is not an object'
    : ['name', 'title', 'population'].filter((key) => !text(key as keyof OwnMetric)).map((key) => `${key} must be text`)[0]
    ?? (!/^[a-z]\w*(\.[a-z]\w*)*$/i.test(String(found.name)) ? `its name ${JSON.stringify(found.name)} must be letters, digits and _, such as late_share` : undefined)
    ?? (isTaken(String(found.name)) ? `the name ${JSON.stringify(found.name)} is taken: the dictionary has it, or it reads as a statistic` : undefined)
    ?? (!(METRIC_UNITS as readonly unknown[]).includes(found.unit) ? `unit must be one of ${METRIC_UNITS.join(', ')}` : undefined)
    ?? (!['lower', 'higher', 'neither'].includes(String(found.better)) ? 'better must be lower, higher or neither' : undefined)
    ?? (found.distribution !== undefined && typeof found.distribution !== 'boolean' ? 'distribution must be true or false' : undefined)
    ?? (typeof found.measure !== 'function' ? 'measure must be a function' : undefined);
  if (missing) throw new SchedlabError('ERR_SCENARIO_FILE', `${where} is no metric: ${missing}. It is defineMetric({ name, title, unit, better, population, measure }).`);
  return value as OwnMetric;
}

/** A metric from a file of the user's. Throws ERR_SCENARIO_FILE. */
export async function loadMetric(path: string): Promise<OwnMetric> { return checkMetric(await loadModule(path, 'the metric file'), `the default export of ${JSON.stringify(path)}`); }

/** What values name files of the user's: policies and balancers of cells, metrics of a request. */
export interface NamedFiles { readonly policies: Iterable<unknown>; readonly balancers: Iterable<unknown>; readonly metrics?: Iterable<unknown> }

/**
 * The laboratory with every policy, balancer and metric that these values name by file, and with the metrics that the scenario brings. Answers
 * the same laboratory where there is none. The metrics join the dictionary. Throws ERR_SCENARIO_FILE: missing, not loadable, or of another shape.
 */
export async function withFiles(laboratory: Laboratory, values: NamedFiles, scenario?: ScenarioDefinition): Promise<Laboratory> {
  const policies: Record<string, PolicyDefinition> = {}, balancers: Record<string, BalancerDefinition> = {}, metrics: Record<string, OwnMetric> = {}, files: Record<string, string> = {};
  const each = async (paths: Iterable<unknown>, take: (path: string) => Promise<void>): Promise<void> => { for (const path of new Set(paths)) if (namesFile(path)) { await take(path); files[path] = sha256Hex(readFileSync(path)); } };
  await each(values.policies, async (path) => { policies[path] = creating('policy', path, await load<PolicyDefinition>('policy', path, POLICY_MEMBERS), POLICY_METHODS); });
  await each(values.balancers, async (path) => { balancers[path] = creating('balancer', path, await load<BalancerDefinition>('balancer', path, BALANCER_MEMBERS), BALANCER_METHODS); });
  scenario?.metrics?.forEach((metric, i) => { checkMetric(metric, `metric ${i + 1} of ${scenario.name}`); metrics[metric.name] = metric; });
  await each(values.metrics ?? [], async (path) => {
    const metric = await loadMetric(path), other = Object.entries(metrics).find(([, one]) => one.name === metric.name);
    if (other) throw new SchedlabError('ERR_OPTION_CONFLICT', `two metrics are called ${metric.name}: ${other[0] === metric.name ? `that of ${scenario?.name ?? 'the scenario'}` : other[0]} and ${path}. Give one of them another name.`, { path });
    metrics[path] = metric;
  });
  for (const metric of Object.values(metrics)) learnMetric(entryOf(metric));
  if (Object.keys(files).length === 0 && Object.keys(metrics).length === 0) return laboratory;
  return { ...laboratory, policies: { ...laboratory.policies, ...policies }, balancers: { ...laboratory.balancers, ...balancers }, metrics: { ...laboratory.metrics, ...metrics }, files: { ...laboratory.files, ...files } };
}

/** A definition found in a file, with what it is. */
export type Found = { readonly kind: 'metric'; readonly definition: OwnMetric } | { readonly kind: 'scenario'; readonly definition: ScenarioDefinition } | { readonly kind: 'policy'; readonly definition: PolicyDefinition } | { readonly kind: 'balancer'; readonly definition: BalancerDefinition };

/** What a file defines, told apart by what it declares and creates. Throws ERR_SCENARIO_FILE. */
export async function findDefinition(path: string): Promise<Found> {
  const value = await loadModule(path, 'the file');
  if (typeof value === 'object' && value !== null && 'setup' in value) return { kind: 'scenario', definition: checkScenario(value, `the default export of ${JSON.stringify(path)}`) };
  if (typeof value === 'object' && value !== null && 'measure' in value) return { kind: 'metric', definition: checkMetric(value, `the default export of ${JSON.stringify(path)}`) };
  if (typeof value !== 'object' || value === null || !('create' in value)) throw new SchedlabError('ERR_SCENARIO_FILE', `the default export of ${JSON.stringify(path)} is no policy, balancer, metric or scenario. End the file with: export default definePolicy({…}), defineBalancer, defineMetric or defineScenario.`, { path });
  return isBalancer(value as Readonly<Record<string, unknown>>) ? { kind: 'balancer', definition: creating('balancer', path, held<BalancerDefinition>('balancer', path, BALANCER_MEMBERS, value), BALANCER_METHODS) }
    : { kind: 'policy', definition: creating('policy', path, held<PolicyDefinition>('policy', path, POLICY_MEMBERS, value), POLICY_METHODS) };
}

/** A policy declares its knowledge; where neither is said, what `create` answers decides. */
function isBalancer(value: Readonly<Record<string, unknown>>): boolean {
  if ('knowledge' in value || 'needsAgents' in value || typeof value['create'] !== 'function') return false;
  try { return typeof (value['create']({ calls: new CallTable(1), random: () => 0.5, options: {} }) as Readonly<Record<string, unknown>>)['first'] !== 'function'; } catch { return true; }
}

/** Every value of a key that a request names, checked or not. */
export function valuesOf(request: ExperimentRequest, key: string): unknown[] {
  return [
    request.given?.[key]?.value,
    ...[...(request.swept ?? []), ...(request.zip ?? [])].filter((axis) => axis.key === key).flatMap((axis) => axis.values),
    ...(request.also ?? []).map((cell) => cell[key]),
  ];
}

/** The laboratory for a request: call this before planning where values may name files. */
export function laboratoryOf(laboratory: Laboratory, request: ExperimentRequest): Promise<Laboratory> {
  return withFiles(laboratory, { policies: valuesOf(request, 'policy'), balancers: valuesOf(request, 'balancer'), metrics: request.metrics ?? [] }, request.scenario);
}
