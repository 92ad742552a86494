// What a report is made from: the three result files, and nothing else.
import type { Manifest, ReplicationRecord, SummaryFile } from '../sim/results.ts';

export interface ReportInput {
  readonly summary: SummaryFile;
  readonly manifest: Manifest;
  readonly replications: readonly ReplicationRecord[];
}
