// This thread, and workers beside it once the work is seen to be long enough to pay for their start.
import type { ReplicationRecord } from '../results.ts';
import type { LocalRunner } from './local.ts';
import { wallMs } from './machine.ts';
import type { WorkerPool } from './pool.ts';
import { TaskQueue } from './task-queue.ts';
import type { Runner, Task } from './tasks.ts';
import type { StopSignal } from './types.ts';

/** How long this thread works alone before it judges, in ms: the compiler has had its say by then. */
const TRIAL_MS = 300;
/** Work left, in ms of this thread, below which a worker costs more than it brings: it loads and compiles everything anew. */
const WORTH_MS = 2000;
/** The last replications weigh most: the first ones were slow. */
const WEIGHT = 0.25;

export class Crew implements Runner {
  /** At most so many threads work. */
  readonly workers: number;
  readonly #local: LocalRunner;
  readonly #enlist: () => WorkerPool;
  #pool: WorkerPool | undefined;

  /** `enlist` starts the workers beside this thread. */
  constructor(workers: number, local: LocalRunner, enlist: () => WorkerPool) {
    this.workers = workers;
    this.#local = local;
    this.#enlist = enlist;
  }

  async run(tasks: readonly Task[], signal: StopSignal, done: (task: Task, record: ReplicationRecord) => void): Promise<void> {
    const queue = new TaskQueue(tasks), startedMs = wallMs();
    let help: Promise<void> | undefined, failure: { readonly error: unknown } | undefined, meanMs = Infinity, lastMs = startedMs, lastEnded = 0;
    const call = (): void => {
      this.#pool ??= this.#enlist();
      help = this.#pool.runFrom(queue, signal, done).catch((error: unknown) => { failure ??= { error }; queue.close(); });
    };
    const judge = (ended: number): void => {
      if (help !== undefined || queue.left === 0) return;
      const nowMs = wallMs();
      if (ended > lastEnded) {
        const ms = (nowMs - lastMs) / (ended - lastEnded);
        meanMs = meanMs === Infinity ? ms : meanMs + WEIGHT * (ms - meanMs);
        lastMs = nowMs;
        lastEnded = ended;
      }
      if (nowMs - startedMs > TRIAL_MS && meanMs * queue.left > WORTH_MS) call();
    };
    if (this.#pool !== undefined) call();
    try {
      await this.#local.runFrom(queue, signal, done, this.workers > 1 ? judge : undefined);
    } catch (error) {
      queue.close();
      failure ??= { error };
    }
    this.#pool?.look();
    await help;
    if (failure !== undefined) throw failure.error;
  }

  async close(): Promise<void> { await this.#pool?.close(); }
}
