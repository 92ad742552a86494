// Writes a page, says where it is, and opens it where that is asked for.
import path from 'node:path';
import { writeWhole } from '../../../sim/experiment/files.ts';
import { SchedlabError } from '../../errors.ts';
import type { Io } from '../io.ts';
import { sentences } from '../say.ts';

export async function writePage(html: string, shown: string, isOpened: boolean, isQuiet: boolean, io: Io): Promise<void> {
  const full = path.resolve(io.cwd, shown);
  try { writeWhole(full, html); } catch (error) {
    // There is no --out to choose here.
    if (error instanceof SchedlabError && error.code === 'ERR_OUTPUT') throw new SchedlabError('ERR_OUTPUT', `${sentences(error.message)[0]}. Free some space, or name another file with --page FILE.`, error.details);
    throw error;
  }
  if (!isQuiet) io.stderr.write(`page     ${shown}${isOpened ? '' : '      open with --open'}\n`);
  if (isOpened) { const { open } = await import('../open.ts'); await open(full, io); }
}
