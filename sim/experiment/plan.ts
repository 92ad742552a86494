// Planning: from what was asked to cells that are resolved, checked, told apart and free of duplicates. Runs nothing.
import { SchedlabError } from '../../src/errors.ts';
import { unknownName } from '../../src/options.ts';
import type { ParamValue, ParamValues } from '../../src/options.ts';
import { entryOf, shownName } from '../metric.ts';
import type { DataFile } from '../results.ts';
import type { ScenarioDefinition } from '../scenario.ts';
import { findBaseline } from './baseline.ts';
import { buildCell, codeFiles, codeIdentity, rememberingReader } from './cell.ts';
import type { AskedCell } from './grid.ts';
import { gridCells, labelOf, variedKeys, variedOf } from './grid.ts';
import { LABORATORY } from './laboratory.ts';
import { addonTables } from './addons.ts';
import { acceptedKeys, partners, refuseUnknown } from './parameters.ts';
import { knownMetric, parseThreshold } from './threshold.ts';
import type { ExperimentRequest, Laboratory, Origin, Plan, PlannedCell } from './types.ts';

/** Replications where neither the command nor the scenario says how many. */
const DEFAULT_REPS = 10;

/**
 * Resolves every cell of a request. A key is known where the scenario, or the policy or balancer of any cell, has it; in cells without it
 * it is dropped, and cells that are then equal are merged. Reads data files; runs no replication. O(cells).
 * Throws the coded error of the first thing that does not fit (exit code 2).
 */
export function planExperiment(request: ExperimentRequest, laboratory: Laboratory = LABORATORY): Plan {
  const { scenario, version } = request;
  const asked = gridCells(request);
  refuseUnknownKeys(request, asked, laboratory);
  const read = rememberingReader(laboratory), code = codeIdentity(version, request.source);
  const cells: PlannedCell[] = [], data = new Map<string, DataFile>(), seen = new Set<string>(), beside = new Set<number>(), merged: string[] = [];
  for (const one of asked) {
    const built = buildCell(scenario, one.given, laboratory, read, code);
    for (const file of built.data) data.set(`${file.path} ${file.sha256}`, file);
    if (seen.has(built.id)) { merged.push(labelOf(askedOf(one), scenario.name)); continue; }
    seen.add(built.id);
    laboratory.refuse?.(built.model);
    const varied = variedOf(one.keys, built.params), index = cells.length;
    if (one.beside) beside.add(index);
    cells.push({ index, id: built.id, label: labelOf(varied, scenario.name), varied, params: built.params, model: built.model });
  }
  const named = tellApart(cells);
  const { axes, all } = variedKeys(request);
  const shownFirst = [...new Set((request.metrics ?? []).map((text) => { const own = laboratory.metrics?.[text]; return own ? shownName(own) : text; }))];
  for (const metric of shownFirst) knownMetric(metric, '--metric');
  const headline = [...new Set(named.flatMap((cell) => cell.model.headline ?? scenario.headline))];
  for (const metric of headline) knownMetric(metric, `the headline of ${scenario.name}`);
  const thresholds = [...(scenario.thresholds ?? []), ...(request.thresholds ?? [])].map(parseThreshold);
  const first = named[0];
  return {
    scenario, source: request.source, version, cells: named, merged, swept: all, thresholds, request,
    baseline: findBaseline(request, named, axes, beside),
    origins: originsOf(request, named, all, scenario),
    base: baseOf(named),
    question: typeof scenario.question === 'function' ? String(scenario.question(first.params)) : scenario.question,
    study: named.some((cell) => cell.model.study === 'steady') ? 'steady' : 'terminating',
    headline: [...new Set([...shownFirst, ...headline])],
    notSimulated: [...new Set(named.flatMap((cell) => cell.model.notSimulated ?? scenario.notSimulated))],
    metrics: Object.values(laboratory.metrics ?? {}).map(entryOf),
    ...(laboratory.engines ? { engines: laboratory.engines } : {}),
    data: [...data.values()],
    files: codeFiles(code, request.source, laboratory),
    assumptions: [...new Set(named.flatMap((cell) => [...assumptionsOf(scenario, cell.params), ...(cell.model.assumptions ?? [])]))],
    traced: named.every((cell) => cell.model.traced === true),
    defaultReps: scenario.reps ?? DEFAULT_REPS,
  };
}

/** What a cell was asked to be, whether its policy knows the keys or not. */
const askedOf = ({ keys, given }: AskedCell): ParamValues => Object.fromEntries(keys.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key].value as ParamValue]])));

function assumptionsOf(scenario: ScenarioDefinition, params: ParamValues): readonly string[] {
  const found: unknown = scenario.assumptions?.(params) ?? [];
  if (Array.isArray(found) && found.every((text) => typeof text === 'string')) return found;
  throw new SchedlabError('ERR_SCENARIO_FILE', `assumptions of ${scenario.name} answers a list of texts, received ${JSON.stringify(found)}. Return [] where there are none.`);
}

function refuseUnknownKeys(request: ExperimentRequest, asked: readonly AskedCell[], laboratory: Laboratory): void {
  const valid = new Set<string>();
  // Cells differ in their keys only by whom they name, so equal pairs of partners are asked once.
  const pairs = new Set<string>();
  for (const one of asked) {
    const named = partners(request.scenario, one.given, laboratory), names = [named.policy, named.balancer, ...named.addons].map(({ name }) => name).join('\n');
    if (pairs.has(names)) continue;
    pairs.add(names);
    for (const key of acceptedKeys(request.scenario, named)) valid.add(key);
  }
  const all = [...valid];
  // A default for nobody is a slip: it would never count.
  const anywhere = [...[...Object.values(laboratory.policies), ...Object.values(laboratory.balancers)].map(({ params }) => params), ...addonTables()].flatMap((table) => Object.keys(table));
  for (const key of Object.keys(request.scenario.defaults ?? {})) if (!anywhere.includes(key)) throw unknownName('key', key, [...new Set(anywhere)], `the defaults of ${request.scenario.name}`);
  for (const [key, given] of Object.entries(request.given ?? {})) refuseUnknown(key, given.where, all, laboratory);
  for (const axis of [...(request.swept ?? []), ...(request.zip ?? [])]) refuseUnknown(axis.key, axis.where ?? 'the sweep', all, laboratory);
  for (const also of request.also ?? []) for (const key of Object.keys(also)) refuseUnknown(key, '--also', all, laboratory);
}

/** Labels must be unique: where two are alike, both add every parameter in which they differ; where that fails, their id. */
function tellApart(cells: readonly PlannedCell[]): PlannedCell[] {
  const byLabel = new Map<string, PlannedCell[]>();
  for (const cell of cells) byLabel.set(cell.label, [...(byLabel.get(cell.label) ?? []), cell]);
  return cells.map((cell) => {
    const alike = byLabel.get(cell.label) ?? [];
    if (alike.length < 2) return cell;
    const keys = Object.keys(cell.params).filter((key) => alike.some((other) => other.params[key] !== cell.params[key]));
    const more = labelOf(variedOf([...new Set([...Object.keys(cell.varied), ...keys])], cell.params), cell.label);
    const clash = alike.some((other) => other !== cell && labelOf(variedOf([...new Set([...Object.keys(other.varied), ...keys])], other.params), other.label) === more);
    return { ...cell, label: clash ? `${more} (${cell.id})` : more };
  });
}

function baseOf(cells: readonly PlannedCell[]): ParamValues {
  const out: Record<string, ParamValue> = {};
  for (const cell of cells) for (const [key, value] of Object.entries(cell.params)) if (!Object.hasOwn(out, key)) out[key] = value;
  return Object.freeze(out);
}

function originsOf(request: ExperimentRequest, cells: readonly PlannedCell[], swept: readonly string[], scenario: ScenarioDefinition): Record<string, Origin> {
  const out: Record<string, Origin> = {};
  for (const cell of cells)
    for (const key of Object.keys(cell.params))
      out[key] ??= swept.includes(key) ? 'flag' : request.given?.[key]?.origin ?? (scenario.defaults && Object.hasOwn(scenario.defaults, key) ? 'scenario' : 'default');
  return out;
}

/** The cell with this id, by any unambiguous beginning of it. Throws ERR_USAGE. */
export function cellById(plan: Plan, id: string): PlannedCell {
  const found = plan.cells.filter((cell) => cell.id.startsWith(id));
  if (found.length === 1 && id !== '') return found[0];
  throw new SchedlabError('ERR_USAGE', `${found.length ? 'more than one' : 'no'} cell has the id ${JSON.stringify(id)}. Cells: ${plan.cells.map((cell) => `${cell.id} (${cell.label})`).join(', ')}.`);
}
