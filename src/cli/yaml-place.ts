// Where a scenario file in YAML is at fault, for errors that are found late: while planning, nothing is left of the file but its values.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import type { Parsed } from './parse.ts';
import type { Place } from './say.ts';
import type { ScenarioFile } from './yaml-file.ts';

/** What an error speaks of, and the key of the file that holds it. */
const SECTIONS: readonly (readonly [says: RegExp, key: string])[] = [
  [/ in --also\b/, 'also'], [/^the baseline /, 'baseline'], [/\bthe threshold "/, 'thresholds'], [/^(?:the )?zipped keys? /, 'zip'], [/ in --metric\b/, 'metrics'], [/^there is no file "/, 'scenario'], [/^cannot read the trace "/, 'params'],
];

/** Offset where `key` begins a line of the file. */
function keyAt(text: string, key: string): number | undefined { return new RegExp(`^${key}(?=\\s*:)`, 'm').exec(text)?.index; }

/** Where `word` stands by itself, from an offset on. */
function wordAt(text: string, word: string, from: number): number | undefined {
  const found = new RegExp(`(?<![\\w.=-])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w=-])`, 'g');
  found.lastIndex = from;
  return found.exec(text)?.index;
}

/** Words to look for: what the message quotes, then the key that it begins with. */
const wordsOf = (message: string): string[] => [...[...message.matchAll(/"((?:[^"\\]|\\.)+)"/g)].map((match) => match[1]!), ...(/^(\w+) in --/.exec(message)?.slice(1) ?? [])];

function placeOf(message: string, text: string, shown: string, isTyped: (key: string) => boolean): Place | undefined {
  const key = SECTIONS.find(([says]) => says.test(message))?.[1], from = key === undefined ? undefined : keyAt(text, key);
  if (key === undefined || from === undefined || isTyped(key)) return undefined;
  // A path is told as it is found from here, and stands as it is found from the file: their ends are alike.
  const words = wordsOf(message).flatMap((word) => (word.includes('/') ? [word, word.slice(word.lastIndexOf('/') + 1)] : [word])), hit = words.map((word) => [wordAt(text, word, from), word.length] as const).find(([at]) => at !== undefined);
  if (hit === undefined && words.length > 0) return undefined;
  const [at = from, length] = hit ?? [from, key.length], before = text.slice(0, at).split(/\r\n|\n|\r/);
  return { file: shown, line: before.length, column: before.at(-1)!.length + 1, length, text: text.split(/\r\n|\n|\r/)[before.length - 1] ?? '' };
}

/** Flags that a command may give beside the file, by the key that the file has for the same. */
const FLAG_OF: Readonly<Record<string, string>> = { also: 'also', zip: 'zip', metrics: 'metric', baseline: 'baseline' };

/** The error with its line, where it speaks of what the YAML file says; anything else as it came. What the command gives as well is left alone. */
export function inYaml(error: unknown, found: { readonly file?: ScenarioFile; readonly folder?: string }, parsed: Pick<Parsed, 'has'>): unknown {
  const { file, folder } = found;
  if (!(error instanceof SchedlabError) || error.exitCode !== 2 || error.details.place !== undefined || file === undefined || folder === undefined) return error;
  const known = file.places.find((place) => error.message.includes(`(${place.file}:${place.line}:${place.column})`));
  if (known) return new SchedlabError(error.code, error.message, { ...error.details, place: known });
  let text: string;
  try { text = readFileSync(path.join(folder, path.basename(file.file)), 'utf8').replace(/^\uFEFF/, ''); } catch { return error; }
  const place = placeOf(error.message, text, file.file, (key) => FLAG_OF[key] !== undefined && parsed.has(FLAG_OF[key]));
  return place ? new SchedlabError(error.code, error.message.replace(' in --also', ' in also').replace(' in --metric', ' in metrics'), { ...error.details, place }) : error;
}
