// The sentences under the table, each found from the numbers: who is better, and what cannot be told apart.
import { groupsOf, hasNoEffect } from '../../reports/decided.ts';
import type { SummaryFile } from '../../sim/results.ts';
import { nameOf, namesOf } from './cell-names.ts';
import { sizeText, tellingMetric } from './result-table.ts';

/** What the comparisons of one metric say. */
export function verdictSentence(summary: SummaryFile, metric: string): string | undefined {
  const all = summary.comparisons.filter((c) => c.metric === metric);
  const baseline = summary.cells.find((cell) => cell.id === summary.baseline);
  if (all.length === 0 || !baseline) return undefined;
  const name = nameOf(summary, baseline.id);
  const of = (...verdicts: string[]): string[] => all.filter((c) => verdicts.includes(c.verdict)).map((c) => c.cell);
  const better = of('better'), worse = of('worse'), same = of('same'), equal = of('equal');
  const pair = all.some((c) => c.method === 'batch-means') ? 'window' : all.some((c) => c.method === 'sectioning') ? 'part of the trace' : 'replication';
  if (all.every((c) => c.verdict === 'equal')) return all.every((c) => c.method === 'none') ? `${metric} is equal in every cell, of one replication each` : `${metric} is equal in every ${pair} of every cell`;
  if (all.every((c) => c.method === 'none')) return `${metric}: one replication tells no difference from chance; --reps 10 gives intervals`;
  if (better.length === 0 && worse.length === 0) {
    if (of('different').length > 0) return undefined;
    if (equal.length === 0) return `${namesOf(summary, [baseline.id, ...same], false)} cannot be told apart on ${metric}`;
  }
  const parts: string[] = [];
  if (better.length > 0) parts.push(`better than ${name}: ${namesOf(summary, better)}`);
  if (worse.length > 0) parts.push(`worse${better.length > 0 ? '' : ` than ${name}`}: ${namesOf(summary, worse)}`);
  if (same.length > 0) parts.push(`cannot be told apart${parts.length > 0 ? '' : ` from ${name}`}: ${namesOf(summary, same)}`);
  if (equal.length > 0) parts.push(`equal in every ${pair}: ${namesOf(summary, equal)}`);
  return `on ${metric}, ${parts.join('; ')}`;
}

function largestSentence(summary: SummaryFile, metric: string): string | undefined {
  const better = summary.comparisons.filter((c) => c.metric === metric && c.verdict === 'better' && c.mean !== null);
  const baseline = summary.cells.find((cell) => cell.id === summary.baseline);
  if (better.length === 0 || !baseline) return undefined;
  const best = better.reduce((a, b) => (Math.abs(b.mean as number) > Math.abs(a.mean as number) ? b : a));
  return `largest gain on ${metric} over ${nameOf(summary, baseline.id)}: ${nameOf(summary, best.cell)} by ${sizeText(best, summary.cells)}`;
}

/** How many decisions differ from those of the baseline, and why none does where none does. */
export function decidedSentences(summary: SummaryFile): string[] {
  const baseline = summary.cells.find((cell) => cell.id === summary.baseline);
  if (!baseline || !summary.decisions) return [];
  const keys = [...new Set(summary.cells.flatMap((cell) => Object.keys(cell.varied)))], key = keys.length === 1 ? `${keys[0]} ` : '';
  return groupsOf(summary.decisions, (cell) => nameOf(summary, cell)).map(({ contrasts, text }) => `${key}${namesOf(summary, contrasts.map((one) => one.cell))} against ${nameOf(summary, baseline.id)}: ${text}`);
}

/** In the order in which a reader wants them. */
export function resultSentences(summary: SummaryFile, headline: readonly string[]): string[] {
  const telling = tellingMetric(summary, headline);
  const first = headline[0], decided = decidedSentences(summary), leads = summary.decisions?.every(hasNoEffect) ?? false;
  return [
    ...(leads ? decided : []),
    first === undefined ? undefined : verdictSentence(summary, first),
    telling === undefined || telling === first ? undefined : verdictSentence(summary, telling),
    telling === undefined ? undefined : largestSentence(summary, telling),
    ...(leads ? [] : decided),
  ].filter((sentence) => sentence !== undefined);
}
