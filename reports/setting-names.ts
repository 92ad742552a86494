// Lists of settings in words: neighbours on the axis as a range, a grid by what its settings share, many as a number.
import { list } from './numbers.ts';
import type { Axis, Setting } from './settings.ts';

/** A longer list of a grid becomes a number of settings. */
const LONGEST_LIST = 84;

/** How a list is said. `but`: the setting that the others are told from; `every`: whether all may be `every alpha`; `most`: characters before a grid becomes a number. */
export interface Listing {
  readonly word?: string;
  readonly but?: Setting | null;
  readonly every?: boolean;
  readonly most?: number;
}

/** `guard on and off`, where several parts are of one key. */
function joinParts(parts: readonly string[], word: string): string {
  const keys = new Set(parts.map((part) => part.split(' ')[0]));
  return parts.length > 1 && keys.size === 1 && parts.every((part) => part.split(' ').length === 2)
    ? `${[...keys][0]} ${list(parts.map((part) => part.split(' ')[1]), word)}`
    : list(parts, word);
}

const othersOf = (s: Setting): string => s.words.others.join(', ');

const neighbours = (of: readonly Setting[], all: readonly Setting[]): readonly Setting[] | null => {
  const sorted = [...of].sort((a, b) => (a.at ?? 0) - (b.at ?? 0)),
    [low, high] = [sorted[0].at ?? 0, sorted[sorted.length - 1].at ?? 0];
  const between = all.filter((s) => othersOf(s) === othersOf(of[0]) && s.at !== null && s.at >= low && s.at <= high);
  return of.length > 2 && between.length === of.length ? sorted : null;
};

/** The main key over settings that share the others: `alpha 0.5 to 1`, `every alpha`, `fcfs and loco`. */
function mainText(of: readonly Setting[], all: readonly Setting[], axis: Axis | null, key: string, { word = 'and', but, every = true }: Listing): string {
  const alike = all.filter((s) => othersOf(s) === othersOf(of[0]));
  if (every && of.length > 2 && of.length === alike.length) return `every ${key}`;
  if (every && of.length > 2 && of.length === alike.filter((s) => s !== but).length) return `every other ${key}`;
  const range = axis && neighbours(of, all);
  const bare = range ? `${range[0].words.bare} to ${range[range.length - 1].words.bare}` : list(of.map((s) => s.words.bare), word);
  return of.every((s) => s.words.main === `${key} ${s.words.bare}`) ? `${key} ${bare}` : bare;
}

/** Settings of a grid of several keys, by what they share: `every alpha with guard on, and alpha 0 with guard off`. */
function gridText(settings: readonly Setting[], all: readonly Setting[], axis: Axis | null, key: string, listing: Listing): string {
  const { word = 'and' } = listing;
  const byGroup = new Map<string, Setting[]>();
  for (const s of settings) byGroup.set(othersOf(s), [...(byGroup.get(othersOf(s)) ?? []), s]);
  // Groups with the same values of the main key are said together.
  const clauses = new Map<string, Setting[]>();
  for (const of of byGroup.values()) {
    const text = mainText(of, all, axis, key, { ...listing, word: 'and' });
    clauses.set(text, [...(clauses.get(text) ?? []), of[0]]);
  }
  const ordered = [...clauses].sort(([a], [b]) => Number(/^every/.test(b)) - Number(/^every/.test(a)));
  const texts = ordered.map(([text, of]) => {
    const withs = of.filter((s) => s.words.others.length).map((s) => list(s.words.others));
    return !text ? list(withs, 'and') : withs.length ? `${text} with ${joinParts(withs, 'and')}` : text;
  });
  return texts.length > 1 && texts.some((text) => / and /.test(text)) ? `${texts.slice(0, -1).join(', ')}, ${word} ${texts[texts.length - 1]}` : list(texts, word);
}

/** Settings as a reader lists them: neighbours on the axis as a range, a grid by what they share, many as a number. */
export function nameList(settings: readonly Setting[], all: readonly Setting[], axis: Axis | null, listing: Listing = {}): string {
  const { word = 'and', most = LONGEST_LIST } = listing;
  if (settings.length === 0) return 'none';
  if (settings.length === all.length && all.length > 3) return `all ${all.length} settings`;
  const many = `${settings.length} of the ${all.length} settings`;
  if (settings.length > 1 && settings.some((s) => s.words.others.length)) {
    const text = gridText(settings, all, axis, settings[0].words.key, listing);
    return text.length > most ? many : text;
  }
  const range = axis && neighbours(settings, all);
  if (range) return `${range[0].short} to ${range[range.length - 1].short}`;
  const names = settings.map((s) => s.short);
  return names.length > 5 || (names.length > 2 && names.join('').length > 48) ? many : list(names, word);
}

/** The same with the key in front, for the beginning of a sentence or where nothing has named it. */
export function fullNameList(settings: readonly Setting[], all: readonly Setting[], axis: Axis | null, listing: Listing = {}): string {
  const text = nameList(settings, all, axis, listing),
    key = settings[0]?.words.key;
  return /settings$/.test(text) || !settings.length || settings.some((s) => s.words.others.length || s.name !== `${key} ${s.short}`) ? text : `${key} ${text}`;
}
