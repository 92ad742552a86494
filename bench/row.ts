// What a benchmark answers with: one line of the table each.
export interface BenchRow {
  readonly task: string;
  /** The figure, in `unit`; most are per second, wall times are in seconds. null: not timed, and `note` says why. */
  readonly perSecond: number | null;
  readonly unit: string;
  readonly note: string;
}
