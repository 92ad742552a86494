// The page of a described trace: what it is like in two sentences, then when, how bursty, how long, what is shared, which programs.
import { count, percent, plain } from './numbers.ts';
import { bursts, burstWord, overTime, timeText } from './trace/arrivals.ts';
import { lengths, programs, sharing } from './trace/contents.ts';
import { pageOf, type Fact, type TracePage } from './trace/frame.ts';
import type { TraceDescription, TraceFile } from '../sim/trace-results.ts';

const three = (x: number): string => plain(Number(x.toPrecision(3)));
export const nameOf = (file: TraceFile): string => file.path.split(/[/\\]/).pop() ?? file.path;

export const manifestOf = (file: TraceFile): TracePage['manifest'] => [
  ['File', file.path, true], ['Format', `${file.format}: ${file.units}`], ['Rows', `${plain(file.rowsRead)} read, ${file.rowsDropped === 0 ? 'none dropped' : `${plain(file.rowsDropped)} dropped`}`],
  ...file.drops.map(({ reason, rows, firstLine }) => ['Dropped', `${count(rows, 'row')}: ${reason}, first at line ${firstLine}`] as const), ['SHA-256', file.sha256, true],
];

function facts(d: TraceDescription): Fact[] {
  const { arrivals, prompt, output } = d;
  return [
    { label: 'Rate', value: arrivals.rate === null ? 'all at once' : `${three(arrivals.rate)} a second`, detail: `${count(arrivals.calls, 'call')} in ${timeText(arrivals.spanS)}` },
    ...(arrivals.gaps === null ? [] : [{ label: 'Gaps', value: `CV² ${three(arrivals.gaps.cv2 ?? 0)}`, detail: burstWord(arrivals.gaps) }]),
    { label: 'Prompt', value: `${plain(Math.round(prompt.p50))} tokens`, detail: `median; 95 % ${plain(Math.round(prompt.p95))}` },
    { label: 'Output', value: `${plain(Math.round(output.p50))} tokens`, detail: `median; 95 % ${plain(Math.round(output.p95))}` },
    d.sharing === null ? { label: 'Shared', value: 'not told', detail: 'the trace names no contents' } : { label: 'Shared', value: percent(d.sharing.share, 3), detail: 'of the prompt tokens' },
  ];
}

/** `runtime`: see `pageOf`. */
export function describePage(d: TraceDescription, redo: string, runtime?: string | null): Promise<string> {
  const { arrivals, file } = d, name = nameOf(file), busy = arrivals.gaps === null ? '' : burstWord(arrivals.gaps);
  return pageOf({
    title: name, identity: `${name} · ${file.format} · ${count(file.rowsRead, 'row')}${arrivals.start === null ? '' : ` · from ${arrivals.start.slice(0, 10)}`}`,
    heading: `What is ${name} like?`,
    lead: `${count(file.rowsRead, 'call')}${arrivals.calls < file.rowsRead ? `, ${plain(arrivals.calls)} of them by the clock,` : ''} in ${timeText(arrivals.spanS)}${busy === '' ? '' : `, ${busy}`}.`,
    rest: [`A call reads ${plain(Math.round(d.prompt.mean))} tokens and writes ${plain(Math.round(d.output.mean))} in the mean.`, ...(d.sharing === null ? [] : [`${percent(d.sharing.share, 2)} of what is read began a call before.`]), ...(d.programs !== null && d.programs.programs < file.rowsRead ? [`They belong to ${count(d.programs.programs, 'program')}.`] : [])],
    facts: facts(d), redo,
    questions: [overTime(d), bursts(d), lengths(d), sharing(d), programs(d)].filter((question) => question !== undefined),
    conditions: [
      ...(file.rowsDropped > 0 ? [`${count(file.rowsDropped, 'row')} could not be used and are in no figure.`] : []),
      ...d.notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`),
      'Gaps and windows are of calls that arrive by the clock; quantiles interpolate between values.',
      d.prompt.isExact ? 'All values were kept: quantiles are exact.' : 'There are too many values to keep: quantiles are within 0.05 % of themselves.',
    ],
    manifest: manifestOf(file),
  }, runtime);
}
