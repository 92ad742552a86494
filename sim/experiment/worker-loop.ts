// Inside a worker: finds the scenario again, builds each cell once, runs what it is sent.
import { parentPort, workerData } from 'node:worker_threads';
import { SchedlabError, assert } from '../../src/errors.ts';
import { asGiven, buildCell, codeIdentity, rememberingReader } from './cell.ts';
import type { BuiltCell } from './cell.ts';
import { withFiles } from './definitions.ts';
import { fromSource } from './load.ts';
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts';
import { sharedParts } from './protocol.ts';
import { replicate } from './replicate.ts';
import { mayStart, plainError } from './tasks.ts';
import type { Laboratory } from './types.ts';
import { wallMs } from './machine.ts';

/** Serves the main thread until it ends this worker. */
export async function serveExperiment(shipped: Laboratory): Promise<void> {
  const port = parentPort, start = workerData as WorkerStart;
  assert(port !== null, 'a worker has a parent');
  const tell = (message: FromWorker): void => port.postMessage(message);
  try {
    const scenario = await fromSource(start.source);
    const laboratory = await withFiles({ ...shipped, ...(start.engines ? { engines: start.engines } : {}) }, { policies: start.cells.map((cell) => cell.params['policy']), balancers: start.cells.map((cell) => cell.params['balancer']), metrics: start.metrics }, scenario);
    const read = rememberingReader(laboratory), code = codeIdentity(start.version, start.source);
    const { stop, begun } = sharedParts(start.shared);
    const cells: (BuiltCell | undefined)[] = start.cells.map(() => undefined);
    const cellOf = (index: number): BuiltCell => {
      const planned = start.cells[index];
      const built = cells[index] ??= buildCell(scenario, asGiven(planned.params), laboratory, read, code);
      if (built.id !== planned.id) throw new SchedlabError('ERR_SCENARIO_FILE', `the scenario or its data changed while the experiment ran: a cell was planned as ${planned.id} and is ${built.id} now. Run it again with the files left alone.`);
      return built;
    };
    let queue = Promise.resolve();
    port.on('message', (message: ToWorker) => {
      queue = queue.then(async () => {
        for (const task of message.tasks) {
          if (!mayStart(Atomics.load(stop, 0), begun, task.cell)) { tell({ kind: 'skipped', task }); continue; }
          Atomics.store(begun, task.cell, 1);
          const started = wallMs();
          try {
            const record = await replicate(laboratory, cellOf(task.cell), task, start.settings);
            tell({ kind: 'done', task, record, tookMs: wallMs() - started });
          } catch (error) { tell({ kind: 'failed', task, error: plainError(error) }); }
        }
      });
    });
    tell({ kind: 'ready' });
  } catch (error) {
    tell({ kind: 'failed', task: null, error: plainError(error) });
  }
}
