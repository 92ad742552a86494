// Fits laws to a described trace, and says what calls drawn from them will not have.
import type { TraceDescription, TraceFit } from '../../trace-results.ts';
import { SchedlabError } from '../../../src/errors.ts';
import type { Described } from '../describe/describe.ts';
import { fitQuantity } from './fit.ts';

export type WantedLaws = Readonly<Partial<Record<'gaps' | 'prompt' | 'output', string>>>;

/** Throws ERR_TRACE_ROW where gaps, prompts or outputs are never above 0, and what `fitQuantity` throws. */
export function fitTrace({ description, samples }: Described, wanted: WantedLaws = {}): TraceFit {
  const { file, arrivals } = description;
  const fitted = (name: keyof WantedLaws, unit: string): TraceFit['gaps'] => {
    const fit = fitQuantity(name, unit, samples[name], wanted[name]);
    if (fit === undefined) throw new SchedlabError('ERR_TRACE_ROW', `no law fits ${file.path}: ${name === 'gaps' ? 'all calls arrive at one instant' : `every ${name} has 0 tokens`}. Fit a trace in which they differ.`, { path: file.path });
    return fit;
  };
  const gaps = fitted('gaps', 's'), prompt = fitted('prompt', 'tokens'), output = fitted('output', 'tokens');
  return { schema: 'schedlab/trace-fit@1', file, calls: arrivals.calls, gaps, prompt, output, leftOut: leftOut(description, gaps.cv2, arrivals.gapCorrelation) };
}

/** Correlation that chance gives rarely to so many pairs, and no less than what matters. */
const noticeable = (r: number | null, n: number): r is number => r !== null && Math.abs(r) > Math.max(0.1, 3 / Math.sqrt(n));

function leftOut({ arrivals, lengthCorrelation, sharing, programs, file }: TraceDescription, cv2: number, gapCorrelation: number | null): string[] {
  const widest = arrivals.dispersion[arrivals.dispersion.length - 1];
  return [
    ...(noticeable(gapCorrelation, arrivals.calls) ? [`gaps that go with the one before (correlation ${gapCorrelation.toFixed(2)})`] : []),
    // Independent gaps tend to an index of dispersion of CV² in long windows (Cox and Lewis, 1966, 4.5).
    ...(widest !== undefined && (widest.index > 2 * cv2 || widest.index < cv2 / 2) ? [`how the rate changes with time: calls in ${widest.windowS} s vary by ${Number(widest.index.toPrecision(3))}, and independent gaps like these by about ${Number(cv2.toPrecision(3))}`] : []),
    ...(noticeable(lengthCorrelation, file.rowsRead) ? [`outputs that go with the length of their prompt (correlation ${lengthCorrelation.toFixed(2)})`] : []),
    ...(sharing !== null && sharing.share > 0 ? [`prompts that begin as others do (${(sharing.share * 100).toFixed(0)} % of their tokens)`] : []),
    ...(programs !== null && programs.programs < file.rowsRead ? [`programs of several calls (${programs.programs} programs)`] : []),
  ];
}
