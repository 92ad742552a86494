// Shares of calls completed, agent by agent: the picture behind a fairness index.
import { agentRows, agentsListed, agentsTotal } from './agents.ts';
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';

/** Completed ÷ arrived of each agent over all replications, lowest first. */
export const sharesOf = (setting: Setting): { readonly name: string; readonly share: number }[] =>
  agentRows([setting])
    .filter((r) => r.cells[0].arrived > 0)
    .map((r) => ({ name: r.name, share: r.cells[0].completed / r.cells[0].arrived }))
    .sort((a, b) => a.share - b.share || (a.name < b.name ? -1 : 1));

/** Whether every agent is listed, so that shares of all can be drawn. */
export const allListed = (study: Study): boolean =>
  agentsTotal(study) > 1 && agentsTotal(study) <= agentsListed(study) && study.featured.every((s) => sharesOf(s).length > 1);
