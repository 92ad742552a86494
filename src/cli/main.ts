#!/usr/bin/env node
// The program `schedlab`: joins the process to the front door. Answers --version before anything else is imported.
import * as nodeModule from 'node:module';
import type { Io } from './io.ts';
import { heard } from './strays.ts';
import { version } from './version.ts';

/** The first fault of each output. It is told at the end, because a run goes on without its readers. */
const faults = new Map<NodeJS.WriteStream, NodeJS.ErrnoException>();
// A reader that went away, such as `| head`, is no error: what follows is not written, the run goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED' && !faults.has(stream)) faults.set(stream, error);
  });
}

const argv = process.argv.slice(2);

/** Ctrl-C while nobody listens: before a run has begun, and after it has ended. What to say of it then; undefined: the process just ends. */
let unheard = ['run', 'sweep', 'demo'].includes(argv[0]) && !argv.includes('--from') ? 'interrupted: nothing was begun, and nothing is saved' : argv[0] === 'check' ? 'interrupted: the check is not finished, and says nothing' : undefined;
const onUnheard = (): void => {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${unheard}\n`);
  process.exit(130);
};
if (unheard !== undefined) process.on('SIGINT', onUnheard);

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stderr.isTTY === true,
  columns: process.stderr.columns || 80,
  ...(process.stdout.isTTY && process.stdout.columns ? { width: process.stdout.columns } : {}),
  env: process.env,
  cwd: process.cwd(),
  onInterrupt(handler) {
    process.off('SIGINT', onUnheard);
    process.on('SIGINT', handler);
    process.on('SIGTERM', handler);
    return () => {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
      if (unheard === undefined) return;
      unheard = 'interrupted: the results are saved, and what was to follow them is not finished';
      process.on('SIGINT', onUnheard);
    };
  },
  now: () => new Date(),
};

const flushed = (stream: NodeJS.WriteStream): Promise<void> => new Promise((done) => { stream.write('', () => { done(); }); });

/** Within five seconds: a reader that has stopped to read does not keep the process. */
const written = (): Promise<unknown> => Promise.race([Promise.all([flushed(process.stdout), flushed(process.stderr)]), new Promise((done) => { setTimeout(done, 5000); })]);

/** Ends the process when all is written. What was asked for on stdout and is not there is an error, whatever the run was. */
async function leave(code: number): Promise<void> {
  await written();
  const lost = faults.get(process.stdout);
  if (lost && code === 0) {
    const { sayError, streamFault } = await import('./say.ts');
    code = sayError(streamFault('standard output', lost), io);
    await written();
  }
  process.exit(code);
}

let isCrashing = false;
async function crash(error: unknown): Promise<void> {
  // The first is told; what follows from it is not.
  if (heard(error) || isCrashing) return;
  isCrashing = true;
  const [{ sayError }, { faultOfStranger }] = await Promise.all([import('./say.ts'), import('../../sim/experiment/strangers.ts')]);
  await leave(sayError(faultOfStranger(error), io));
}

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${version()}\n`);
  await leave(0);
} else {
  process.on('unhandledRejection', (error) => { void crash(error); });
  process.on('uncaughtException', (error) => { void crash(error); });
  (nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
  const { main } = await import('./front.ts');
  await leave(await main(argv, io));
}
