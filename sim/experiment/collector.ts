// Files records by (cell, replication), so that neither the number of workers nor the order of completion can change a byte.
import { assert } from '../../src/errors.ts';
import type { ReplicationRecord } from '../results.ts';
import type { Task } from './tasks.ts';

export class Collector {
  readonly #cells: readonly { readonly id: string }[];
  readonly #byCell: Map<number, ReplicationRecord>[];
  #count = 0;
  constructor(cells: readonly { readonly id: string }[]) {
    this.#cells = cells;
    this.#byCell = cells.map(() => new Map());
  }

  /** Replications finished, of all cells or of one. */
  get count(): number { return this.#count; }
  countOf(cell: number): number { return this.#byCell[cell].size; }
  has(task: Task): boolean { return this.#byCell[task.cell].has(task.replication); }

  put(task: Task, record: ReplicationRecord): void {
    assert(!this.has(task), 'a replication is counted once', { ...task });
    assert(record.cell === this.#cells[task.cell].id && record.replication === task.replication, 'a record belongs to its task', { ...task, cell: record.cell, replication: record.replication });
    this.#byCell[task.cell].set(task.replication, record);
    this.#count++;
  }

  /** Takes over records of an earlier run; cells are found by their id. */
  adopt(records: readonly ReplicationRecord[]): void {
    const place = new Map(this.#cells.map((cell, i) => [cell.id, i]));
    for (const record of records) {
      const cell = place.get(record.cell);
      if (cell !== undefined) this.put({ cell, replication: record.replication }, record);
    }
  }

  /** Records of each cell in order of replication. */
  grouped(): ReplicationRecord[][] { return this.#byCell.map((records) => [...records.values()].sort((a, b) => a.replication - b.replication)); }

  /** All records in (cell, replication) order. */
  ordered(): ReplicationRecord[] { return this.grouped().flat(); }

  /** Highest replication held, plus one. */
  get reach(): number {
    let most = 0;
    for (const records of this.#byCell) for (const replication of records.keys()) most = Math.max(most, replication + 1);
    return most;
  }

  /** Tasks of all cells up to `reps` replications that are still to do, cell by cell. */
  missing(reps: number): Task[] {
    const out: Task[] = [];
    for (let cell = 0; cell < this.#cells.length; cell++)
      for (let replication = 0; replication < reps; replication++) if (!this.has({ cell, replication })) out.push({ cell, replication });
    return out;
  }

  /** Finished tasks in order. */
  tasks(): Task[] { return this.#byCell.flatMap((records, cell) => [...records.keys()].sort((a, b) => a - b).map((replication) => ({ cell, replication }))); }
}
