// Code of strangers in this thread: it may not end the process, what it prints goes to stderr, and an error that it lets float is told as its own.
import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { SchedlabError } from '../../src/errors.ts';
import { partUrl } from './places.ts';

type Table = Record<string, unknown>;

/** Frames that are looked at: who ends a process may stand deep in calls of his own. */
const FRAMES = 60;
/** What ends a process or a thread. */
const ENDS = ['exit', 'reallyExit', 'abort', 'kill'] as const;
/** What a console writes to stdout. */
const PRINTS = ['log', 'info', 'debug', 'dir', 'dirxml', 'table', 'group', 'groupCollapsed', 'groupEnd', 'count', 'countReset', 'time', 'timeLog', 'timeEnd', 'trace', 'warn', 'error', 'assert'] as const;

let ours: readonly string[] | undefined;
/** Folders of this program's own code, beside that of the package they lie in. */
function ourFolders(): readonly string[] {
  return ours ??= ['src', 'sim', 'scenarios', 'reports', 'chunks'].map((part) => join(fileURLToPath(partUrl('src/index')), '../..', part) + sep);
}

/** A file that neither ships with this program nor lies in a package. */
export function ofUser(file: string): boolean { return !file.includes(`${sep}node_modules${sep}`) && !ourFolders().some((folder) => file.startsWith(folder)); }

/** `file:line:column` of the first frame that is the user's, told from `folder`; nothing where none is. */
export function userFrame(stack: string, folder: string, isOwn: (file: string) => boolean = ofUser): string | undefined {
  for (const line of stack.split('\n')) {
    // Node's own frames have names such as node:internal/timers, and are nobody's.
    const match = /(?:\(|\s|^)(file:\/\/[^)\s]+?|\/[^)]*?|[A-Za-z]:\\[^)]*?):(\d+):(\d+)\)?$/.exec(line);
    if (!match) continue;
    let file = match[1].replace(/\?.*$/, '');
    if (file.startsWith('file:')) { try { file = fileURLToPath(file); } catch { continue; } }
    if (isAbsolute(file) && isOwn(file)) return `${relative(folder, file)}:${match[2]}:${match[3]}`;
  }
  return undefined;
}

const held: string[] = [];
/** Files of strangers that this thread has loaded, or has begun to load. */
export const strangers = (): readonly string[] => held;

/** What the user's code gets to feel where it would end the process. */
export class ProcessEnd extends Error {}

let holds = false;
/**
 * Called before a file of the user's is loaded, once a thread is enough. From then on a call that would end the process throws where the user's
 * code makes it, so that it is told like any other fault of that file; calls of this program and of packages pass. Consoles write to stderr.
 */
export function holdStrangers(file: string): void {
  if (!held.includes(file)) held.push(file);
  if (holds) return;
  holds = true;
  const table = process as unknown as Table;
  for (const name of ENDS) {
    const own = table[name];
    if (typeof own !== 'function') continue;
    table[name] = function end(this: unknown, ...args: unknown[]): unknown {
      if (!userCalls()) return Reflect.apply(own, process, args);
      const error = new ProcessEnd(`it calls process.${name}(${args.map((arg) => JSON.stringify(arg) ?? '').join(', ')}), and what is loaded here may not end the program`);
      // The first line that is told is the one that called.
      Error.captureStackTrace(error, end);
      throw error;
    };
  }
  // A thread's stdout is the process's: what is printed there would stand in the midst of --json.
  // What a thread hands to the main one is lost where the thread is ended, so it writes itself.
  const out = isMainThread ? process.stderr : new Writable({ write(chunk: Buffer, _encoding, done) { try { writeSync(2, chunk); } catch { /* nobody reads it */ } done(); } });
  const quiet = new Console(out, out) as unknown as Table, shown = console as unknown as Table;
  for (const name of PRINTS) if (typeof quiet[name] === 'function') shown[name] = (quiet[name] as () => void).bind(quiet);
  if (!isMainThread) process.stdout.write = out.write.bind(out) as typeof process.stdout.write;
}

function userCalls(): boolean {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  return userFrame(stack ?? '', process.cwd()) !== undefined;
}

/** An error that nobody caught, as what it is: that of a stranger's file where one stands in its stack; else as it came. */
export function faultOfStranger(error: unknown): unknown {
  if (error instanceof SchedlabError && error.exitCode !== 1) return error;
  if (error instanceof Error) {
    const at = userFrame(error.stack ?? '', process.cwd());
    const what = `${error.name === 'Error' ? '' : `${error.name}: `}${error.message.replace(/\.$/, '')}`;
    return at === undefined ? error : new SchedlabError('ERR_SCENARIO_FILE', `${what} (${at}). The file threw this in a promise or a timer that nobody waits for; correct it there.`, { cause: error });
  }
  if (held.length === 0) return error;
  return new SchedlabError('ERR_SCENARIO_FILE', `${suspects(held)} threw ${JSON.stringify(error) ?? String(error)}, which is no Error, in a promise or a timer that nobody waits for. Throw new Error(…) there, so that its line is known.`);
}

/** Names of files in a sentence. */
export function suspects(files: readonly string[]): string { return [...new Set(files.map((file) => (isAbsolute(file) ? relative(process.cwd(), file) : file)))].join(' or '); }

/**
 * Runs work in which strangers' code may loop for ever: handlers of Ctrl-C cannot run while this thread loops, so there are none meanwhile and
 * the system ends the process, with the code 130 of a shell.
 */
export async function killable<T>(work: () => Promise<T>): Promise<T> {
  const back = unhandled();
  try { return await work(); } finally { back(); }
}

/** The same for work that answers at once. */
export function killableNow<T>(work: () => T): T {
  const back = unhandled();
  try { return work(); } finally { back(); }
}

function unhandled(): () => void {
  if (!isMainThread) return () => { /* signals are the main thread's */ };
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((name) => [name, process.listeners(name)] as const);
  for (const [name, all] of listeners) for (const one of all) process.off(name, one);
  return () => { for (const [name, all] of listeners) for (const one of all) process.on(name, one); };
}
