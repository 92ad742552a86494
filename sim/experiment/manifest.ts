// The manifest: what a reader needs to judge the numbers and to make them again.
import type { Manifest, ReplicationRecord, SummaryFile } from '../results.ts';
import { MANIFEST_SCHEMA } from '../results.ts';
import { sha256Hex } from './digest.ts';
import { NODE_VERSION } from './machine.ts';
import { quoteShell, redoCommand } from './redo.ts';
import type { RedoOptions } from './redo.ts';
import type { Plan } from './types.ts';

export interface ManifestFacts extends RedoOptions {
  readonly asked: string | undefined;
  readonly startedAt: string;
  readonly durationS: number;
  readonly workers: number;
  readonly interrupted: boolean;
  /** Replications that ran here, for the rate of events; reused ones cost nothing. */
  readonly ran: readonly ReplicationRecord[];
}

/** One digest over all result digests in (cell, replication) order: equal numbers, equal text, on any machine and with any number of workers. */
export function experimentDigest(records: readonly ReplicationRecord[]): string {
  return sha256Hex(records.map((record) => `${record.cell} ${record.replication} ${record.resultDigest}\n`).join(''));
}

/** `summary` undefined: the experiment has only begun. */
export function buildManifest(plan: Plan, records: readonly ReplicationRecord[], summary: SummaryFile | undefined, facts: ManifestFacts): Manifest {
  const redo = redoCommand(plan, facts);
  const events = facts.ran.reduce((n, record) => n + record.events, 0);
  const valid = summary?.valid ?? false;
  return {
    schema: MANIFEST_SCHEMA, tool: `schedlab ${plan.version}`, node: NODE_VERSION,
    scenario: plan.scenario.name, title: plan.scenario.title, question: plan.question, study: plan.study, target: facts.target ?? 'sim',
    origins: plan.origins, base: plan.base, swept: plan.swept, headline: plan.headline,
    seed: facts.seed, reps: facts.reps, cells: plan.cells.map((cell) => cell.id), data: plan.data, files: plan.files, ...(plan.metrics.length > 0 ? { metrics: plan.metrics } : {}),
    assumptions: plan.assumptions, notSimulated: plan.notSimulated,
    digest: experimentDigest(records), valid,
    verdict: facts.interrupted ? 'interrupted' : valid ? 'valid' : `invalid: ${summary?.notes[0] ?? 'nothing has run'}`,
    redo, asked: facts.asked ?? redo,
    wall: { startedAt: facts.startedAt, durationS: round(facts.durationS), workers: facts.workers, eventsPerS: facts.durationS > 0 ? Math.round(events / facts.durationS) : 0 },
    interrupted: facts.interrupted,
  };
}

/** Milliseconds are as much as a duration on the wall tells. */
function round(seconds: number): number { return Math.round(seconds * 1000) / 1000; }

export { quoteShell, redoCommand };
