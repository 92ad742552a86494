// What the front door may touch of the outside: two streams, a terminal or none, environment, folder, Ctrl-C. Tests hand in their own.
import { hang } from './fold.ts';

export interface Sink { write(text: string): unknown }

export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** True where stderr is a terminal that a person looks at. */
  readonly isTTY: boolean;
  /** Width of that terminal, in columns. */
  readonly columns: number;
  /** Width of the terminal that stdout goes to. Absent: it goes to a file or a program, and lists keep one line each. */
  readonly width?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls `handler` at each Ctrl-C; the answer takes it away again. Absent: nobody interrupts, and one worker's work is done in this thread. */
  onInterrupt?(handler: () => void): () => void;
  /** The date and time for names of folders. */
  now?(): Date;
}

/** Colour only on a terminal, and never under NO_COLOR. */
export function hasColour(io: Io): boolean {
  return io.isTTY && !io.env.NO_COLOR && io.env.TERM !== 'dumb';
}

/** Text for stderr as its reader wants it: broken at spaces on a terminal, whole lines elsewhere. */
export function forReader(io: Io, text: string): string { return io.isTTY ? hang(text, io.columns) : text; }
