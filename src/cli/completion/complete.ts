// Completion of one word of a command. Reads the tables of verbs and flags, so that a new verb is completed without a line here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FLAGS } from '../flags.ts';
import type { Flag, VerbName } from '../flags.ts';
import { VERBS, verbNames } from '../verbs.ts';
import type { Offer } from './offer.ts';
import { offers } from './offer.ts';
import { paths } from './paths.ts';
import { tables } from './tables.ts';
import { parameters, valuesOf } from './values.ts';

export interface Surroundings { readonly cwd: string; readonly home?: string }

const isVerb = (word: string | undefined): word is VerbName => word !== undefined && Object.hasOwn(VERBS, word);
const starts = (found: readonly Offer[], start: string): Offer[] => found.filter(({ word }) => word.startsWith(start));

/**
 * What may stand in the place of the last of `words`, the ones before it being the command after its name. Words are whole: `policy=loc` is
 * completed to `policy=loco`. Nothing is thrown for a command that makes no sense: then nothing is offered.
 */
export async function complete(words: readonly string[], around: Surroundings): Promise<Offer[]> {
  const start = words.at(-1) ?? '', before = words.slice(0, -1), [first, ...rest] = before;
  if (first === undefined) return starts([...verbNames().map((name) => ({ word: name as string, help: VERBS[name].title })), { word: '--help', help: 'what there is' }, { word: '--version', help: 'which version this is' }], start);
  const verb = first === 'help' ? undefined : first;
  if (first === 'help' && rest.length === 0) return starts(offers(verbNames()), start);
  if (!isVerb(verb)) return [];
  const flags = (FLAGS[verb] as readonly Flag[]).filter(({ later }) => !later);
  const asked = flags.find(({ name, alias, value }) => value !== undefined && (rest.at(-1) === `--${name}` || (alias !== undefined && rest.at(-1) === `-${alias}`)));
  if (asked) return starts(await flagValues(asked, start, verb, rest, around), start);
  const joined = /^--([\w-]+)=(.*)$/s.exec(start), valued = joined && flags.find(({ name, value }) => name === joined[1] && value !== undefined);
  if (joined) return valued ? starts((await flagValues(valued, joined[2]!, verb, rest, around)).map((one) => ({ ...one, word: `--${valued.name}=${one.word}` })), start) : [];
  if (start.startsWith('-')) return starts(flagWords(flags, rest), start);
  return starts(await positional(verb, positionals(rest, flags), start, around), start);
}

/** Flags that are not there yet, or may be there twice. */
function flagWords(flags: readonly Flag[], rest: readonly string[]): Offer[] {
  const left = flags.filter(({ name, alias, many }) => many || !rest.some((word) => word === `--${name}` || word === `-${alias}` || word.startsWith(`--${name}=`)));
  return [...left.map(({ name, help }) => ({ word: `--${name}`, help })), { word: '--help', help: 'the flags of this verb' }];
}

/** The words that are neither flags nor their values. */
function positionals(rest: readonly string[], flags: readonly Flag[]): string[] {
  const takes = new Set(flags.filter(({ value }) => value !== undefined).flatMap(({ name, alias }) => [`--${name}`, ...(alias ? [`-${alias}`] : [])]));
  return rest.filter((word, i) => !word.startsWith('-') && !(i > 0 && takes.has(rest[i - 1]!)));
}

async function flagValues({ name, value = '' }: Flag, start: string, verb: VerbName, rest: readonly string[], around: Surroundings): Promise<Offer[]> {
  if (value === 'DIR') return paths(start, around.cwd, 'folders', /$/, around.home);
  if (value === 'FILE') return paths(start, around.cwd, 'files', /$/, around.home);
  if (name === 'cell') return cellsOf(rest, around);
  if (name === 'metric') return offers((await import('../../observe/metrics.ts')).metricNames());
  // A value with lists in it is written as on the command line.
  if (value.startsWith('key=')) return listed(start, (part) => keyOrValue(part, positionals(rest, FLAGS[verb])[0] ?? '', rest, around), name === 'also');
  return offers(value.split('|').filter((word) => /^[a-z][\w-]*$|^ci=/.test(word)));
}

/** Ids of the cells of the folder that the command names, with their labels. */
function cellsOf(rest: readonly string[], { cwd }: Surroundings): Offer[] {
  const at = rest.indexOf('--from'), dir = at >= 0 ? rest[at + 1] : rest.find((word) => word.startsWith('--from='))?.slice(7) ?? rest.find((word) => !word.startsWith('-'));
  try {
    const { cells } = JSON.parse(readFileSync(path.join(path.resolve(cwd, dir ?? ''), 'summary.json'), 'utf8')) as { cells: readonly { id: string; label: string }[] };
    return cells.map(({ id, label }) => ({ word: id, help: label }));
  } catch { return []; }
}

/** The k-th positional as the verb's usage names it: its last one stands for all that follow. */
async function positional(verb: VerbName, before: readonly string[], start: string, around: Surroundings): Promise<Offer[]> {
  const places = VERBS[verb].usage.split(' ').slice(1).join(' ').replace(/\[(key=\w+ …)\]/, '$1').split(' ').filter((word) => word !== '' && word !== '…');
  const place = (places[Math.min(before.length, places.length - 1)] ?? '').replace(/[[\]…]/g, '');
  // One that may not be repeated is complete.
  if (before.length >= places.length && !/…/.test(VERBS[verb].usage)) return [];
  const found: Offer[] = [];
  for (const part of place.split('|')) {
    if (part.startsWith('key=')) found.push(...await keyOrValue(start, before[0] ?? '', before.slice(1), around));
    else if (part === 'SCENARIO') found.push(...await scenarioNames(start, around));
    else if (part === 'DIR' || /^[AB]$/.test(part)) found.push(...paths(start, around.cwd, 'folders', /$/, around.home));
    else if (part === 'FILE') found.push(...paths(start, around.cwd, 'files', /$/, around.home));
    else if (part === 'NAME') found.push(...await registered());
    else if (/^[a-z]/.test(part)) found.push({ word: part });
  }
  return found;
}

async function scenarioNames(start: string, { cwd, home }: Surroundings): Promise<Offer[]> {
  const { scenarios } = await tables();
  return [...Object.values(scenarios).map(({ name, title }) => ({ word: name, help: title })), ...paths(start, cwd, 'files', /\.(m?[jt]s|ya?ml)$/, home)];
}

async function registered(): Promise<Offer[]> {
  const { policies, balancers } = await tables();
  return [...Object.values(policies), ...Object.values(balancers)].map(({ name, title }) => ({ word: name, help: title }));
}

/** `alp` is completed to `alpha=`, `policy=fcfs,lo` to `policy=fcfs,loco`. */
async function keyOrValue(start: string, scenario: string, words: readonly string[], { cwd, home }: Surroundings): Promise<Offer[]> {
  const all = await tables(), table = parameters(scenario, words, all, cwd), at = start.indexOf('=');
  if (at < 0) {
    const given = new Set(words.map((word) => word.split('=', 1)[0]));
    return Object.entries(table).filter(([key]) => !given.has(key)).map(([key, { help }]) => ({ word: `${key}=`, help }));
  }
  const key = start.slice(0, at);
  const found = await listed(start.slice(at + 1), (part) => Promise.resolve(valuesOf(key, table[key], part, all, cwd, home)), true);
  return found.map((one) => ({ ...one, word: `${key}=${one.word}` }));
}

/** The last piece of a list with commas; pieces that stand there already are not offered again. */
async function listed(start: string, find: (part: string) => Promise<Offer[]>, isList: boolean): Promise<Offer[]> {
  const cut = isList ? start.lastIndexOf(',') + 1 : 0, head = start.slice(0, cut), there = head.split(',');
  return (await find(start.slice(cut))).filter(({ word }) => !there.includes(word)).map((one) => ({ ...one, word: head + one.word }));
}
