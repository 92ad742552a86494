// key=VALUES on the command line: which keys are fixed, which are swept, which go in step, and which make a cell of their own.
import { SchedlabError } from '../errors.ts';
import { parseValues } from './grammar.ts';

/** Cells that one grid may have. */
export const MAX_CELLS = 10_000;

/** A key with several values, in order, and its spelling on the command line. */
export interface Swept { readonly key: string; readonly values: readonly string[]; readonly text: string }

export interface Assignments {
  readonly fixed: Readonly<Record<string, string>>;
  /** Keys that multiply. */
  readonly swept: readonly Swept[];
  /** Keys that go in step: one further axis. */
  readonly zip: readonly Swept[];
  readonly also: readonly Readonly<Record<string, string>>[];
  /** What a reader should know, such as a stop that no step reaches. */
  readonly notes: readonly string[];
}

const KEY = /^[A-Za-z][A-Za-z0-9_.-]*$/;
const REPLICATIONS = new Set(['rep', 'reps', 'replication', 'replications', 'seed', 'seeds']);

/** Splits `key=text`. Throws ERR_USAGE that says what is missing. */
export function splitAssignment(token: string, where: string): readonly [key: string, text: string] {
  const at = token.indexOf('=');
  if (at < 0) throw new SchedlabError('ERR_USAGE', `${JSON.stringify(token)} in ${where} has no "=". Write key=value, such as ${KEY.test(token) ? token : 'alpha'}=0.25.`, { name: token });
  const key = token.slice(0, at);
  if (!KEY.test(key)) throw new SchedlabError('ERR_USAGE', `${JSON.stringify(token)} in ${where}: ${JSON.stringify(key)} is no name of a parameter. Write key=value, such as alpha=0.25.`, { name: key });
  if (REPLICATIONS.has(key.toLowerCase())) {
    const flag = key.toLowerCase().startsWith('seed') ? 'seed S' : 'reps N';
    throw new SchedlabError('ERR_USAGE', `${key} in ${where} is no parameter. Replications are never swept, so that every cell sees the same work: use --${flag}.`, { name: key });
  }
  return [key, token.slice(at + 1)];
}

const twice = (key: string, where: string): SchedlabError =>
  new SchedlabError('ERR_USAGE', `${key} in ${where} is given twice. Give each key once; several values are a list: ${key}=a,b.`, { name: key });

/** A cell beside the grid: `policy=fcfs,alpha=0.5` is pairs, not lists. */
function parseAlso(text: string): Record<string, string> {
  const cell: Record<string, string> = {};
  if (text === '') throw new SchedlabError('ERR_USAGE', '--also is empty. Write --also key=value,key=value.');
  for (const token of text.split(',')) {
    const [key, value] = splitAssignment(token, '--also');
    if (Object.hasOwn(cell, key)) throw twice(key, '--also');
    const { values } = parseValues(key, value);
    if (values.length > 1) throw new SchedlabError('ERR_USAGE', `--also ${text}: ${key} has ${values.length} values, and --also makes one cell. Give one value, or --also once for each cell.`, { name: key });
    cell[key] = values[0];
  }
  return cell;
}

/**
 * Reads positionals, `--zip` and `--also`. Swept keys multiply; the zipped ones go in step.
 * Throws ERR_USAGE: a key twice, zipped lists of different lengths, a grid past 10,000 cells.
 */
export function parseAssignments(positionals: readonly string[], zip: readonly string[] = [], also: readonly string[] = []): Assignments {
  const fixed: Record<string, string> = {}, swept: Swept[] = [], notes: string[] = [];
  const seen = new Set<string>();
  const take = (token: string, where: string): Swept => {
    const [key, text] = splitAssignment(token, where);
    if (seen.has(key)) throw twice(key, where);
    seen.add(key);
    const parsed = parseValues(key, text);
    notes.push(...parsed.notes);
    return { key, values: parsed.values, text };
  };
  for (const token of positionals) {
    const one = take(token, 'the command');
    if (one.values.length === 1) fixed[one.key] = one.values[0];
    else swept.push(one);
  }
  const zipped = zip.map((token) => take(token, '--zip'));
  checkZip(zipped);
  checkGrid(swept, zipped);
  return { fixed, swept, zip: zipped, also: also.map(parseAlso), notes };
}

/** Keys that go in step need company, and lists of one length. */
export function checkZip(zip: readonly { readonly key: string; readonly values: readonly unknown[]; readonly text?: string }[]): void {
  if (zip.length === 1) throw new SchedlabError('ERR_USAGE', `the zipped key ${zip[0].key} stands alone. Give --zip twice or more, such as --zip a=1,2 --zip b=x,y, or drop --zip.`, { name: zip[0].key });
  if (zip.some(({ values }) => values.length !== zip[0].values.length)) throw new SchedlabError('ERR_USAGE', `zipped keys need lists of one length: ${zip.map(({ key, values }) => `${key} has ${values.length}`).join(', ')}. Make the lists equally long, or drop --zip to multiply them.`);
}

/** Cells of a grid; refuses more than 10,000 with their count. */
export function checkGrid(swept: readonly { readonly key: string; readonly values: readonly unknown[] }[], zip: readonly { readonly key: string; readonly values: readonly unknown[] }[]): number {
  const axes = [...swept.map(({ key, values }) => ({ name: key, size: values.length })), ...(zip.length ? [{ name: zip.map(({ key }) => key).join('+'), size: zip[0].values.length }] : [])];
  const cells = axes.reduce((product, axis) => product * axis.size, 1);
  if (cells > MAX_CELLS) throw new SchedlabError('ERR_USAGE', `the grid has ${cells} cells (${axes.map(({ name, size }) => `${name}: ${size}`).join(' × ')}), and ${MAX_CELLS} is the most. Sweep fewer keys or values.`);
  return cells;
}
