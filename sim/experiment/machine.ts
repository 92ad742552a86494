// What the laboratory asks of the machine: wall clock, timers, process. Here alone, and for facts that are part of no digest.
import { relative, sep } from 'node:path';
import { setFlagsFromString } from 'node:v8';

/** Sets how many bytes of bytecode the compiler may inline into one function; V8's own budget is 920. From now on, for this process. */
export function inlineUpTo(bytes: number): void { setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${bytes}`); }

/** Milliseconds from an arbitrary start, monotonic. */
export function wallMs(): number { return performance.now(); }

/** The present instant as ISO text. */
export function wallIso(): string { return new Date().toISOString(); }

/** Lets signals, messages and drawing happen between two replications. */
export function breathe(): Promise<void> { return new Promise((resolve) => { setImmediate(resolve); }); }

/** Calls `fn` again and again until the answer is called. */
export function every(periodMs: number, fn: () => void): () => void {
  const timer = setInterval(fn, periodMs);
  return () => { clearInterval(timer); };
}

export const NODE_VERSION: string = process.version;

/** Tells the temporary files of two processes apart. */
export const PROCESS_ID: number = process.pid;

export const HOST: string = process.getBuiltinModule('node:os').hostname();

/** True where a process of this number runs on this machine, whoever started it. */
export function isAlive(pid: number): boolean {
  try { process.kill(pid, 0); return true; } catch (error) { return (error as { code?: string }).code === 'EPERM'; }
}

/** True where Node itself loads TypeScript files (22.18 and later). */
export const STRIPS_TYPES: boolean = Boolean((process.features as { typescript?: unknown }).typescript);

/** A path as a reader of files in this process understands it; short where it can be. */
export function fromHere(full: string): string {
  const short = relative(process.cwd(), full);
  return short === '' || short.startsWith(`..${sep}..${sep}..${sep}`) ? full : short;
}
