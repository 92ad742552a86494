// What a reader of the numbers should know, said in words: growing queues, unfinished calls, one trace for all replications.
import type { CellSummary } from '../results.ts';
import { untoldNote } from './stability.ts';
import type { SummariseInput } from './types.ts';

/** Share of unfinished calls, or of programs, above which the times of those that ended mislead. */
const UNFINISHED_LIMIT = 0.05;

function percent(share: number): string { return share < 0.01 ? `${(share * 100).toPrecision(1)} %` : `${Math.round(share * 100)} %`; }

/** Share of calls that were neither served nor refused when the window ended; null where nothing arrived. */
export function unfinishedShare(cell: CellSummary): number | null {
  const unfinished = cell.metrics['unfinished']?.mean, arrived = cell.metrics['arrived']?.mean;
  return unfinished === null || unfinished === undefined || !arrived ? null : unfinished / arrived;
}

/** Share of the programs of several calls that were open when the window ended; null where programs are single calls, of which the other note speaks. */
export function openShare(cell: CellSummary): number | null {
  const open = cell.metrics['programs.unfinished']?.mean, begun = cell.metrics['programs.begun']?.mean;
  return open === null || open === undefined || !begun || begun === cell.metrics['arrived']?.mean ? null : open / begun;
}

/** `60 % (a) to 80 % (b) of the calls are unfinished at the end in a, b: …`, or nothing. */
function unfinishedNote(cells: readonly CellSummary[], shareOf: (cell: CellSummary) => number | null, who: string, why: string): string[] {
  const shares = cells.map((cell) => ({ cell, share: shareOf(cell) })).filter((one): one is { cell: CellSummary; share: number } => one.share !== null && one.share > UNFINISHED_LIMIT);
  if (shares.length === 0) return [];
  const least = shares.reduce((a, b) => (b.share < a.share ? b : a)), most = shares.reduce((a, b) => (b.share > a.share ? b : a));
  const range = percent(least.share) === percent(most.share) ? percent(most.share) : `${percent(least.share)} (${least.cell.label}) to ${percent(most.share)} (${most.cell.label})`;
  const where = shares.length === cells.length ? '' : ` in ${listed(shares.map((one) => one.cell))}`;
  return [`${range} of the ${who} are unfinished at the end${where}: ${why}`];
}

/** Notes on the cells of a summary, in the order of their weight. */
export function cellNotes(input: SummariseInput, cells: readonly CellSummary[], unstable: readonly CellSummary[]): string[] {
  const notes: string[] = [];
  if (input.study === 'terminating' && unstable.length) notes.push(`unstable: the queue grows${unstable.length === cells.length ? '' : ` in ${listed(unstable)}`}; the figures hold for this window only`);
  const untold = cells.filter((cell) => cell.stable === null);
  if (untold.length > 0) notes.push(untoldNote(untold, untold.length === cells.length ? '' : ` in ${listed(untold)}`));
  notes.push(...unfinishedNote(cells, unfinishedShare, 'calls', 'the wait of served calls flatters whoever serves the fewest; read wait_all beside it'));
  notes.push(...unfinishedNote(cells, openShare, 'programs', 'program_time, slowdown and token_latency are of those that completed, and flatter whoever parks the long ones; read program_time_all beside them, a lower bound'));
  const most = Math.max(0, ...cells.map((cell) => cell.replications));
  if (input.traced && most > 1) notes.push('all replications replay the same trace: their intervals cover chance within the run (ties), not other traces');
  if (!input.traced && most === 1) notes.push('one replication: no interval can be given; ask for more with --reps');
  return notes;
}

/** Up to four labels, then how many more. */
export function listed(cells: readonly { readonly label: string }[]): string {
  const names = cells.slice(0, 4).map((cell) => cell.label);
  return cells.length > 4 ? `${names.join(', ')} and ${cells.length - 4} more` : names.join(', ');
}
