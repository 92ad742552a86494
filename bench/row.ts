// What a benchmark answers with: one line of the table each.
export interface BenchRow {
  readonly task: string;
  /** The figure, in `unit`; most are per second, wall times are in seconds. */
  readonly perSecond: number;
  readonly unit: string;
  readonly note: string;
}
