// A pool of worker threads. Results come back in any order; whoever collects them files them by (cell, replication).
import { Worker } from 'node:worker_threads';
import { SchedlabError } from '../../src/errors.ts';
import type { ReplicationRecord } from '../results.ts';
import { every } from './machine.ts';
import type { FromWorker, ToWorker, WorkerStart } from './protocol.ts';
import { sharedBytes, sharedParts } from './protocol.ts';
import { faultOfStranger, suspects } from './strangers.ts';
import type { RunSettings } from './replicate.ts';
import { TaskQueue } from './task-queue.ts';
import type { PlainError, Runner, Task } from './tasks.ts';
import { taskError } from './tasks.ts';
import type { Plan, ScenarioSource, StopSignal } from './types.ts';

/** Work that a worker is sent ahead, in ms: enough to hide the way there and back, little enough to share out fairly. */
const AHEAD_MS = 40;
const MOST_AHEAD = 64;
/** How often a request to stop is looked for, in ms. */
const POLL_MS = 40;

interface Member { readonly worker: Worker; ready: boolean; outstanding: number; gone: boolean }
interface Job {
  readonly queue: TaskQueue;
  open: number;
  readonly done: (task: Task, record: ReplicationRecord) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class WorkerPool implements Runner {
  readonly workers: number;
  readonly #plan: Plan;
  readonly #members: Member[] = [];
  readonly #stop: Uint8Array;
  /** Files of the user's that take part. */
  readonly #files: readonly string[];
  #job: Job | undefined;
  #failure: SchedlabError | undefined;
  /** Mean duration of a replication so far, in ms; a long one is assumed until one has ended. */
  #meanMs = AHEAD_MS;
  #ended = 0;

  /** `shared`: the bytes of `protocol.ts`, where others than these workers begin cells too. */
  constructor(plan: Plan, source: ScenarioSource, settings: RunSettings, workers: number, url: URL, shared = sharedBytes(plan.cells.length)) {
    this.#plan = plan;
    this.workers = workers;
    this.#files = [...(source.kind === 'file' ? [source.path] : []), ...plan.files.map((file) => file.path)];
    this.#stop = sharedParts(shared).stop;
    const start: WorkerStart = { source, version: plan.version, cells: plan.cells.map(({ id, params }) => ({ id, params })), settings, metrics: plan.request.metrics ?? [], ...(plan.engines ? { engines: plan.engines } : {}), shared };
    for (let i = 0; i < workers; i++) this.#enlist(new Worker(url, { workerData: start, name: `schedlab ${i}` }));
  }

  #enlist(worker: Worker): void {
    const member: Member = { worker, ready: false, outstanding: 0, gone: false };
    this.#members.push(member);
    worker.on('message', (message: FromWorker) => this.#hear(member, message));
    worker.on('error', (error: Error & { code?: string }) => {
      this.#fail(error?.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(this.#files) : crash(error));
    });
    worker.on('exit', () => {
      member.gone = true;
      if (this.#job && (member.outstanding > 0 || !member.ready) && this.#stop[0] < 2) this.#fail(ended(this.#files));
      else this.#settle();
    });
  }

  #hear(member: Member, message: FromWorker): void {
    if (message.kind === 'ready') { member.ready = true; this.#send(member); return; }
    if (message.kind === 'failed' && message.task === null) { this.#fail(startError(message.error)); return; }
    const job = this.#job;
    if (!job) return;
    member.outstanding--;
    job.open--;
    if (message.kind === 'failed') { this.#fail(taskError(message.error, this.#plan.cells[message.task!.cell].label, message.task!.replication)); return; }
    if (message.kind === 'done') {
      this.#ended++;
      this.#meanMs += (message.tookMs - this.#meanMs) / Math.min(this.#ended, 20);
      try { job.done(message.task, message.record); } catch (error) { this.#fail(error); return; }
    }
    this.#send(member);
    this.#settle();
  }

  /** Tops up one worker; the closer the end, the smaller the portions. */
  #send(member: Member): void {
    const job = this.#job;
    if (!job || !member.ready || member.gone) return;
    const { left } = job.queue;
    const share = Math.ceil(left / (2 * this.workers));
    const ahead = this.#meanMs > AHEAD_MS / 2 ? 1 : Math.min(MOST_AHEAD, share, Math.ceil(AHEAD_MS / Math.max(this.#meanMs, 0.1)));
    if (member.outstanding > ahead / 2) return;
    const count = Math.min(left, Math.max(0, ahead - member.outstanding));
    if (count === 0) return;
    const tasks = job.queue.takeMany(count);
    job.open += count;
    member.outstanding += count;
    member.worker.postMessage({ tasks } satisfies ToWorker);
  }

  /** Somebody else took the last task: there may be nothing left to wait for. */
  look(): void { this.#settle(); }

  #settle(): void {
    const job = this.#job;
    if (!job || this.#failure) return;
    const stopped = this.#stop[0] >= 2;
    if (stopped ? this.#members.some((m) => !m.gone) : job.open > 0 || job.queue.left > 0) return;
    this.#job = undefined;
    job.resolve();
  }

  #fail(error: unknown): void {
    this.#failure ??= error as SchedlabError;
    const job = this.#job;
    this.#job = undefined;
    void this.close();
    job?.reject(this.#failure);
  }

  run(tasks: readonly Task[], signal: StopSignal, done: (task: Task, record: ReplicationRecord) => void): Promise<void> { return this.runFrom(new TaskQueue(tasks), signal, done); }

  /** Takes from a queue that others may take from as well. Resolves when it is empty and what was taken here has ended. */
  async runFrom(queue: TaskQueue, signal: StopSignal, done: (task: Task, record: ReplicationRecord) => void): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (queue.left === 0) return;
    const stopPolling = every(POLL_MS, () => {
      if (signal.stopRequested === this.#stop[0]) return;
      Atomics.store(this.#stop, 0, signal.stopRequested);
      if (signal.stopRequested >= 2) void this.close();
    });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#job = { queue, open: 0, done, resolve, reject };
        for (const member of this.#members) this.#send(member);
      });
    } finally {
      stopPolling();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.worker.terminate()));
  }
}

/** The machine's limit, or the doing of code that keeps all it meets: no bug here. */
function outOfMemory(files: readonly string[]): SchedlabError {
  const advice = 'Ask for fewer workers with --jobs, or for a shorter run.';
  if (files.length === 0) return new SchedlabError('ERR_NOT_POSSIBLE', `a worker ran out of memory. ${advice}`);
  return new SchedlabError('ERR_SCENARIO_FILE', `a worker ran out of memory, with ${suspects(files)}. Look there first for what grows and is never forgotten; if nothing does, the run is too large for this machine. ${advice}`);
}

function ended(files: readonly string[]): SchedlabError {
  if (files.length === 0) return new SchedlabError('ERR_INTERNAL', 'a worker ended before its work was done.');
  return new SchedlabError('ERR_SCENARIO_FILE', `a worker ended before its work was done, with ${suspects(files)}. Nothing that ships ends a thread: look there for what does.`);
}

function crash(raw: Error): SchedlabError {
  const error = faultOfStranger(raw);
  if (error instanceof SchedlabError) return error;
  if (!(error instanceof Error)) return new SchedlabError('ERR_INTERNAL', `a worker crashed: ${String(error)}`);
  const found = new SchedlabError('ERR_INTERNAL', `a worker crashed: ${error.message}`);
  if (error.stack) found.stack = error.stack;
  return found;
}

/** Keeps the code: a scenario that cannot be found again in a worker is the user's to mend. */
function startError(error: PlainError): SchedlabError {
  const found = taskError(error, 'a worker', 0);
  found.message = `a worker could not start: ${error.message}`;
  return found;
}
