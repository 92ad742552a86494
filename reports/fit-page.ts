// The page of laws fitted to a trace: which law is chosen for gaps and lengths, how far each is off, and what no law holds.
import { fixed, list, percent, plain } from './numbers.ts';
import { INK } from './tokens.ts';
import { distributionPanel, inCounts, inSeconds, LOOKS, REFERENCE, type NamedCurve } from './trace/curves.ts';
import { pageOf, type Question } from './trace/frame.ts';
import { manifestOf, nameOf } from './trace-page.ts';
import type { LawFit, QuantityFit, TraceFit } from '../sim/trace-results.ts';

/** Laws that are drawn beside the values. */
const DRAWN = 3;
const WORDS = { gaps: ['Gaps', 'gap', 'How are the gaps between calls distributed?'], prompt: ['Prompts', 'tokens', 'How are the lengths of prompts distributed?'], output: ['Outputs', 'tokens', 'How are the lengths of outputs distributed?'] } as const;
const three = (x: number | null): string => (x === null ? 'no value' : plain(Number(x.toPrecision(3))));

/** The chosen law, then those of least distance. */
function drawn({ fits, chosen }: QuantityFit): readonly LawFit[] {
  return fits.filter(({ curve, law }) => curve !== null && (law !== 'empirical' || chosen === law)).sort((a, b) => Number(b.law === chosen) - Number(a.law === chosen) || a.distance! - b.distance!).slice(0, DRAWN);
}

function finding(of: QuantityFit): string[] {
  const chosen = of.fits.find(({ law }) => law === of.chosen)!;
  return [
    `Chosen: ${of.chosen}, ${of.because}.`, `Its distribution function is never further than ${fixed(chosen.distance ?? 0, 3)} from that of the trace${(chosen.distance ?? 0) > of.chance ? `; chance alone exceeds ${fixed(of.chance, 3)} once in twenty, so that the law is an approximation` : ''}.`,
    of.zeros > 0 ? `${percent(of.zeros, 3)} of the values are 0; the laws are for the others.` : '',
  ].filter((text) => text !== '');
}

function question(of: QuantityFit): Question {
  const [title, xTitle, asked] = WORDS[of.quantity], best = Math.min(...of.fits.map(({ aic }) => aic ?? Infinity));
  const curves: NamedCurve[] = [{ name: 'trace', look: { ...REFERENCE, color: INK.text, dash: [1, 0] }, curve: of.curve }, ...drawn(of).map(({ law, curve }, i) => ({ name: law, look: LOOKS[i], curve: curve!, isLaw: true }))];
  return {
    id: of.quantity, short: title, question: asked, finding: finding(of), abreast: 1,
    caption: ['Share of the values that are at most so large,', ' of the trace and of the laws that come nearest, on a logarithmic axis. Distance: Kolmogorov–Smirnov. AIC compares the laws that have a likelihood; the values themselves have none.'],
    panels: [distributionPanel({ title: `${title}: share that is at most so large`, label: `Distribution functions of ${of.quantity} and of fitted laws; the numbers are in the table.`, xTitle, say: of.unit === 's' ? inSeconds : inCounts, of: curves, height: 260 })],
    table: {
      label: `laws for ${of.quantity}`, columns: [{ head: 'law', words: true }, { head: 'distance' }, { head: 'AIC', unit: 'above the least' }, { head: 'mean', unit: of.unit }, { head: 'CV²' }, { head: 'parameters', words: true }, { head: 'by', words: true }],
      rows: of.fits.map((fit) => ({ base: fit.law === of.chosen, cells: [fit.law, fit.distance === null ? 'no value' : fixed(fit.distance, 3), fit.aic === null ? 'no value' : fixed(fit.aic - best, 0), three(fit.mean), three(fit.cv2), Object.entries(fit.parameters).map(([name, value]) => `${name} ${three(value)}`).join(', '), fit.why ?? fit.method] })),
      note: `The trace: mean ${three(of.mean)}, CV² ${three(of.cv2)}, zeros included.`,
    },
  };
}

/** `runtime`: see `pageOf`. */
export function fitPage(fit: TraceFit, redo: string, runtime?: string | null): Promise<string> {
  const { file, gaps, prompt, output } = fit, name = nameOf(file), all = [gaps, prompt, output], own = all.filter(({ chosen }) => chosen === 'empirical').map(({ quantity }) => WORDS[quantity][0].toLowerCase());
  return pageOf({
    title: `laws for ${name}`, identity: `${name} · ${file.format} · laws for ${plain(fit.calls)} calls`, heading: `Which laws draw calls like those of ${name}?`,
    lead: all.map(({ quantity, chosen }) => `${WORDS[quantity][0]}: ${chosen}`).join('; ') + '.',
    rest: [own.length === 0 ? 'Each is the law with the least AIC, or was asked for.' : `For ${list(own)} no law of a few parameters comes near: values of the trace are drawn instead.`, fit.leftOut.length > 0 ? `Not in these laws: ${list(fit.leftOut)}.` : ''].filter((text) => text !== ''),
    facts: all.map((of) => ({ label: WORDS[of.quantity][0], value: of.chosen, detail: `distance ${fixed(of.fits.find(({ law }) => law === of.chosen)?.distance ?? 0, 3)}; mean ${three(of.chosenMean)} ${of.unit}` })),
    redo, questions: all.map(question),
    conditions: [...fit.leftOut.map((text) => `A scenario made of these laws leaves out ${text}.`), 'Calls are drawn independently: gaps of each other, lengths of gaps and of each other.', 'Distances are of parameters that were chosen by the same values: no probability of error belongs to them.'],
    manifest: manifestOf(file),
  }, runtime);
}
