// How long prompts and outputs are, what prompts share, and what programs are like.
import { lines } from '../charts/lines.ts';
import { ticks } from '../charts/parts.ts';
import { fitTicks } from '../charts/values.ts';
import { count, fixed, percent, plain } from '../numbers.ts';
import type { Spread, TraceDescription } from '../../sim/trace-results.ts';
import { timeText } from './arrivals.ts';
import { distributionPanel, inCounts, inSeconds, lineOf, LOOKS, shareTicks } from './curves.ts';
import type { Question } from './frame.ts';

const three = (x: number): string => plain(Number(x.toPrecision(3)));
const tokens = (x: number): string => `${fixed(Math.round(x), 0)}\u00a0tokens`;

/** Rows of quantiles, one a quantity. */
function spreadTable(label: string, rows: readonly (readonly [name: string, spread: Spread, say: (x: number) => string])[]): Question['table'] {
  const columns = ['mean', '5 %', '25 %', 'median', '75 %', '90 %', '95 %', '99 %', 'largest'];
  return {
    label, columns: [{ head: '', words: true }, ...columns.map((head) => ({ head })), { head: 'CV²' }],
    rows: rows.map(([name, s, say]) => ({ cells: [name, ...[s.mean, s.p5, s.p25, s.p50, s.p75, s.p90, s.p95, s.p99, s.max].map(say), s.cv2 === null ? 'no value' : three(s.cv2)] })),
  };
}

export function lengths({ prompt, output, lengthCorrelation, promptTokens, outputTokens }: TraceDescription): Question {
  const panel = (title: string, spread: Spread) => distributionPanel({ title, label: `${title}; the numbers are in the table.`, xTitle: 'tokens', say: inCounts, of: [{ name: '', look: LOOKS[0], curve: spread.curve }] });
  const both = [['prompt', prompt], ['output', output]] as const, drawn = both.filter(([, spread]) => spread.max > 0);
  return {
    id: 'lengths', short: 'How long?', question: 'How long are prompts and outputs?',
    finding: [
      `Half of the prompts have at most ${tokens(prompt.p50)}, one in twenty more than ${tokens(prompt.p95)}; outputs: ${tokens(output.p50)} and ${tokens(output.p95)}.`,
      outputTokens > 0 ? `${three(promptTokens / outputTokens)} tokens are read for each that is written.` : 'Nothing is written.',
      lengthCorrelation === null ? '' : Math.abs(lengthCorrelation) < 0.1 ? 'How long a prompt is says next to nothing of its output.' : `Longer prompts have ${lengthCorrelation > 0 ? 'longer' : 'shorter'} outputs: their correlation is ${fixed(lengthCorrelation, 2)}.`,
    ].filter((text) => text !== ''),
    caption: ['Share of the calls that have at most so many tokens,', ' on logarithmic axes.'],
    abreast: drawn.length === 2 ? 2 : 1,
    panels: drawn.map(([name, spread]) => panel(name === 'prompt' ? 'Prompts of at most so many tokens' : 'Outputs of at most so many tokens', spread)),
    table: spreadTable('lengths in tokens', both.map(([name, spread]) => [name, spread, (x) => fixed(Math.round(x), 0)])),
  };
}

export function sharing({ sharing: s }: TraceDescription): Question | undefined {
  if (s === null) return undefined;
  const { upTo, share } = s.overCalls, half = share[Math.floor(share.length / 2)], end = upTo[upTo.length - 1];
  return {
    id: 'sharing', short: 'What is shared?', question: 'How much do prompts have in common?',
    finding: [
      `${percent(s.share, 3)} of the prompt tokens are the beginning of a call before: the most that a prefix cache without limits could serve.`,
      `${percent(s.calls, 2)} of the calls share at least one block.`, s.distinctBlocks > 0 ? `Each of the ${count(s.distinctBlocks, 'block')} is asked for ${three(s.blocks / s.distinctBlocks)} times.` : '',
      Math.abs(half - s.share) > 0.02 ? `Over the first half of the calls it is ${percent(half, 3)}.` : '',
    ].filter((text) => text !== ''),
    caption: ['Shared tokens ÷ prompt tokens, of all calls so far,', ` in the order of the file; ${s.blockTokens === null ? 'contents as the trace names them' : `blocks of ${fixed(s.blockTokens, 0)} tokens`}.${s.isBound ? ' More contents than are remembered: a lower bound.' : ''}`],
    abreast: 1,
    panels: [{
      label: 'Share of the prompt tokens that an earlier call began with, by calls so far; the numbers are in the table.',
      build: ({ width }) => lines([lineOf('', LOOKS[0], upTo.map((x, i) => ({ x, y: share[i] })))], { width, title: 'Prompt tokens that a call before began with', height: 180, x: fitTicks((want) => ticks(0, end * 1.03, want, false), width - 90, 7), y: shareTicks, xTitle: 'calls so far' }),
    }],
    table: { label: 'shared prompt tokens', columns: [{ head: 'calls so far', words: true }, { head: 'shared' }], rows: upTo.map((at, i) => ({ cells: [fixed(at, 0), percent(share[i], 3)] })).filter((_row, i) => i % Math.ceil(upTo.length / 24) === 0 || i === upTo.length - 1) },
  };
}

export function programs({ programs: p, file }: TraceDescription): Question | undefined {
  if (p === null) return undefined;
  const { callsPerProgram: calls, tools, after } = p, times = [['tool', tools], ['after parents', after]] as const, drawn = times.flatMap(([name, spread]) => (spread !== null && spread.max > 0 ? [{ name, spread }] : []));
  return {
    id: 'programs', short: 'Programs', question: 'What are its programs like?',
    finding: [
      `${count(p.programs, 'program')} by ${p.by}: ${three(calls.mean)} calls each in the mean, at most ${fixed(calls.max, 0)}.`,
      p.waiting === 0 ? 'All calls arrive by the clock.' : `${percent(p.waiting / file.rowsRead)} of the calls wait for their parents${p.joins > 0 ? `, ${count(p.joins, 'of them', 'of them')} for several` : ''}.`,
      tools === null ? '' : `${count(tools.n, 'call')} ask for a tool, which takes ${timeText(tools.mean)} in the mean.`,
    ].filter((text) => text !== ''),
    caption: ['Share of the programs that have at most so many calls', drawn.length > 0 ? '; share of the waits that take at most so long.' : '.'],
    abreast: drawn.length > 0 ? 2 : 1,
    panels: [
      distributionPanel({ title: 'Programs of at most so many calls', label: 'Distribution function of the calls of a program; the numbers are in the table.', xTitle: 'calls', say: inCounts, of: [{ name: '', look: LOOKS[0], curve: calls.curve }] }),
      ...(drawn.length > 0 ? [distributionPanel({ title: 'Waits of at most so long', label: 'Distribution functions of tool times and of waits after parents; the numbers are in the table.', xTitle: 'time', say: inSeconds, of: drawn.map(({ name, spread }, i) => ({ name: drawn.length > 1 ? name : '', look: LOOKS[i], curve: spread.curve })) })] : []),
    ],
    table: spreadTable('programs', [['calls of a program', calls, three], ...drawn.map(({ name, spread }) => [name, spread, timeText] as const)]),
  };
}
