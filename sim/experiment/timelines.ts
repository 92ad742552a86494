// The part of a trace file that one replication writes, and which replications are drawn.
import { EngineTimeline } from '../measure/engine-timeline.ts';
import { Timeline } from '../measure/timeline.ts';
import { TraceSink } from '../measure/trace-sink.ts';
import type { Watch } from '../measure/watched-recorder.ts';
import type { Model } from '../scenario.ts';
import { Part } from './parts.ts';
import type { Task } from './tasks.ts';

/** Processes of a cell are numbered from here times its place in the plan. */
const PROCESSES = 10_000;
/** Characters of a file, over all its cells; a viewer in a browser opens no more with ease. And the least of a cell. */
const MOST = 64 * 2 ** 20, LEAST = 2 ** 20;

export interface TraceFile {
  readonly path: string;
  /** What is over before is left out. */
  readonly fromS: number;
  /** Labels of the cells, where there are several. */
  readonly labels: readonly string[];
}

export class TimelinePart {
  readonly watch: Watch;
  readonly #part: Part;
  readonly #sink: TraceSink;
  readonly #label: string;
  readonly #fromS: number;
  constructor({ path, fromS, labels }: TraceFile, task: Task, model: Model) {
    const part = this.#part = new Part(path, task, '--trace'), sink = this.#sink = new TraceSink({
      write: (event) => { part.write(`${event},\n`); }, fromUs: fromS * 1e6, most: Math.max(LEAST, Math.floor(MOST / Math.max(1, labels.length))),
    });
    this.#fromS = fromS;
    // Stands before the names of processes.
    const label = this.#label = labels[task.cell] ?? '', Kind = model.engines.kind === 'batch' ? EngineTimeline : Timeline;
    this.watch = (calls, ids) => new Kind({ calls, ids, agents: model.agents, engines: model.engines.count, firstProcess: 1 + task.cell * PROCESSES, label, sink });
  }

  /** What was left out because the file would have become too large or because all was over before it begins, and how to have it; nothing where all was drawn. */
  get leftOut(): string | undefined {
    const sink = this.#sink, whose = this.#label === '' ? '' : ` of ${this.#label}`;
    if (sink.isEmpty && this.#fromS > 0) return `the trace${whose} holds no event: --trace-from ${this.#fromS} is later than all that happens, and the last ends at ${sink.latestUs / 1e6} s. Begin earlier`;
    if (!sink.isFull) return undefined;
    const atS = sink.fullUs / 1e6;
    return `the trace${whose} ends at ${atS} s, where it has grown to what a viewer opens with ease. For what follows add --trace-from ${atS}${this.#label === '' ? '' : ', best to one cell: schedlab run --from DIR --cell ID --rep 0'}`;
  }
  close(): void { this.#part.close(); }
}

/** One picture a cell is what a reader can take in; the others are drawn by `run --from`. */
export const isDrawn = (task: Task): boolean => task.replication === 0;
