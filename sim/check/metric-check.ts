// A metric held against its contract: finite numbers or null whatever the calls were, the same again, and nothing changed of what it is handed.
import fc from 'fast-check';
import { SchedlabError } from '../../src/errors.ts';
import { OwnMeasures } from '../measure/own-metrics.ts';
import type { MetricCall, OwnMetric } from '../metric.ts';
import { METRIC_CLAUSES, Violation } from './clauses.ts';
import type { Watcher } from './guard.ts';
import type { CheckOptions } from './policy-check.ts';
import { firstLook, search, without, type Outcome } from './search.ts';
import { judgeAll, type Verdict } from './verdicts.ts';

export interface MetricUnderCheck { readonly definition: OwnMetric; readonly watcher: Watcher }

interface Come { readonly arrival: number; readonly wait: number | null; readonly service: number | null; readonly agent: number; readonly tokens: number; readonly isRefused: boolean }
const WINDOW_S = 100;

const come: fc.Arbitrary<Come> = fc.record({ arrival: fc.nat(90), wait: fc.oneof(fc.constant(null), fc.constantFrom(0, 0.5, 7, 61)), service: fc.oneof(fc.constant(null), fc.constantFrom(0, 1, 4)), agent: fc.nat(2), tokens: fc.constantFrom(0, 1, 300), isRefused: fc.constantFrom(false, false, false, true) });
/** Windows with few calls come often: where there is nobody, there is no number. */
const calls: fc.Arbitrary<readonly Come[]> = fc.oneof(fc.array(come, { maxLength: 2 }), fc.array(come, { maxLength: 30 }));

/** As a run would tell of it: what was refused or still waits has no later times. */
function callOf({ arrival, wait, service, agent, tokens, isRefused }: Come, i: number): MetricCall {
  const began = isRefused || wait === null || arrival + wait > WINDOW_S ? null : arrival + wait, ended = began === null || service === null || began + service > WINDOW_S ? null : began + service;
  return {
    replication: 0, id: String(i), program: String(i), agent: `agent ${agent}`, engine: began === null ? null : 0, class: agent === 0 ? 'quiet' : 'busy', arrival, granted: began, scheduled: began, first_token: ended === null || tokens === 0 ? null : began, finished: ended,
    prompt_tokens: tokens, cached_tokens: 0, output_tokens: ended === null ? 0 : tokens, preemptions: 0, outcome: isRefused ? 'rejected' : ended === null ? 'unfinished' : 'completed',
  };
}

const AGENTS = [{ name: 'agent 0', class: 'quiet' }, { name: 'agent 1', class: 'busy' }, { name: 'agent 2', class: 'busy' }];

export function checkMetric({ definition, watcher }: MetricUnderCheck, options: CheckOptions): Promise<readonly Verdict[]> {
  const tell = (list: readonly Come[]): string[] => (list.length === 0 ? ['no call comes'] : list.map(callOf).map((call) => `${call.id} of ${call.agent}, ${call.class}: arrives at ${call.arrival} s, ${call.scheduled === null ? 'never served' : `served from ${call.scheduled} s${call.finished === null ? ' on' : ` to ${call.finished} s`}`}, ${call.outcome}`));
  const once = (list: readonly Come[]): Outcome => {
    watcher.reached();
    watcher.enters?.('measure', tell(list));
    try {
      const first = measured(definition, list, watcher), again = measured(definition, list, watcher);
      if (JSON.stringify(first) !== JSON.stringify(again)) throw new Violation('again', `it answers ${JSON.stringify(first)}, and asked again ${JSON.stringify(again)}`);
      return undefined;
    } catch (error) {
      if (error instanceof Violation) return { violation: error, lines: tell(list) };
      throw error;
    } finally { watcher.leaves?.(); }
  };
  const broken = firstLook(calls, once, options);
  return judgeAll(METRIC_CLAUSES, ({ id }) => {
    if (options.early?.clause === id) return { why: options.early.why, lines: [] };
    return broken.has(id) ? search(id, calls, once, without, options) : undefined;
  }, options.only);
}

function measured(metric: OwnMetric, list: readonly Come[], watcher: Watcher): Record<string, number | null> {
  const own = new OwnMeasures({ agents: AGENTS, classes: ['quiet', 'busy'], endUs: WINDOW_S * 1e6 }, [metric]);
  list.map(callOf).forEach(own.take);
  let values: Record<string, number | null>;
  try { values = own.values(); } catch (error) {
    refuseReach(watcher);
    if (error instanceof SchedlabError) throw new Violation('numbers', error.message.replace(/\. Correct it.*$/s, ''));
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // What is handed out is frozen: a write throws where it is made.
    throw new Violation(/read only|not extensible|delete property/.test(said) ? 'reads-only' : 'throws', `measure threw ${said}${watcher.placeOf(error)}`);
  }
  refuseReach(watcher);
  return values;
}

function refuseReach(watcher: Watcher): void {
  const reach = watcher.reached();
  if (reach) throw new Violation(reach.kind, `measure called ${reach.what}${reach.at}`);
}
