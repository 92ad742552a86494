// Why a scenario file of code did not load: the reason in one sentence, the line it comes from, and what to do.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SchedlabError } from '../errors.ts';
import type { Place } from './say.ts';

interface Spot { readonly file: string; readonly line: number; readonly column: number; readonly length: number }

const local = (text: string): string | undefined => {
  try { return text.startsWith('file:') ? fileURLToPath(text.replace(/[?#].*$/, '')) : text; } catch { return undefined; }
};

/** The stripper draws its complaint: numbered lines of the file, carets under the one at fault. */
function drawn(message: string, named: string): Spot | undefined {
  // Told by our own loader, where the file at fault may be one that the named file imports.
  const told = /^in (.+)$/m.exec(message)?.[1], file = told !== undefined && existsSync(told) ? told : named;
  const lines = message.split('\n');
  for (let i = 0; i + 1 < lines.length; i++) {
    const line = /^ *(\d+) \| /.exec(lines[i]), mark = /^ *: ( *)([\^]+)/.exec(lines[i + 1]);
    if (line && mark) return { file, line: Number(line[1]), column: mark[1].length + 1, length: mark[2].length };
  }
  const start = /,-\[(\d+):(\d+)\]/.exec(message);
  return start ? { file, line: Number(start[1]), column: Number(start[2]), length: 1 } : undefined;
}

/** Node writes a syntax error as file:line, the line, and carets under it. */
function written(stack: string): Spot | undefined {
  const [head, , carets] = stack.split('\n');
  const match = /^(.+):(\d+)$/.exec(head ?? '');
  const file = match ? local(match[1]) : undefined;
  if (!match || !file || !existsSync(file)) return undefined;
  const found = /^( *)(\^+)/.exec(carets ?? '');
  return { file, line: Number(match[2]), column: (found?.[1].length ?? 0) + 1, length: found?.[2].length ?? 1 };
}

/** The first frame of a stack that lies in a file of the user. */
function thrown(stack: string): Spot | undefined {
  for (const line of stack.split('\n')) {
    const match = /(file:\/\/[^)\s]+|\/[^):]+):(\d+):(\d+)\)?$/.exec(line);
    const file = match ? local(match[1]) : undefined;
    if (match && file && !file.includes('/node_modules/') && existsSync(file)) return { file, line: Number(match[2]), column: Number(match[3]), length: 1 };
  }
  return undefined;
}

function advice(reason: string, file: string): string {
  if (/strip-only|not supported|parameter propert|TypeScript/i.test(reason)) return 'TypeScript is stripped, not compiled: no enum, no namespace, no parameter properties. Write an object or a union instead.';
  if (/Cannot find (module|package)/.test(reason)) return "Imports carry their file ending, such as './helper.ts'.";
  if (/does not provide an export named/.test(reason) && file.endsWith('ts')) return 'Import types with `import type`.';
  return 'Correct it there.';
}

/** The error of the loader with its place; anything else as it came. */
export function faultOf(error: unknown, full: string, shown: string): unknown {
  if (!(error instanceof SchedlabError) || error.details.cause === undefined) return error;
  // The stripper throws text, Node throws errors.
  const cause = error.details.cause instanceof Error ? error.details.cause : new Error(String(error.details.cause));
  const stack = error.details.cause instanceof Error ? cause.stack ?? '' : '';
  const spot = drawn(cause.message, full) ?? written(stack) ?? (cause.message.startsWith('Cannot find') ? undefined : thrown(stack));
  const first = (cause.message.split('\n').find((line) => line.trim() !== '') ?? cause.name).trim().replace(/^[x×] /, '').replace(/\.$/, '');
  const reason = cause.name === 'Error' || cause.name === 'SyntaxError' || first.startsWith(cause.name) ? first : `${cause.name}: ${first}`;
  const text = `${shown} cannot be loaded: ${reason}`;
  if (!spot) return new SchedlabError('ERR_SCENARIO_FILE', `${text}. ${advice(reason, full)}`, { cause });
  const name = spot.file === full ? shown : path.relative(process.cwd(), spot.file);
  const place: Place = { file: name, line: spot.line, column: spot.column, length: spot.length, text: readFileSync(spot.file, 'utf8').split(/\r\n|\n|\r/)[spot.line - 1] ?? '' };
  return new SchedlabError('ERR_SCENARIO_FILE', `${text}. ${advice(reason, full)}`, { cause, place });
}
