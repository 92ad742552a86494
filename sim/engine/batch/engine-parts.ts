// What a batch engine is made from.
import type { CallTable } from '../../../src/dispatch/calls.ts';
import type { Retention } from '../../../src/addons/retention.ts';
import type { EngineEvents } from '../../../src/engines/engine.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { DecisionTrail } from '../../measure/decision-trail.ts';
import type { CallOverhead, CostModel } from '../cost/cost-model.ts';
import type { Work } from '../work.ts';
import type { CallSplits } from './call-split.ts';
import type { BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import type { EngineObserver } from './engine-observer.ts';
import type { OrderedParts } from './ordered-parts.ts';
import type { PromptSource } from './prompts.ts';
import type { SchedulerForm } from './scheduler-form.ts';
import type { StepRecord } from './step-record.ts';

export interface BatchEngineParts {
  readonly number: number;
  readonly kernel: Kernel;
  /** Kernel event kind whose subject is an engine's number: `stepped` is called for it. */
  readonly kind: number;
  readonly calls: CallTable;
  readonly work: Work;
  readonly events: EngineEvents;
  readonly config: Partial<BatchConfig>;
  readonly form?: SchedulerForm;
  /** A policy that fills the batch, instead of vLLM's own order. */
  readonly ordered?: OrderedParts | undefined;
  readonly content: ContentTable;
  readonly prompts: PromptSource;
  readonly cost: CostModel;
  readonly overhead?: CallOverhead;
  readonly splits?: CallSplits;
  /** Decides whose blocks stay while a tool runs; the engine then decides one request at a time. */
  readonly retention?: Retention | undefined;
  /** Time to compute so many tokens from nothing, in µs: what a retention is told. */
  readonly reloadUs?: (tokens: number) => number;
  /** End of the window: from then on nothing is decided. */
  readonly endUs?: number;
  /** Keeps who was admitted and who was preempted, where that is the policy's doing. */
  readonly trail?: DecisionTrail | undefined;
  readonly observer?: EngineObserver | undefined;
  /** Told of every step that computes something, when it is planned. */
  readonly onStep?: (record: Readonly<StepRecord>) => void;
}
