// The scheduler of an engine from its parts: that of a policy inside it, or vLLM's own in the form that serves best.
import { BulkScheduler } from './bulk-scheduler.ts';
import { batchConfig } from './config.ts';
import type { BatchEngineParts } from './engine-parts.ts';
import { OrderedScheduler } from './ordered-scheduler.ts';
import { schedulerOf } from './scheduler-form.ts';
import type { SilentScheduler, StepScheduler } from './step-scheduler.ts';

/** `silent`: the same, where it can pass over steps that nobody outside can notice. */
export interface EngineScheduler { readonly scheduler: StepScheduler; readonly silent: SilentScheduler | undefined }

export function schedulerFor(parts: BatchEngineParts): EngineScheduler {
  const config = batchConfig(parts.config), { calls, kernel, ordered, number, retention, form, content } = parts, own = ordered && new OrderedScheduler(config, content, { ...ordered, calls, clock: kernel, number });
  // Whoever holds blocks beside the requests knows them one by one.
  const scheduler = own === undefined ? schedulerOf(config, content, retention === undefined ? form : 'plain') : own as unknown as StepScheduler;
  const isSilent = parts.onStep === undefined && form !== 'plain' && (scheduler instanceof BulkScheduler || (own !== undefined && !config.asynchronous));
  return { scheduler, silent: isSilent ? scheduler as unknown as SilentScheduler : undefined };
}
