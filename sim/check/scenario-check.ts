// A scenario held against its contract: played twice it is the same run, through both shells too, and every policy meets the same work.
import { fcfs } from '../../src/policies/fcfs.ts';
import { oldestFirst } from '../../src/policies/oldest-first.ts';
import type { CallLine } from '../results.ts';
import type { Model } from '../scenario.ts';
import { runReplication } from '../worlds/virtual.ts';
import { SCENARIO_CLAUSES } from './clauses.ts';
import type { Watcher } from './guard.ts';
import type { CheckOptions } from './policy-check.ts';
import type { Shown } from './search.ts';
import { judgeAll, type Verdict } from './verdicts.ts';

export interface ScenarioUnderCheck { readonly name: string; readonly model: Model; readonly watcher: Watcher }

interface Played { readonly digest: string; readonly calls: ReadonlyMap<string, CallLine> }

async function play(model: Model, seed: string, shell: 'auto' | 'event' | 'promise'): Promise<Played> {
  const calls = new Map<string, CallLine>();
  const { orderDigest, resultDigest } = await runReplication(model, { seed: `${seed}/0`, replication: 0, shell, params: {}, cell: 'check', callLine: (line) => { calls.set(line.id, line); } });
  return { digest: `${orderDigest} ${resultDigest}`, calls };
}

/** Plays a handful of replications; errors of the scenario itself are thrown as they come. */
export async function checkScenario({ model, watcher }: ScenarioUnderCheck, options: CheckOptions): Promise<readonly Verdict[]> {
  const isScripted = (model.scripts?.length ?? 0) > 0, first = await play(model, options.seed, 'auto'), reach = watcher.reached();
  const clauses = SCENARIO_CLAUSES.filter(({ id }) => !(isScripted && (id === 'shells' || id === 'same-work')));
  return judgeAll(clauses, async ({ id }): Promise<Shown | undefined> => {
    if (options.early?.clause === id) return { why: options.early.why, lines: [] };
    switch (id) {
      case 'clock': case 'random': return reach?.kind === id ? { why: `it called ${reach.what}${reach.at}`, lines: [] } : undefined;
      case 'again': return apart(first, await play(model, options.seed, 'auto'), 'played again with the same seed');
      case 'shells': return apart(first, await play(model, options.seed, 'promise'), 'through the promise shell');
      default: return otherWork(await play({ ...model, policy: fcfs, policyOptions: {} }, options.seed, 'auto'), await play({ ...model, policy: oldestFirst, policyOptions: {} }, options.seed, 'auto'));
    }
  }, options.only);
}

function apart(one: Played, other: Played, how: string): Shown | undefined {
  if (one.digest === other.digest) return undefined;
  for (const [id, line] of one.calls) {
    const twin = other.calls.get(id);
    if (twin === undefined) return { why: `${how} call ${id} is not there`, lines: [] };
    if (JSON.stringify(twin) !== JSON.stringify(line)) return { why: `call ${id} arrives at ${line.arrival} s and is granted at ${String(line.granted)} s; ${how} at ${twin.arrival} s and at ${String(twin.granted)} s`, lines: [] };
  }
  return { why: `the digests differ ${how}`, lines: [] };
}

/** First calls of programs: what follows may come later under another policy, what it asks for may not change. */
function otherWork(one: Played, other: Played): Shown | undefined {
  for (const [id, line] of one.calls) {
    const twin = other.calls.get(id), isFirst = line.id === line.program;
    if (twin === undefined) continue;
    for (const key of ['agent', 'class', 'prompt_tokens', ...(isFirst ? ['arrival' as const] : [])] as const)
      if (twin[key] !== line[key]) return { why: `call ${id} has ${key} ${String(line[key])} under ${fcfs.name} and ${String(twin[key])} under ${oldestFirst.name}`, lines: [] };
  }
  return undefined;
}
