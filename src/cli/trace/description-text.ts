// A described trace for a terminal: what was read, one table of quantities, one of windows, and what stands beside them.
import { percent, plain } from '../../../reports/numbers.ts';
import { durationUnit } from '../../../reports/units.ts';
import type { Spread, TraceDescription } from '../../../sim/trace-results.ts';
import { hang } from '../fold.ts';
import { clean } from '../say.ts';
import { droppedSentence, layout, type Column } from '../table.ts';

interface Quantity { readonly name: string; readonly unit: string; readonly factor: number; readonly spread: Spread }

export function descriptionText(d: TraceDescription, columns: number): string {
  const { arrivals, sharing, programs, fields } = d, say = (text: string): string => hang(clean(text), columns);
  return [
    say(`${d.file.path} · ${d.file.format} · ${plain(d.file.rowsRead)} row${d.file.rowsRead === 1 ? '' : 's'}${d.file.rowsDropped === 0 ? ', none dropped' : `, ${plain(d.file.rowsDropped)} dropped`}`),
    '',
    say(arrivalSentence(d)),
    ...quantities(d, columns),
    ...(arrivals.dispersion.length > 0 ? ['', 'calls in a window: variance ÷ mean, 1 for Poisson arrivals', ...windows(d, columns)] : []),
    ...(sharing ? ['', say(`shared: ${percent(sharing.share, 3)} of the prompt tokens begin as a call before did (${plain(sharing.distinctBlocks)} distinct of ${plain(sharing.blocks)} blocks${sharing.blockTokens === null ? '' : ` of ${plain(sharing.blockTokens)} tokens`}); ${percent(sharing.calls, 3)} of the calls share something`)] : []),
    ...(programs ? ['', say(`programs: ${plain(programs.programs)} by ${programs.by}; ${plain(programs.waiting)} ${programs.waiting === 1 ? 'call waits for its parents' : 'calls wait for their parents'}${programs.joins > 0 ? `, ${plain(programs.joins)} of them for several` : ''}${programs.clocked > 0 ? `; ${plain(programs.clocked)} ${programs.clocked === 1 ? 'has parents and arrives' : 'have parents and arrive'} by the clock` : ''}`)] : []),
    ...(fields.length > 0 ? ['', ...fields.map(({ name, values, top }) => say(`field ${name}: ${values === null ? 'more than 100 000' : plain(values)} value${values === 1 ? '' : 's'}${top.length > 0 ? `, most often ${top.slice(0, 3).map(({ value, calls }) => `${value === '' ? '(none)' : value} (${plain(calls)})`).join(', ')}` : ''}`))] : []),
    ...(d.notes.length > 0 ? ['', ...d.notes.map((note) => say(`note: ${note}`))] : []),
  ].join('\n');
}

function arrivalSentence({ arrivals: a, promptTokens, outputTokens }: TraceDescription): string {
  const span = durationUnit(a.spanS), parts = [`${plain(a.calls)} call${a.calls === 1 ? ' arrives' : 's arrive'} within ${plain(a.spanS * span.factor)} ${span.word}`];
  if (a.rate !== null) parts.push(`${plain(a.rate)} a second`);
  if (a.start !== null) parts.push(`from ${a.start.slice(0, 19).replace('T', ' ')} UTC`);
  return `${parts.join(', ')}; ${plain(promptTokens)} prompt and ${plain(outputTokens)} output tokens`;
}

/** Each quantity in the unit of its mean. */
function quantities({ arrivals, prompt, output, programs }: TraceDescription, columns: number): readonly string[] {
  const time = (name: string, spread: Spread | null): Quantity[] => { if (!spread) return []; const unit = durationUnit(spread.mean); return [{ name, unit: unit.word, factor: unit.factor, spread }]; };
  const rows: Quantity[] = [
    ...time('gap', arrivals.gaps), { name: 'prompt', unit: 'tokens', factor: 1, spread: prompt }, { name: 'output', unit: 'tokens', factor: 1, spread: output },
    ...(programs ? [{ name: 'calls of a program', unit: 'calls', factor: 1, spread: programs.callsPerProgram }] : []), ...time('tool', programs?.tools ?? null), ...time('after parents', programs?.after ?? null),
  ];
  const value = (head: string, of: (spread: Spread) => number): Column => ({ head, align: 'decimal', cells: rows.map(({ spread, factor }) => plain(Number((of(spread) * factor).toPrecision(6)))) });
  const table = layout([
    { head: '', align: 'left', cells: rows.map(({ name }) => name) }, { head: 'unit', align: 'left', cells: rows.map(({ unit }) => unit) },
    value('mean', (s) => s.mean), { head: 'CV²', align: 'decimal', cells: rows.map(({ spread }) => (spread.cv2 === null ? '' : plain(spread.cv2))) },
    value('p5', (s) => s.p5), value('p50', (s) => s.p50), value('p95', (s) => s.p95), value('p99', (s) => s.p99), value('max', (s) => s.max),
    ...(rows.some(({ spread }) => spread.zeros > 0) ? [{ head: 'zero', align: 'decimal', cells: rows.map(({ spread }) => percent(spread.zeros)) } as const] : []),
    value('min', (s) => s.min), value('p25', (s) => s.p25), value('p75', (s) => s.p75), value('p90', (s) => s.p90),
  ], columns), left = droppedSentence(table, columns);
  return ['', ...table.lines, ...(left === '' ? [] : [hang(left, columns)]), ...(rows.some(({ spread }) => !spread.isExact) ? ['quantiles of more than 262 144 values are within 0.05 % of themselves'] : [])];
}

function windows({ arrivals }: TraceDescription, columns: number): readonly string[] {
  const of = arrivals.dispersion;
  return layout([
    { head: 'window', align: 'decimal', cells: of.map(({ windowS }) => { const unit = durationUnit(windowS); return `${plain(windowS * unit.factor)} ${unit.word}`; }) },
    { head: 'variance ÷ mean', align: 'decimal', cells: of.map(({ index }) => plain(index)) },
    { head: 'calls in the fullest', align: 'decimal', cells: of.map(({ most }) => plain(most)) },
    { head: 'windows', align: 'decimal', cells: of.map(({ windows: n }) => plain(n)) },
  ], columns).lines;
}
