// Add-ons of a model: who may enter, whose prefix stays. Chosen by name, checked against the engines before anything runs.
import type { AdmissionDefinition } from '../src/addons/admission.ts';
import type { AddonDefinition } from '../src/addons/registry.ts';
import type { RetentionDefinition } from '../src/addons/retention.ts';
import { CallTable } from '../src/dispatch/calls.ts';
import { SchedlabError } from '../src/errors.ts';
import type { ChosenAddon } from './chosen-addons.ts';
import { usableBlocks } from './engine/batch/config.ts';
import type { EnginePool, Model } from './scenario.ts';

/** Tokens that the cache of one engine holds; NaN where engines have none. */
export function cacheTokens(engines: EnginePool): number { return engines.kind === 'batch' ? usableBlocks(engines.spec.config) * engines.spec.config.blockSize : NaN; }

/** The model with its add-ons. Throws ERR_NOT_POSSIBLE where its engines have nothing for them to work on. */
export function withAddons(model: Model, chosen: readonly ChosenAddon[]): Model {
  if (chosen.length === 0) return model;
  const addons: { admission?: ChosenAddon<AdmissionDefinition>; retention?: ChosenAddon<RetentionDefinition> } = {}, tokens = cacheTokens(model.engines);
  for (const { definition, options } of chosen) {
    if (definition.kind === 'retention') {
      if (model.engines.kind !== 'batch') throw new SchedlabError('ERR_NOT_POSSIBLE', `addons=${definition.name} decides what stays in a prefix cache, and these engines have none. Name a batch engine, such as engine=h100-llama-3.1-8b-tp1; schedlab list engines tells which there are.`, { key: 'addons' });
      if (model.place === 'engine') throw new SchedlabError('ERR_NOT_POSSIBLE', `addons=${definition.name} is not possible with place=engine: an engine whose policy reserves blocks for whom they were freed has none to keep for others. Use place=gate or place=tag.`, { key: 'addons' });
      definition.create({ capacityTokens: tokens, options });
      addons.retention = { definition, options };
    } else {
      // Made once for nothing, so that what it refuses is refused now.
      definition.create({ calls: new CallTable(1), capacityTokens: tokens * model.engines.count, options });
      addons.admission = { definition, options };
    }
  }
  return { ...model, addons };
}

/** Which add-ons a model has. */
export const addonsOf = ({ addons }: Pick<Model, 'addons'>): readonly AddonDefinition[] => [addons?.admission, addons?.retention].flatMap((chosen) => (chosen ? [chosen.definition] : []));
