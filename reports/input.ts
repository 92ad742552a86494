// What a report is made from: the three result files, and where they lie.
import type { Manifest, ReplicationRecord, SummaryFile } from '../sim/results.ts';

export interface ReportInput {
  readonly summary: SummaryFile;
  readonly manifest: Manifest;
  readonly replications: readonly ReplicationRecord[];
  /** Folder of each cell, by its id, as a command names it; without it no command repeats a replication. */
  readonly folders?: Readonly<Record<string, string>>;
}
