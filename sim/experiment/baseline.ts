// Which cell the others are compared with: the one that was named, else the scenario's default, else the first.
import { SchedlabError } from '../../src/errors.ts';
import type { ParamValue } from '../../src/options.ts';
import { addonsOf } from '../addons.ts';
import { valueText } from './grid.ts';
import { defaultOf } from './parameters.ts';
import type { ExperimentRequest, PlannedCell } from './types.ts';

/** Index of the baseline; −1 where there is nothing to compare. Throws ERR_USAGE where the named one fits no cell or several. */
export function findBaseline(request: ExperimentRequest, cells: readonly PlannedCell[], axes: readonly string[], beside: ReadonlySet<number>): number {
  if (request.baseline !== undefined) {
    const found = named(request.baseline, cells);
    return cells.length < 2 ? -1 : found;
  }
  if (cells.length < 2) return -1;
  const { scenario } = request;
  const usual = cells.find((cell) => !beside.has(cell.index) && axes.every((key) => {
    const fallback = defaultOf(key, scenario, { ...cell.model, addons: addonsOf(cell.model) });
    return fallback === undefined || cell.params[key] === fallback;
  }));
  return usual?.index ?? 0;
}

function named(text: string, cells: readonly PlannedCell[]): number {
  const exact = cells.filter((cell) => cell.id === text || cell.label === text);
  const found = exact.length ? exact : cells.filter((cell) => fits(text, cell));
  if (found.length === 1) return found[0].index;
  throw new SchedlabError('ERR_USAGE', `the baseline ${JSON.stringify(text)} fits ${found.length ? `${found.length} cells: ${found.map((c) => c.label).join(', ')}` : 'no cell'}. Name one of: ${cells.map((cell) => JSON.stringify(cell.label)).join(', ')}.`, { baseline: text });
}

/** `key=value[,key=value…]`, spaces allowed as separators too: every pair holds in the cell. */
function fits(text: string, cell: PlannedCell): boolean {
  const pairs = text.split(/[,\s]+(?=[^=,\s]+=)/).map((pair) => pair.trim()).filter(Boolean);
  return pairs.length > 0 && pairs.every((pair) => {
    const at = pair.indexOf('=');
    return at > 0 && same(cell.params[pair.slice(0, at)], pair.slice(at + 1));
  });
}

function same(value: ParamValue | undefined, text: string): boolean {
  if (value === undefined) return false;
  if (typeof value === 'number') return text.trim() !== '' && Number(text) === value;
  if (typeof value === 'boolean') return text === valueText(value) || text === String(value);
  return text === value;
}
