// What `check` is asked about: found by name or in a file, and handed to the check of its kind.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import { resolveOptions, unknownName } from '../options.ts';
import type { ParamTable, ParamValues } from '../options.ts';
import { BALANCERS } from '../balancers/registry.ts';
import { POLICIES } from '../policies/registry.ts';
import type { Clause, CheckOptions, Reach, Verdict } from '../../sim/check/index.ts';
import { findDefinition } from '../../sim/experiment/definitions.ts';
import type { Found } from '../../sim/experiment/definitions.ts';
import type { Checked } from './check-text.ts';
import { laboratoryOn, makePlan } from './execute.ts';
import type { Io } from './io.ts';
import { faultOf } from './load-faults.ts';
import { ask } from './request.ts';
import { heapMeter } from './traps.ts';
import type { Traps } from './traps.ts';

/** What is checked, as the command names it; `reached`: what its module reached for while it was loaded. */
export type Subject = Found & { readonly shown: string; readonly reached?: Reach };

export interface AskedCheck { readonly histories: number; readonly seed: string; readonly only: readonly string[]; readonly given: Readonly<Record<string, unknown>> }

/** Whatever ships under this name: a policy, a balancer, or one of each. Throws ERR_POLICY_UNKNOWN or ERR_BALANCER_UNKNOWN. */
export function shipped(name: string, kind: string | undefined): Subject[] {
  const found: Subject[] = [];
  if (kind !== 'balancer' && Object.hasOwn(POLICIES, name)) found.push({ shown: name, kind: 'policy', definition: POLICIES[name] });
  if (kind !== 'policy' && Object.hasOwn(BALANCERS, name)) found.push({ shown: name, kind: 'balancer', definition: BALANCERS[name] });
  if (found.length > 0) return found;
  const valid = [...(kind === 'balancer' ? [] : Object.keys(POLICIES)), ...(kind === 'policy' ? [] : Object.keys(BALANCERS))];
  throw unknownName(kind ?? 'policy or balancer', name, [...new Set(valid)], 'check', kind === 'balancer' ? 'ERR_BALANCER_UNKNOWN' : 'ERR_POLICY_UNKNOWN');
}

/** What a file defines. Throws ERR_SCENARIO_FILE with its place. */
export async function fromFile(file: string, kind: string | undefined, io: Io): Promise<Subject> {
  const full = path.resolve(io.cwd, file);
  if (!existsSync(full)) throw new SchedlabError('ERR_SCENARIO_FILE', `there is no file ${JSON.stringify(file)}. Check the path, or name what ships: schedlab list policies, list balancers.`, { path: file });
  try {
    const found = await findDefinition(full);
    if (kind !== undefined && found.kind !== kind) throw new SchedlabError('ERR_SCENARIO_FILE', `${JSON.stringify(file)} holds a ${found.kind}, not a ${kind}. Write schedlab check ${file}.`, { path: file });
    return { shown: file, ...found };
  } catch (error) { throw faultOf(error, full, file); }
}

/** Values for the parameters that this definition has; others are another's. */
function optionsOf(table: ParamTable, given: AskedCheck['given']): ParamValues {
  return resolveOptions(table, Object.fromEntries(Object.entries(given).filter(([key]) => Object.hasOwn(table, key))), 'check');
}

export async function checkSubject(subject: Subject, asked: AskedCheck, traps: Traps, io: Io): Promise<Checked> {
  const checks = await import('../../sim/check/index.ts'), { shown, kind } = subject;
  const clauses = { policy: checks.POLICY_CLAUSES, balancer: checks.BALANCER_CLAUSES, metric: checks.METRIC_CLAUSES, scenario: checks.SCENARIO_CLAUSES }[kind];
  refuseUnknown(asked.only, clauses, kind);
  // What was reached for while the module was loaded breaks its clause before anything is played.
  const { reached } = subject, early = reached && { clause: reached.kind, why: `the module calls ${reached.what}${reached.at} while it is loaded` };
  const settings: CheckOptions = { histories: asked.histories, seed: asked.seed, only: asked.only, heap: heapMeter(), ...(early ? { early } : {}) };
  const done = (verdicts: readonly Verdict[], params: ParamTable, options: ParamValues): Checked => ({ shown, kind, name: subject.definition.name, params: toldOf(params), options, verdicts, isKept: verdicts.every(({ holds }) => holds === true) });
  switch (subject.kind) {
    case 'policy': { const { definition } = subject, options = optionsOf(definition.params, asked.given); return done(await checks.checkPolicy({ definition, options, watcher: traps }, settings), definition.params, options); }
    case 'balancer': { const { definition } = subject, options = optionsOf(definition.params, asked.given); return done(await checks.checkBalancer({ definition, options, watcher: traps }, settings), definition.params, options); }
    case 'metric': return done(await checks.checkMetric({ definition: subject.definition, watcher: traps }, settings), {}, {});
    case 'scenario': {
      // Planned as for a run: parameters of its policy are keys as well, and data is read.
      const request = await ask('check', [shown, ...Object.entries(asked.given).map(([key, value]) => `${key}=${String(value)}`)], io);
      const plan = makePlan(request, await laboratoryOn(request, io)), [cell] = plan.cells;
      const table = Object.fromEntries(Object.keys(cell.params).map((key) => [key, subject.definition.params[key] ?? { kind: 'text', default: '', help: '' }])) as ParamTable;
      return done(await checks.checkScenario({ name: plan.scenario.name, model: cell.model, watcher: traps }, settings), table, cell.params);
    }
  }
}

/** Without what checks a text: functions do not go from thread to thread. */
const toldOf = (params: ParamTable): ParamTable => Object.fromEntries(Object.entries(params).map(([key, { ...spec }]) => { if ('check' in spec) delete spec.check; return [key, spec]; }));

function refuseUnknown(only: readonly string[], clauses: readonly Clause[], kind: string): void {
  for (const id of only) if (!clauses.some((clause) => clause.id === id)) throw unknownName('clause', id, clauses.map((clause) => clause.id), `check of a ${kind}`, 'ERR_USAGE');
}
