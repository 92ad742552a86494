// `trace fit`: laws for gaps and lengths, how well they fit, and a scenario made of them.
import path from 'node:path';
import { SchedlabError } from '../../errors.ts';
import { percent, plain } from '../../../reports/numbers.ts';
import { durationUnit } from '../../../reports/units.ts';
import { writeWhole } from '../../../sim/experiment/files.ts';
import { fromHere } from '../../../sim/experiment/machine.ts';
import type { QuantityFit, TraceFit } from '../../../sim/trace-results.ts';
import { describeTrace } from '../../../sim/workload/describe/describe.ts';
import { fitTrace } from '../../../sim/workload/fit/fit-trace.ts';
import { checkFile } from '../folders.ts';
import { hang } from '../fold.ts';
import type { Io } from '../io.ts';
import { clean, note, warn } from '../say.ts';
import { command } from '../shell-words.ts';
import { droppedSentence, layout } from '../table.ts';
import type { TraceTask } from './task.ts';
import { interrupted, stopper } from './interrupt.ts';
import { writePage } from './page.ts';
import { checkLaws, codeScenario, yamlScenario } from './scenario-file.ts';

/** A mean that differs by more from that of the values changes the load. */
const MEAN_OFF = 0.05;

export async function fit({ file, given, parsed }: TraceTask, io: Io): Promise<number> {
  const out = parsed.text('out'), page = parsed.text('page');
  if (out !== undefined && !/\.(ya?ml|ts)$/.test(out)) throw new SchedlabError('ERR_USAGE', `--out ${out} in trace fit names no scenario file. Write a name that ends in .yaml or .ts.`);
  for (const [flag, name] of [['--out', out], ['--page', page]] as const) if (name !== undefined) checkFile(path.resolve(io.cwd, name), name, flag);
  const { format, ...laws } = given, stop = stopper(io);
  let fitted: TraceFit;
  try {
    const described = await describeTrace(fromHere(path.resolve(io.cwd, file)), { isStopped: stop.isStopped, ...(format === undefined ? {} : { format }) });
    if (described === undefined) return interrupted(io, file);
    fitted = fitTrace({ ...described, description: { ...described.description, file: { ...described.description.file, path: file } } }, laws);
  } finally { stop.end(); }
  checkLaws(fitted);
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify(fitted, null, 2)}\n`);
  else if (!parsed.has('quiet')) io.stdout.write(`${fitText(fitted, io.width ?? 100)}\n`);
  for (const { reason, rows, firstLine } of fitted.file.drops) warn(io, `${file}:${firstLine}: ${reason}; ${rows === 1 ? 'this row is' : `${rows} such rows are`} left out`);
  for (const quantity of [fitted.gaps, fitted.prompt, fitted.output]) {
    const off = quantity.chosenMean / quantity.mean - 1;
    if (Math.abs(off) > MEAN_OFF) warn(io, `the mean of ${quantity.quantity} by ${quantity.chosen} is ${percent(Math.abs(off))} ${off > 0 ? 'above' : 'below'} that of the trace; ${quantity.quantity}=empirical keeps it`);
  }
  if (!parsed.has('quiet') && out !== undefined) for (const text of fitted.leftOut) note(io, `not in the scenario: ${text}`);
  if (page !== undefined) {
    const { fitPage } = await import('../../../reports/fit-page.ts') as { fitPage(fit: TraceFit, redo: string): Promise<string> };
    await writePage(await fitPage(fitted, command('trace', 'fit', file, ...Object.entries(given).map(([key, value]) => `${key}=${value}`), ...(out === undefined ? [] : ['-o', out]), '--page', page)), page, parsed.has('open'), parsed.has('quiet'), io);
  }
  if (out === undefined) return 0;
  const name = path.basename(out).replace(/\.(ya?ml|ts)$/, '');
  writeWhole(path.resolve(io.cwd, out), out.endsWith('.ts') ? codeScenario(fitted, name) : yamlScenario(fitted));
  if (!parsed.has('quiet')) io.stderr.write(`scenario ${out}\nrun      ${command('run', /[/\\]/.test(out) ? out : `./${out}`)}\n`);
  return 0;
}

function fitText({ file, gaps, prompt, output, calls }: TraceFit, columns: number): string {
  const say = (text: string): string => hang(clean(text), columns);
  return [say(`${file.path} · ${file.format} · laws for ${plain(calls)} call${calls === 1 ? '' : 's'}`), ...[gaps, prompt, output].flatMap((quantity) => ['', ...quantityText(quantity, columns)])].join('\n');
}

function quantityText(of: QuantityFit, columns: number): readonly string[] {
  const unit = of.unit === 's' ? durationUnit(of.mean) : { factor: 1, word: of.unit };
  const number = (x: number | null): string => (x === null ? '' : plain(Number(x.toPrecision(6))));
  const best = Math.min(...of.fits.map(({ aic }) => aic ?? Infinity));
  const table = layout([
    { head: of.quantity, align: 'left', cells: of.fits.map(({ law }) => `${law}${law === of.chosen ? ' ◂' : ''}`) },
    { head: 'distance', align: 'decimal', cells: of.fits.map(({ distance }) => (distance === null ? '' : distance.toFixed(3))) },
    { head: 'AIC above the least', align: 'decimal', cells: of.fits.map(({ aic }) => (aic === null ? '' : plain(Math.round(aic - best)))) },
    { head: 'mean', unit: unit.word, align: 'decimal', cells: of.fits.map(({ mean }) => number(mean === null ? null : mean * unit.factor)) },
    { head: 'CV²', align: 'decimal', cells: of.fits.map(({ cv2 }) => number(cv2)) },
    { head: 'by', align: 'left', cells: of.fits.map(({ method, why }) => (why === null ? method : '')) },
  ], columns), left = droppedSentence(table, columns);
  return [
    ...table.lines, ...(left === '' ? [] : [hang(left, columns)]),
    ...of.fits.flatMap(({ law, why }) => (why === null ? [] : [hang(`${law} does not fit: ${why}`, columns)])),
    hang(`${of.chosen}: ${of.because}${of.zeros > 0 ? `; ${percent(of.zeros, 3)} are 0, and the laws are for the others` : ''}; chance alone would exceed ${of.chance.toFixed(3)} once in twenty`, columns),
  ];
}
