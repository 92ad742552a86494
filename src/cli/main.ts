#!/usr/bin/env node
// The program `schedlab`: joins the process to the front door. Answers --version before anything else is imported.
import * as nodeModule from 'node:module';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** The first fault of each output. It is told at the end, because a run goes on without its readers. */
const faults = new Map<NodeJS.WriteStream, NodeJS.ErrnoException>();
// A reader that went away, such as `| head`, is no error: what follows is not written, the run goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED' && !faults.has(stream)) faults.set(stream, error);
  });
}

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stderr.isTTY === true,
  columns: process.stderr.columns || 80,
  ...(process.stdout.isTTY && process.stdout.columns ? { width: process.stdout.columns } : {}),
  env: process.env,
  cwd: process.cwd(),
  onInterrupt(handler) {
    process.on('SIGINT', handler);
    process.on('SIGTERM', handler);
    return () => { process.off('SIGINT', handler); process.off('SIGTERM', handler); };
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

async function crash(error: unknown): Promise<void> {
  const { sayError } = await import('./say.ts');
  await leave(sayError(error, io));
}

const argv = process.argv.slice(2);
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
