// Every cost model by name. A new one is one file and one line here.
import { unknownName } from '../../../src/options.ts';
import { CompactModel, type CompactCost } from './compact.ts';
import { ConstantModel, type ConstantCost } from './constant.ts';
import type { CostModel } from './cost-model.ts';
import { RooflineModel, type RooflineCost } from './roofline.ts';
import { TableModel, type TableCost } from './table.ts';
import { TrainedPhysicsModel, type PhysicsCost } from './trained-physics.ts';

/** What a cost model is made from, as presets hold it. */
export type CostSpec = CompactCost | TableCost | RooflineCost | PhysicsCost | ConstantCost;

export const COST_MODELS: { readonly [Name in CostSpec['model']]: { readonly title: string; create(spec: Extract<CostSpec, { model: Name }>): CostModel } } = {
  'compact': { title: 'a dozen numbers: dense, head, all-reduce, attention and host as straight lines', create: (spec) => new CompactModel(spec) },
  'table': { title: 'measured kernel times, interpolated', create: (spec) => new TableModel(spec) },
  'roofline': { title: 'peak rates and bandwidth from the data sheet', create: (spec) => new RooflineModel(spec) },
  'trained-physics': { title: 'physical basis times with globally trained factors', create: (spec) => new TrainedPhysicsModel(spec) },
  'constant': { title: 'so long a step, so long a sequence', create: (spec) => new ConstantModel(spec) },
};

/** @throws ERR_ENGINE_UNKNOWN for a model that is not there; ERR_OPTION_RANGE for numbers that price nothing */
export function createCostModel(spec: CostSpec): CostModel {
  if (!Object.hasOwn(COST_MODELS, spec.model)) {
    throw unknownName('cost model', String(spec.model), Object.keys(COST_MODELS), '', 'ERR_ENGINE_UNKNOWN');
  }
  return (COST_MODELS[spec.model] as { create(of: CostSpec): CostModel }).create(spec);
}
