// Every scenario that ships, by name. To add one: a file beside this one, and a line here.
import type { ScenarioDefinition } from '../sim/index.ts';
import { agentsAsCode } from './agents-as-code.ts';
import { autellixFig2 } from './autellix-fig2.ts';
import { autellixFig9 } from './autellix-fig9.ts';
import { fittedLoad } from './fitted-load.ts';
import { forkJoin } from './fork-join.ts';
import { knowledge } from './knowledge.ts';
import { localityVsStarvation } from './locality-vs-starvation.ts';
import { locoBurst } from './loco-burst.ts';
import { locoFairness } from './loco-fairness.ts';
import { locoMdash } from './loco-mdash.ts';
import { locoWebhookSpike } from './loco-webhook-spike.ts';
import { openLoad } from './open-load.ts';
import { agentFleet } from './agent-fleet.ts';
import { policyZoo } from './policy-zoo.ts';
import { programLoad } from './program-load.ts';
import { prefixSessions } from './prefix-sessions.ts';
import { queueing } from './queueing.ts';
import { traceReplay } from './trace-replay.ts';
import { vtcIdleReturn } from './vtc-idle-return.ts';
import { vtcTwoClients } from './vtc-two-clients.ts';
import { whoIsAnAgent } from './who-is-an-agent.ts';

export const SCENARIOS: Readonly<Record<string, ScenarioDefinition>> = Object.fromEntries(
  [locoFairness, locoWebhookSpike, locoBurst, locoMdash, queueing, traceReplay, openLoad, fittedLoad, prefixSessions, agentsAsCode, whoIsAnAgent, autellixFig2, autellixFig9, forkJoin, localityVsStarvation, knowledge, policyZoo, programLoad, agentFleet, vtcTwoClients, vtcIdleReturn].map((scenario) => [scenario.name, scenario]),
);
