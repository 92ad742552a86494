// `check`: a policy or balancer, from a file or by name, held against its contract. Names the clause that does not hold, with the shortest history that shows it.
import path from 'node:path';
import { SchedlabError } from '../../errors.ts';
import { resolveOptions, unknownName } from '../../options.ts';
import type { ParamTable, ParamValues } from '../../options.ts';
import { BALANCERS } from '../../balancers/registry.ts';
import type { BalancerDefinition } from '../../balancers/balancer.ts';
import { POLICIES } from '../../policies/registry.ts';
import type { PolicyDefinition } from '../../policies/policy.ts';
import { findDefinition, namesFile } from '../../../sim/experiment/definitions.ts';
import { parseAssignments } from '../assignments.ts';
import { checkJson, sayChecked } from '../check-text.ts';
import type { Checked } from '../check-text.ts';
import type { Io } from '../io.ts';
import { faultOf } from '../load-faults.ts';
import { parse } from '../parse.ts';
import type { Parsed } from '../parse.ts';
import { heapMeter, setTraps } from '../traps.ts';
import type { Traps } from '../traps.ts';

const HISTORIES = 300, MOST_HISTORIES = 1_000_000;

type Subject = { readonly shown: string; readonly kind: 'policy'; readonly definition: PolicyDefinition } | { readonly shown: string; readonly kind: 'balancer'; readonly definition: BalancerDefinition };

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('check', args), names = parsed.positionals.filter((word) => !isParameter(word)), given = parseAssignments(parsed.positionals.filter(isParameter), [], []).fixed;
  if (names.length === 0) throw new SchedlabError('ERR_USAGE', 'check needs a file or a name. Write schedlab check ./mine.ts, or schedlab check loco.');
  const swept = parseAssignments(parsed.positionals.filter(isParameter), [], []).swept[0];
  if (swept) throw new SchedlabError('ERR_USAGE', `${swept.key} in check has several values. Check one setting at a time.`, { name: swept.key });
  const histories = wholeNumber(parsed, 'histories', HISTORIES), seed = parsed.text('seed') ?? '1', only = parsed.list('clause');
  const results: Checked[] = [];
  for (const name of names) results.push(...await checkOne(name, given, { histories, seed, only }, io));
  for (const key of Object.keys(given)) if (!results.some(({ params }) => Object.hasOwn(params, key))) throw unknownName('key', key, results.flatMap(({ params }) => Object.keys(params)), 'check');
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify(checkJson(results, seed, histories), null, 2)}\n`);
  for (const result of results) if (!parsed.has('quiet') || !result.isKept) sayChecked(result, io);
  return results.every(({ isKept }) => isKept) ? 0 : 4;
}

/** `alpha=0.5`; `policy=loco` and `balancer=./mine.ts` name what is checked. */
const isParameter = (word: string): boolean => /^[A-Za-z][\w.-]*=/.test(word) && !/^(policy|balancer)=/.test(word);

function wholeNumber(parsed: Parsed, name: string, fallback: number): number {
  const text = parsed.text(name), value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > MOST_HISTORIES) throw new SchedlabError('ERR_OPTION_RANGE', `--${name} in check accepts a whole number from 1 to ${MOST_HISTORIES}, received ${JSON.stringify(text)}.`, { name });
  return value;
}

interface Asked { readonly histories: number; readonly seed: string; readonly only: readonly string[] }

async function checkOne(word: string, given: Readonly<Record<string, unknown>>, asked: Asked, io: Io): Promise<Checked[]> {
  const [, kind, name] = /^(?:(policy|balancer)=)?(.*)$/s.exec(word)!;
  const folder = namesFile(name) ? path.dirname(path.resolve(io.cwd, name)) : undefined;
  // Before the file is loaded: it may keep a clock for later.
  const traps = setTraps(folder ?? io.cwd, folder === undefined ? () => false : undefined);
  try {
    const subjects = folder === undefined ? shipped(name, kind) : [await fromFile(name, kind, io)], out: Checked[] = [];
    for (const subject of subjects) out.push(await judged(subject, given, asked, traps));
    return out;
  } finally {
    traps.release();
  }
}

/** Whatever ships under this name: a policy, a balancer, or one of each. */
function shipped(name: string, kind: string | undefined): Subject[] {
  const found: Subject[] = [];
  if (kind !== 'balancer' && Object.hasOwn(POLICIES, name)) found.push({ shown: name, kind: 'policy', definition: POLICIES[name] });
  if (kind !== 'policy' && Object.hasOwn(BALANCERS, name)) found.push({ shown: name, kind: 'balancer', definition: BALANCERS[name] });
  if (found.length > 0) return found;
  const valid = [...(kind === 'balancer' ? [] : Object.keys(POLICIES)), ...(kind === 'policy' ? [] : Object.keys(BALANCERS))];
  throw unknownName(kind ?? 'policy or balancer', name, [...new Set(valid)], 'check', kind === 'balancer' ? 'ERR_BALANCER_UNKNOWN' : 'ERR_POLICY_UNKNOWN');
}

async function fromFile(file: string, kind: string | undefined, io: Io): Promise<Subject> {
  const full = path.resolve(io.cwd, file);
  try {
    const found = await findDefinition(full);
    if (found.kind === 'other') throw new SchedlabError('ERR_SCENARIO_FILE', `the default export of ${JSON.stringify(file)} is no policy and no balancer. End it with: export default definePolicy({…}), or defineBalancer({…}).`, { path: file });
    if (kind !== undefined && found.kind !== kind) throw new SchedlabError('ERR_SCENARIO_FILE', `${JSON.stringify(file)} holds a ${found.kind}, not a ${kind}. Write schedlab check ${file}.`, { path: file });
    return { shown: file, ...found };
  } catch (error) { throw faultOf(error, full, file); }
}

/** Values for the parameters that this definition has; others are another's. */
function optionsOf(table: ParamTable, given: Readonly<Record<string, unknown>>): ParamValues {
  return resolveOptions(table, Object.fromEntries(Object.entries(given).filter(([key]) => Object.hasOwn(table, key))), 'check');
}

async function judged(subject: Subject, given: Readonly<Record<string, unknown>>, { histories, seed, only }: Asked, traps: Traps): Promise<Checked> {
  const { checkBalancer, checkPolicy, BALANCER_CLAUSES, POLICY_CLAUSES } = await import('../../../sim/check/index.ts');
  const { definition, kind, shown } = subject, options = optionsOf(definition.params, given), clauses = kind === 'policy' ? POLICY_CLAUSES : BALANCER_CLAUSES;
  for (const id of only) if (!clauses.some((clause) => clause.id === id)) throw unknownName('clause', id, clauses.map((clause) => clause.id), `check of a ${kind}`, 'ERR_USAGE');
  // What was reached for while the module was loaded breaks its clause before anything is played.
  const reached = traps.reached(), early = reached && { clause: reached.kind, why: `the module calls ${reached.what}${reached.at} while it is loaded` };
  const settings = { histories, seed, only, heap: heapMeter(), ...(early ? { early } : {}) };
  const verdicts = kind === 'policy' ? await checkPolicy({ definition, options, watcher: traps }, settings) : await checkBalancer({ definition, options, watcher: traps }, settings);
  return { shown, kind, name: definition.name, params: definition.params, options, verdicts, isKept: verdicts.every(({ holds }) => holds === true) };
}
