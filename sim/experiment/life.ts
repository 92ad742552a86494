// The life of one call in a replication: told by who watches every lifecycle event, every receipt, and what the policy thought of the call meanwhile.
import { callName } from '../measure/call-log.ts';
import type { Watch, Watcher } from '../measure/watched-recorder.ts';
import { DROP_NAMES } from '../../src/observe/lifecycle.ts';
import type { Policy, PolicyDefinition } from '../../src/policies/policy.ts';
import type { DecisionLine } from '../results.ts';
import type { Model } from '../scenario.ts';

/** What the policy thought of the call while another went first. */
export interface Standing { readonly score: number | null; readonly terms: Readonly<Record<string, number>> }

/** A decision for another call of the same queue. `own`: null where the rule does not tell. */
export interface PassedOver { readonly line: DecisionLine; readonly own: Standing | null }

/** One stretch of a call's life, in seconds. `queue`: waiting inside the engine that it was granted on. */
export interface Stretch { readonly what: 'gate' | 'queue' | 'service'; readonly from: number; readonly to: number; readonly engine: number | null }

export interface Life {
  readonly call: string; readonly program: string; readonly ordinal: number; readonly agent: string; readonly class: string;
  readonly arrival: number;
  /** Calls that waited already when it came: in all, and of its own agent. */
  readonly waitingBefore: number; readonly ownBefore: number;
  readonly stretches: readonly Stretch[];
  /** Decisions about this call. */
  readonly own: readonly DecisionLine[];
  readonly passedOver: readonly PassedOver[];
  readonly firstToken: number | null;
  readonly end: number; readonly outcome: string;
  readonly promptTokens: number; readonly outputTokens: number; readonly preemptions: number;
}

export interface Witness {
  /** The model, its policies seen by the witness. */
  readonly model: Model;
  readonly watch: Watch;
  readonly decisionLine: (line: DecisionLine) => void;
  /** After the replication: the life of the call, how many calls bear its name, and the names of all. */
  found(): { readonly life: Life | undefined; readonly namesakes: number; readonly names: readonly string[] };
}

/** Watches for the first call of this name. O(decisions while it waits × what the policy takes to explain one call). */
export function witness(model: Model, name: string): Witness {
  const policies: Policy[] = [], engineFirst = model.engines.kind === 'slots' && model.engines.discipline === 'preempt-resume' ? model.engines.count : 0;
  const create: PolicyDefinition['create'] = (context) => { const policy = model.policy.create(context); policies.push(policy); return policy; };
  const names: string[] = [], own: DecisionLine[] = [], passedOver: PassedOver[] = [], stretches: Stretch[] = [];
  let slot = -1, namesakes = 0, life: Life | undefined, begun: { call: Omit<Life, 'end' | 'outcome' | 'firstToken' | 'outputTokens' | 'preemptions'>; sinceUs: number } | undefined;
  /** Where the call is: at the gate or routed to a queue there, in an engine's own queue, in service. */
  let at: Stretch['what'] = 'gate', engine = -1, endUs: (nowUs: number, outcome: string) => void = () => { /* not met yet */ };

  /** Engines hold a queue of their own and tell when service begins. */
  const { engines } = model, queues = engines.kind === 'batch' || engines.discipline === 'preempt-resume' || (engines.discipline === 'nonpreemptive' && (model.place !== 'gate' || model.window > engines.slots));

  const watch: Watch = (calls, ids): Watcher => {
    const waitingOf = new Map<number, number>();
    let waiting = 0;
    const count = (agent: number, change: number): void => { waiting += change; waitingOf.set(agent, (waitingOf.get(agent) ?? 0) + change); };
    /** The stretch that ends now. */
    const close = (nowUs: number): void => {
      if (begun === undefined) return;
      if (nowUs > begun.sinceUs || at === 'service') stretches.push({ what: at, from: begun.sinceUs / 1e6, to: nowUs / 1e6, engine: at === 'gate' ? null : engine });
      begun.sinceUs = nowUs;
    };
    endUs = (nowUs, outcome) => {
      if (begun === undefined || slot < 0) return;
      // Engines without a queue of their own begin with the grant and say nothing.
      if (at === 'queue' && !queues && calls.scheduledUs[slot] >= 0) at = 'service';
      close(nowUs);
      life = { ...begun.call, firstToken: calls.firstTokenUs[slot] >= 0 && calls.firstTokenUs[slot] <= nowUs ? calls.firstTokenUs[slot] / 1e6 : null, end: nowUs / 1e6, outcome, outputTokens: calls.outputTokens[slot], preemptions: calls.preemptions[slot] };
      slot = -1;
    };
    return {
      arrive(call, nowUs) {
        const id = callName(calls, ids(), call), agent = calls.agent[call];
        names.push(id);
        if (id === name && namesakes++ === 0) {
          slot = call;
          begun = { sinceUs: nowUs, call: { call: id, program: String(calls.program[call]), ordinal: calls.ordinal[call], agent: model.agents[agent]?.name ?? '', class: model.classes[calls.callClass[call]] ?? '', arrival: nowUs / 1e6, waitingBefore: waiting, ownBefore: waitingOf.get(agent) ?? 0, stretches, own, passedOver, promptTokens: calls.promptTokens[call] } };
        }
        count(agent, 1);
      },
      grant(call, to, nowUs) { if (!queues) count(calls.agent[call], -1); if (call === slot) { close(nowUs); at = 'queue'; engine = to; } },
      schedule(call, _engine, nowUs) { if (queues) count(calls.agent[call], -1); if (call === slot) { close(nowUs); at = 'service'; } },
      resume(call, _engine, nowUs) { if (queues) count(calls.agent[call], -1); if (call === slot) { close(nowUs); at = 'service'; } },
      preempt(call, _engine, nowUs) { count(calls.agent[call], 1); if (call === slot) { close(nowUs); at = 'queue'; } },
      firstToken() { /* stands in the call's columns */ },
      finish(call, _engine, nowUs) { if (call === slot) endUs(nowUs, 'completed'); },
      drop(call, reason, wasRunning, nowUs) { if (!wasRunning || (queues && calls.scheduledUs[call] < 0)) count(calls.agent[call], -1); if (call === slot) endUs(nowUs, DROP_NAMES[reason] ?? 'dropped'); },
      close(nowUs) { endUs(nowUs, 'unfinished'); },
    };
  };

  const decisionLine = (line: DecisionLine): void => {
    if (begun === undefined || slot < 0) return;
    if (line.program === begun.call.program && line.ordinal === begun.call.ordinal) {
      own.push(line);
      if (line.kind === 'route') engine = line.engine ?? -1;
      return;
    }
    if (line.kind !== 'grant' || at === 'service' || !isSameQueue(line)) return;
    const told = policyOf(line)?.explain?.(slot, Math.round(line.time * 1e6));
    if (told === undefined) { passedOver.push({ line, own: null }); return; }
    const { score, ...terms } = told;
    passedOver.push({ line, own: { score: score ?? null, terms } });
  };
  const isSameQueue = (line: DecisionLine): boolean => (at === 'gate' ? line.place === 'gate' && (model.dispatch === 'late' || line.engine === engine) : line.place === 'engine' && line.engine === engine);
  const policyOf = (line: DecisionLine): Policy | undefined => (line.place === 'engine' ? policies[line.engine ?? 0] : policies[engineFirst + (model.dispatch === 'late' ? 0 : engine)]);

  return { model: { ...model, policy: { ...model.policy, create } }, watch, decisionLine, found: () => ({ life, namesakes, names }) };
}
