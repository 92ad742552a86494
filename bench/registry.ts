// Every benchmark by name. To add one: a file that answers with rows, and a line here. Each checks its results before it times them.
import type { BenchRow } from './row.ts';

/** What may stand after the names: `--million`, for `peers`. */
export const OPTIONS: readonly string[] = ['--million'];

export const BENCHES: Readonly<Record<string, (options: readonly string[]) => Promise<readonly BenchRow[]>>> = {
  'event-queue': async () => (await import('./micro/event-queue.ts')).eventQueueTasks(),
  'loco-grants': async () => (await import('./micro/loco-grants.ts')).locoGrants(),
  'decisions': async () => (await import('./micro/decisions.ts')).decisionCosts(),
  'process-table': async () => (await import('./micro/process-table.ts')).processTable(),
  'whole-model': async () => (await import('./model/mm8.ts')).mm8(),
  'receipts': async () => (await import('./model/receipts.ts')).receiptCosts(),
  'watch': async () => (await import('./model/watch.ts')).watchTimes(),
  'sweep': async () => (await import('./model/sweep.ts')).sweepTimes(),
  'engine': async () => (await import('./engine/speed.ts')).engineSpeed(),
  'peers': async (options) => (await import('./peers/peers.ts')).peers({ million: options.includes('--million') }),
  'start': async () => (await import('./start.ts')).startTimes(),
};
