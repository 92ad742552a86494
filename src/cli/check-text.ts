// What `check` says: one line a clause; where one does not hold, what was seen, the history that shows it, and what to do.
import type { ParamTable, ParamValues } from '../options.ts';
import type { Verdict } from '../../sim/check/index.ts';
import { fold, hang } from './fold.ts';
import { forReader, hasColour } from './io.ts';
import type { Io } from './io.ts';

export const CHECK_SCHEMA = 'schedlab/check@1';

export interface Checked {
  /** As the command names it. */
  readonly shown: string;
  readonly kind: string;
  /** As it names itself. */
  readonly name: string;
  readonly params: ParamTable;
  readonly options: ParamValues;
  readonly verdicts: readonly Verdict[];
  readonly isKept: boolean;
}

const WORD = (holds: boolean | null): string => (holds === null ? 'not judged' : holds ? 'holds' : 'broken');

export function sayChecked(result: Checked, io: Io): void {
  const { shown, kind, name, verdicts } = result, isColoured = hasColour(io), width = Math.max(...verdicts.map(({ clause }) => clause.id.length));
  const lines = [`${shown} · ${kind}${name === shown ? '' : ` ${JSON.stringify(name)}`}`];
  for (const { clause, holds, after } of verdicts) {
    const word = WORD(holds).padEnd(10), painted = !isColoured || holds === null ? word : holds ? `\u001b[32m${word}\u001b[39m` : `\u001b[31m${word}\u001b[39m`;
    lines.push(`  ${painted}  ${clause.id.padEnd(width)}  ${clause.demands}${after === undefined ? '' : ` (${after} comes first)`}`);
  }
  for (const verdict of verdicts) if (verdict.holds === false) lines.push('', ...broken(verdict, io));
  const count = verdicts.filter(({ holds }) => holds === false).length, unjudged = verdicts.filter(({ holds }) => holds === null).length;
  lines.push('', count === 0 ? `all ${verdicts.length} clauses hold` : `${count} of ${verdicts.length} clauses ${count === 1 ? 'is' : 'are'} broken${unjudged > 0 ? `, ${unjudged} not judged` : ''}`, '');
  io.stderr.write(`${lines.join('\n')}\n`.replace(/\n\n$/, '\n'));
}

function broken({ clause, shown }: Verdict, io: Io): string[] {
  const lines = shown?.lines ?? [], most = String(lines.length).length;
  return [
    forReader(io, `broken: ${clause.id}: ${clause.demands}`),
    ...(lines.length > 0 ? [clause.id === 'ends' ? '  the history up to there' : '  the shortest history that shows it', ...lines.map((line, i) => { const head = `  ${String(i + 1).padStart(most)}  `; return io.isTTY ? head + hang(line, Math.max(40, io.columns - head.length)) : head + line; })] : []),
    ...indented(`then ${shown?.why ?? ''}`, io),
    ...indented(clause.advice, io),
  ];
}

/** Under what it belongs to: broken at spaces on a terminal, one line elsewhere. */
function indented(text: string, io: Io): string[] { return (io.isTTY ? fold(text, Math.max(40, io.columns) - 2) : [text]).map((line) => `  ${line}`); }

export function checkJson(results: readonly Checked[], seed: string, histories: number, tests: readonly string[], failedTests: number): unknown {
  return {
    schema: CHECK_SCHEMA, seed, histories, kept: failedTests === 0 && results.every(({ isKept }) => isKept), tests: { files: tests, failed: failedTests },
    subjects: results.map(({ shown, kind, name, options, verdicts, isKept }) => ({
      subject: shown, kind, name, options, kept: isKept,
      clauses: verdicts.map(({ clause, holds, after, shown: found }) => ({ id: clause.id, demands: clause.demands, holds, ...(after === undefined ? {} : { after }), ...(found ? { why: found.why, history: found.lines, advice: clause.advice } : {}) })),
    })),
  };
}

