// LOCO: the agent with the highest load score goes next, backlog against wait, ages counted in releases.
import { DEFAULT_ALPHA, ALPHA_PRESET_NAMES, presetAlpha } from '../loco/alpha.ts';
import { LocoPolicy } from '../loco/policy.ts';
import type { ParamTable, ParamValues } from '../options.ts';
import { definePolicy, type PolicyContext } from './policy.ts';

/** Alpha is one key, a number or the name of a preset, so that the two cannot both be given. */
export const LOCO_PARAMS = {
  alpha: { kind: 'numberOrWord', default: DEFAULT_ALPHA, min: 0, max: 1, words: ALPHA_PRESET_NAMES, help: 'weight of the backlog against the wait: 0 serves the oldest task, 1 the deepest queue' },
  guard: { kind: 'flag', default: true, help: 'cap alpha under overload so that nobody starves' },
  guardWindow: { kind: 'number', default: 100, min: 1, max: 1_000_000, integer: true, unit: 'ticks', help: 'window over which the guard compares grants with arrivals' },
  autoTune: { kind: 'flag', default: false, help: 'move alpha by 0.01 a release: down where waits differ much, up where the queue grows' },
  ties: { kind: 'choice', default: 'seeded', values: ['seeded', 'registration'], help: 'who goes among equal scores: a seeded draw, or the agent of the lowest number' },
} as const satisfies ParamTable;

/** The policy of resolved options: shared by every variant of LOCO. */
export function locoPolicy(context: PolicyContext, ageUnit: 'ticks' | 'us'): LocoPolicy {
  const o = context.options as ParamValues & { readonly alpha: number | string };
  return new LocoPolicy(context.calls, {
    alpha: typeof o.alpha === 'string' ? presetAlpha(o.alpha) : o.alpha,
    guardWindow: o.guard === true ? Number(o.guardWindow) : 0,
    autoTune: o.autoTune === true,
    draw: o.ties === 'registration' ? null : context.random,
    ageUnit,
  });
}

export const loco = definePolicy({
  name: 'loco',
  title: 'the agent with the highest mix of backlog and wait goes first; waits are counted in releases',
  source: 'LOCO, load-conscious orchestration (loco-agent 0.2): load function, ticks, adaptive alpha; the overload guard is our own',
  params: LOCO_PARAMS,
  knowledge: 'none',
  decision: 'O(log² n)',
  needsAgents: true,
  create: (context) => locoPolicy(context, 'ticks'),
});
