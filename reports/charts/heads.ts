// Names of settings over or under columns: whole, on two lines, shortened where there are few, else numbers that the caption explains.
import type { Setting } from '../settings.ts';
import { shorten, textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import type { Datum } from './parts.ts';

/** One or two lines for each column. `room`: pixels of a column; `least`: pixels from which a shortened name still tells something. */
export function columnHeads(settings: readonly Setting[], room: number, size: number, least: number): readonly (readonly string[])[] {
  if (settings.length < 2) return settings.map(() => []);
  const fits = (of: (s: Setting) => readonly string[]): boolean => settings.every((s) => of(s).every((t) => textWidth(t, size, true) <= room));
  const twoLines = (s: Setting): readonly string[] => [s.words.bare, s.words.others.join(', ')];
  if (fits((s) => [s.label])) return settings.map((s) => [s.label]);
  if (settings.every((s) => s.words.others.length > 0) && fits(twoLines)) return settings.map(twoLines);
  return room >= least
    ? settings.map((s) => [shorten(s.label, room - 4, size, true)])
    : settings.map((_, i) => (room < 15 && i % 2 ? [] : [String(i + 1)]));
}

/** What every head carries of its setting. */
export const headOf = (s: Setting): Datum => ({ id: s.cell.id, color: s.featured ? s.look.color : INK.text, tip: s.name });
