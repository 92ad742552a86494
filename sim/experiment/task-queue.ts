// The tasks of a run that nobody has taken yet: whoever is free takes the next.
import type { Task } from './tasks.ts';

export class TaskQueue {
  readonly #tasks: readonly Task[];
  #next = 0;

  constructor(tasks: readonly Task[]) { this.#tasks = tasks; }

  get left(): number { return this.#tasks.length - this.#next; }
  /** The next task, or undefined where none is left. O(1). */
  take(): Task | undefined { return this.left > 0 ? this.#tasks[this.#next++] : undefined; }
  takeMany(count: number): Task[] {
    const taken = this.#tasks.slice(this.#next, this.#next + count);
    this.#next += taken.length;
    return taken;
  }
  /** Nobody takes any more. */
  close(): void { this.#next = this.#tasks.length; }
}
