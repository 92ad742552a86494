// Cells in the words of the report: `0.25` where one key is swept, `alpha 0.25 with guard on` in a grid, many as a number.
import { nameList } from '../../reports/setting-names.ts';
import { nameSettings } from '../../reports/settings.ts';
import type { Named, Setting } from '../../reports/settings.ts';
import type { SummaryFile } from '../../sim/results.ts';

type Cells = Pick<SummaryFile, 'cells' | 'baseline'>;

/** Names are found once a summary. */
const cache = new WeakMap<SummaryFile['cells'], Named>();

function namedOf({ cells }: Cells): Named {
  const known = cache.get(cells);
  if (known) return known;
  const named = nameSettings(cells, { swept: [] }, []);
  cache.set(cells, named);
  return named;
}

const settingOf = (summary: Cells, id: string): Setting | undefined => namedOf(summary).settings.find((s) => s.cell.id === id);

/** One cell in a sentence; an id that no cell has stands for itself. */
export const nameOf = (summary: Cells, id: string): string => settingOf(summary, id)?.short ?? id;

/** One cell at the head of a column. */
export const labelOf = (summary: Cells, id: string): string => settingOf(summary, id)?.label ?? id;

/** Several cells in a sentence. `every`: whether all of a row may be `every alpha`; in "cannot" they may not. */
export function namesOf(summary: Cells, ids: readonly string[], every = true): string {
  const { settings, axis } = namedOf(summary);
  const found = ids.map((id) => settings.find((s) => s.cell.id === id)), known = found.filter((s) => s !== undefined);
  if (known.length < ids.length) return ids.join(', ');
  return nameList(known, settings, axis, { every, but: settings.find((s) => s.cell.id === summary.baseline) ?? null });
}
