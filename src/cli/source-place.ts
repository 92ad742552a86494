// Where in a file of code a definition is at fault: what an error names is looked for in the text, because a definition has no stack.
import { readFileSync } from 'node:fs';
import { SchedlabError } from '../errors.ts';
import type { Place } from './say.ts';

/** Text with its comments blanked, so that positions stay. Strings are skipped, not searched for comments. */
function withoutComments(text: string): string {
  return text.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}

/** Offset and length of the first match that stands alone: `only`, or nowhere. */
function find(text: string, pattern: RegExp, isOnly: boolean): { readonly at: number; readonly length: number } | undefined {
  const found = [...text.matchAll(new RegExp(pattern, 'gd'))];
  const [from, to] = found[0]?.indices?.[1] ?? [];
  return from === undefined || to === undefined || (isOnly && found.length > 1) ? undefined : { at: from, length: to - from };
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A member of an object as it is written: `title:`, `setup(…)`, `agents,`. */
const member = (name: string): RegExp => new RegExp(`(?:^|[{,\\s])(${escaped(name)})\\s*(?=[:(,}])`, 'm');
/** A text as it stands in quotes. */
const quoted = (word: string): RegExp => new RegExp(`(['"\`]${escaped(word)}['"\`])`);

/** Words of a message that stand in the definition: members that it is about, then what it quotes. */
function* candidates(message: string): Iterable<readonly [pattern: RegExp, isOnly: boolean]> {
  const parts = /is not a scenario: (?:the (?:default of the )?parameter )?(\w+)|^(\w+)(?:\[[^\]]*\])*(?:\.(\w+))? in the model of/.exec(message);
  for (const name of parts?.slice(1) ?? []) if (name) yield [member(name), false];
  for (const [, word] of message.matchAll(/"((?:[^"\\]|\\.)+)"/g)) yield [quoted(word!), true];
  // A part that is missing is missed where the definition begins.
  yield [/\b(define[A-Z]\w*)\s*\(/, false];
  yield [/\b(export\s+default)\b/, false];
}

/** The line and column that a message about the definition in `full` speaks of; `shown` is how the user names the file. */
export function placeIn(message: string, full: string, shown: string): Place | undefined {
  let text: string;
  try { text = readFileSync(full, 'utf8'); } catch { return undefined; }
  const code = withoutComments(text);
  for (const [pattern, isOnly] of candidates(message)) {
    const found = find(code, pattern, isOnly);
    if (!found) continue;
    const before = text.slice(0, found.at).split(/\r\n|\n|\r/);
    return { file: shown, line: before.length, column: before.at(-1)!.length + 1, length: found.length, text: text.split(/\r\n|\n|\r/)[before.length - 1] ?? '' };
  }
  return undefined;
}

/** The error with its place in the file, where it speaks of the definition called `name`, or of the file as a whole; anything else as it came. */
export function inSource(error: unknown, full: string, shown: string, name?: string): unknown {
  if (!(error instanceof SchedlabError) || error.exitCode !== 2 || error.details.place !== undefined) return error;
  const { message } = error;
  const isOurs = / is not a scenario: | has no default export/.test(message) || /^the threshold "/.test(message) || (name !== undefined && new RegExp(` (?:in|of) (?:the model of )?${escaped(name)}(?:[ .,:]|$)`).test(message));
  const place = isOurs ? placeIn(message, full, shown) : undefined;
  return place ? new SchedlabError(error.code, message.replace(JSON.stringify(full), shown), { ...error.details, place }) : error;
}
