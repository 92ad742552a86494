// The part of a trace file that one replication writes, and which replications are drawn.
import { Timeline } from '../measure/timeline.ts';
import type { Watch } from '../measure/watched-recorder.ts';
import type { Model } from '../scenario.ts';
import { Part } from './parts.ts';
import type { Task } from './tasks.ts';

/** Processes of a cell are numbered from here times its place in the plan. */
const PROCESSES = 10_000;

export class TimelinePart {
  readonly watch: Watch;
  readonly #part: Part;
  /** `label` stands before the names of processes; empty: nothing. */
  constructor(path: string, task: Task, model: Model, label: string) {
    const part = this.#part = new Part(path, task, '--trace');
    this.watch = (calls, ids) => new Timeline({
      calls, ids, agents: model.agents, engines: model.engines.count, firstProcess: 1 + task.cell * PROCESSES, label, write: (event) => { part.write(`${event},\n`); },
    });
  }
  close(): void { this.#part.close(); }
}

/** One picture a cell is what a reader can take in; the others are drawn by `run --from`. */
export const isDrawn = (task: Task): boolean => task.replication === 0;
