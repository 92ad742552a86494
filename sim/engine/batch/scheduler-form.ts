// Which scheduler serves an engine: in bulk where that decides as the plain one does.
import { AsyncBulkScheduler } from './async-bulk-scheduler.ts';
import { BulkScheduler } from './bulk-scheduler.ts';
import type { BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import { plainOnly } from './plain-only.ts';
import { BatchScheduler } from './scheduler.ts';
import type { StepScheduler } from './step-scheduler.ts';

/** `auto`: in bulk wherever that can be; `plain`: never. */
export type SchedulerForm = 'auto' | 'plain';

export function bulkScheduler(config: BatchConfig, content: ContentTable): BulkScheduler | AsyncBulkScheduler {
  return config.asynchronous ? new AsyncBulkScheduler(config, content) : new BulkScheduler(config, content);
}

export function schedulerOf(config: BatchConfig, content: ContentTable, form: SchedulerForm = 'auto'): StepScheduler {
  return (form === 'plain' || plainOnly(config) !== undefined ? new BatchScheduler(config, content) : bulkScheduler(config, content)) as StepScheduler;
}
