// The entry of the thread in which `check` judges: what is judged may never come back.
import { parentPort, workerData } from 'node:worker_threads';
import { SchedlabError } from '../errors.ts';
import type { FromChecker, CheckerStart, PlainFault } from './check-apart.ts';
import { Heart } from './check-heart.ts';
import { judge } from './check-judge.ts';
import type { Io } from './io.ts';

const { names, asked, surroundings, shared } = workerData as CheckerStart;
const tell = (message: FromChecker): void => { parentPort!.postMessage(message); };
const io: Io = { ...surroundings, stdout: { write: (text) => { tell({ say: text, isError: false }); } }, stderr: { write: (text) => { tell({ say: text, isError: true }); } } };

/** Without the error behind it: that is told already. */
function plain(error: unknown): PlainFault {
  if (error instanceof SchedlabError) { const { cause: _cause, ...details } = error.details; return { code: error.code, message: error.message, details: JSON.parse(JSON.stringify(details)) as Record<string, unknown>, stack: error.stack ?? '' }; }
  return error instanceof Error ? { message: error.message, name: error.name, stack: error.stack ?? '', details: {} } : { message: String(error), stack: '', details: {} };
}

try { tell({ results: await judge(names, asked, io, new Heart(shared), (stage) => { tell({ stage }); }) }); } catch (error) { tell({ failed: plain(error) }); }
