// Random programs with tools on small batch engines: full histories, little memory, some branches, withdrawals and time-outs, on a grid so that most events coincide.
import { seededRandom } from '../../src/random.ts';
import { BALANCERS } from '../../src/balancers/registry.ts';
import { ADDONS } from '../../src/addons/registry.ts';
import { resolveOptions } from '../../src/options.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { withAddons } from '../../sim/addons.ts';
import type { ChosenAddon } from '../../sim/chosen-addons.ts';
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import type { Model } from '../../sim/scenario.ts';
import { ProgramBuilder } from '../../sim/workload/program-builder.ts';
import { ProgramPrompts } from '../../sim/workload/program-prompts.ts';
import type { ProgramDraft } from '../../sim/workload/workload.ts';
import { picker } from '../properties/random-scenario.ts';

const TICK = 1000;

/** An add-on with some of its parameters. */
export function addon(name: string, given: Readonly<Record<string, unknown>> = {}): ChosenAddon {
  const definition = ADDONS[name]!;
  return { definition, options: resolveOptions(definition.params, given, name) };
}

/** The same for the same number; `addons` drawn where not given. */
export function toolModel(n: number, addons?: readonly ChosenAddon[]): Model {
  const draw = seededRandom(`addons/${n}`), pick = picker(draw), chance = (p: number): boolean => draw() < p, upTo = (most: number): number => Math.floor(draw() * (most + 1));
  const withTimeouts = chance(0.3), builder = new ProgramBuilder(), policy = POLICIES[pick(['fcfs', 'program-fcfs', 'atlas', 'round-robin', 'loco'] as const)]!;
  const programs = Array.from({ length: 2 + upTo(14) }, () => ({ arrivalUs: upTo(30) * TICK, seed: upTo(1e6) })).sort((a, b) => a.arrivalUs - b.arrivalUs);
  const write = (draft: ProgramDraft, seed: string): void => {
    const own = seededRandom(seed), most = (k: number): number => Math.floor(own() * (k + 1));
    const call = (after: readonly number[], first = false): number => builder.call({ after, prompt: 1 + most(first ? 24 : 6), output: 1 + most(8), ...(withTimeouts && own() < 0.2 ? { timeoutUs: TICK * (2 + most(30)), failure: 'branch' } : {}) });
    let last = [call([], true)];
    for (let turn = most(4); turn > 0; turn--) {
      const tool = builder.tool({ after: last, us: most(6) * TICK, pool: most(2) - 1 }), width = own() < 0.2 ? 2 : 1;
      last = Array.from({ length: width }, () => call([tool]));
      if (width > 1) last = [call([builder.join({ after: last, need: 'settled' })])];
    }
    builder.into(draft, { systemText: most(1), systemTokens: 8 });
  };
  const count = 1 + upTo(1), spec = specOf(presetNamed('h100-llama-3.1-8b-tp1'), { blocks: pick([40, 60, 120]), maxSeqs: pick([2, 8]), maxBatchedTokens: pick([8, 32]) });
  const own = { ...spec, config: { ...spec.config, blockSize: 4, asynchronous: chance(0.3) }, cost: { model: 'constant' as const, stepUs: pick([500, 1000, 1700]) }, overhead: { beforeUs: pick([0, 0, 300]), afterUs: pick([0, 70]), perOutputTokenUs: pick([0, 3.3]) } };
  const model: Model = {
    engines: { kind: 'batch', count, spec: own }, dispatch: pick(['late', 'immediate'] as const), place: 'gate', window: pick([1, 4, Infinity]), maxWaiters: pick([Infinity, Infinity, 4]),
    policy, policyOptions: resolveOptions(policy.params, {}, policy.name), balancer: BALANCERS['least-loaded']!, balancerOptions: resolveOptions(BALANCERS['least-loaded']!.params, {}, 'test'),
    endUs: chance(0.2) ? 40 * TICK : Infinity, tickUs: TICK, study: 'terminating', agents: [0, 1, 2].map((a) => ({ name: `agent ${a}`, class: 'all' })), classes: ['all'],
    tools: [{ name: 'shell', places: 1 }, { name: 'web', places: Infinity }],
    workload() {
      let at = 0;
      return {
        total: programs.length,
        next(draft) {
          if (at >= programs.length) return false;
          const { arrivalUs, seed } = programs[at]!;
          draft.program = at++;
          draft.arrivalUs = arrivalUs;
          draft.agent = seed % 3;
          draft.callClass = 0;
          draft.weight = 1;
          write(draft, `program/${seed}`);
          return true;
        },
      };
    },
    prompts: (_calls, running) => new ProgramPrompts(running),
  };
  const pause = addon('program-pause', { every: pick([0.004, 0.01]), halfLife: pick([0.002, 'none']), buffer: 4, ageing: 1000, resumeTimeout: pick([0.03, 1800]), pauseAt: pick([0.5, 0.95]), pauseTo: 0.4 });
  const keep = addon('kv-ttl', pick([{ ttl: 0.004 }, { samples: 3, priorMean: 0.0005 }, { ttl: 100 }, { ttl: 100, budget: 0.4 }]));
  return withAddons(model, addons ?? pick([[pause], [keep], [pause, keep]]));
}
