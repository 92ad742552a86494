// The lock of a results folder: one process writes there at a time. A lock whose process is gone is taken over.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SchedlabError } from '../../src/errors.ts';
import { HOST, PROCESS_ID, isAlive } from './machine.ts';

export const LOCK = '.lock';

/** Folders that this process itself holds. */
const own = new Set<string>();

interface Holder { readonly pid: number; readonly host: string }

function holderOf(path: string): Holder | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder> | null;
    return typeof value?.pid === 'number' && typeof value.host === 'string' ? { pid: value.pid, host: value.host } : undefined;
  } catch { return undefined; }
}

/** Another machine's processes cannot be asked after: they count as alive. */
const isHeld = (path: string, { pid, host }: Holder): boolean => (host === HOST && pid === PROCESS_ID ? own.has(path) : host !== HOST || isAlive(pid));

/** Takes the folder; the answer gives it back, and asked again does nothing. Throws ERR_OUTPUT with the process that has it. */
export function lockFolder(dir: string): () => void {
  const path = join(dir, LOCK);
  for (let attempt = 0; ; attempt++) {
    let fd: number;
    try { fd = openSync(path, 'wx'); } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
      const holder = holderOf(path);
      // A lock that says nothing was cut while it was written: its process is gone, or will have written by the next look.
      if (attempt >= 2 || (holder && isHeld(path, holder))) {
        const who = holder === undefined ? 'another process' : `process ${holder.pid}${holder.host === HOST ? '' : ` on ${holder.host}`}`;
        throw new SchedlabError('ERR_OUTPUT', `${who} is writing to ${JSON.stringify(dir)} at this moment. Wait until it has ended, or choose another folder with --out; where no such process runs, remove ${JSON.stringify(path)}.`, { dir, ...(holder ?? {}) });
      }
      rmSync(path, { force: true });
      continue;
    }
    try { writeSync(fd, JSON.stringify({ pid: PROCESS_ID, host: HOST } satisfies Holder)); } finally { closeSync(fd); }
    own.add(path);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      own.delete(path);
      rmSync(path, { force: true });
    };
  }
}
