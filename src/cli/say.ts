// How errors and warnings speak: what happened, where, and what to do. A stack is shown for a bug only.
import { SchedlabError } from '../errors.ts';
import type { DataFile } from '../../sim/results.ts';
import { fold, hang } from './fold.ts';
import { forReader } from './io.ts';
import type { Io } from './io.ts';
import { inSources } from './stack.ts';

/** A place in a file, for the line and the caret under an error. Line and column count from 1. */
export interface Place { readonly file: string; readonly line: number; readonly column: number; readonly text: string; readonly length: number }

/** Control characters of a stranger's text never reach the terminal. */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** First sentence, and the rest. A sentence ends at a period before white space and a capital letter or a digit. */
export function sentences(message: string): readonly [first: string, rest: string] {
  const end = /[.?]\s+(?=[A-Z0-9"])/.exec(message);
  return end ? [message.slice(0, end.index), message.slice(end.index + end[0].length)] : [message.replace(/\.$/, ''), ''];
}

/** The text of an error in three parts: what with where (one line, but on a terminal), the line it comes from, what to do next. */
export function errorText(error: SchedlabError, columns = 80, isTerminal = false): string {
  const place = error.details.place as Place | undefined;
  const [first, rest] = sentences(clean(error.message));
  const spot = place ? `${clean(place.file)}:${place.line}:${place.column}` : '';
  const what = `error: ${first}${spot && !first.includes(spot) ? ` (${spot})` : ''}`, lines = [isTerminal ? hang(what, columns) : what];
  if (place) {
    const number = `  ${place.line} | `;
    // A long line is shown around its fault.
    const from = place.column > 60 ? place.column - 30 : 0;
    const shown = clean(place.text.replace(/\t/g, ' ')).slice(from, from + 100);
    lines.push(`${number}${shown}`, `${' '.repeat(number.length + place.column - 1 - from)}${'^'.repeat(Math.max(1, Math.min(place.length, shown.length - (place.column - 1 - from))))}`);
  }
  for (const part of rest.split('\n')) lines.push(...fold(part, Math.max(40, columns) - 2).map((line) => `  ${line}`));
  return `${lines.join('\n')}\n`;
}

export function warn(io: Io, text: string): void { io.stderr.write(`${forReader(io, `warning: ${clean(text)}`)}\n`); }
export function note(io: Io, text: string): void { io.stderr.write(`${forReader(io, `note: ${clean(text)}`)}\n`); }

/** What was read of a data file, and what was not. */
export function dataRead({ path, format, rowsRead, rowsDropped, notes }: DataFile): string {
  return `read: ${path}, ${format}, ${rowsRead} row${rowsRead === 1 ? '' : 's'}, ${rowsDropped === 0 ? 'none dropped' : `${rowsDropped} dropped`}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

/** What the model chose where its data or its settings left a choice. */
export function assumed(text: string): string { return `assumed: ${text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()).replace(/\.$/, '')}`; }

const WHY: Readonly<Record<string, string>> = { ENOENT: 'no such file or folder', EACCES: 'permission denied', EPERM: 'not permitted', ENOSPC: 'no space left on the device', EROFS: 'the file system is read-only', EISDIR: 'it is a folder', ENOTDIR: 'a part of the path is no folder', EMFILE: 'too many open files', ENAMETOOLONG: 'the name is too long', ELOOP: 'the links go in circles', EEXIST: 'a file of that name is in the way', EFBIG: 'the file is larger than allowed', EDQUOT: 'the quota of the disk is used up', EIO: 'the device reports a fault' };
const why = (code: string): string => WHY[code] ?? code;

/** Trouble with a file or a socket, told by the operating system: the surroundings are at fault, not this program. */
function fromSystem(error: unknown): SchedlabError | undefined {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  return new SchedlabError('ERR_OUTPUT', path === undefined ? `cannot ${syscall}: ${why(code)}. Check the folders that were named and the space on their disks.` : `cannot ${syscall} ${path}: ${why(code)}. Check the path and try again.`, { code });
}

/** An output of the process that could not be written to the end: on a pipe or a full disk. */
export function streamFault(name: string, { code, message }: NodeJS.ErrnoException): SchedlabError {
  return new SchedlabError('ERR_OUTPUT', `${name} could not be written to the end: ${code === undefined ? message : why(code)}. Free some space, or send the output elsewhere; a folder of results is not harmed by it.`, { code });
}

/** Says what went wrong and answers the exit code. */
export function sayError(error: unknown, io: Io): number {
  const known = error instanceof SchedlabError ? error : fromSystem(error);
  if (known && known.exitCode !== 1) {
    io.stderr.write(io.isTTY ? errorText(known, io.columns, true) : errorText(known, 120));
    return known.exitCode;
  }
  const stack = error instanceof Error ? error.stack ?? `${error.name}: ${error.message}` : String(error);
  io.stderr.write(`error: ${clean(error instanceof Error ? error.message : String(error))}\n  this is a bug in schedlab; a report of it needs the command and these lines:\n${clean(inSources(stack))}\n`);
  return 1;
}
