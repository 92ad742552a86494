// Writes a page, says where it is, and opens it where that is asked for.
import path from 'node:path';
import { writeWhole } from '../../../sim/experiment/files.ts';
import type { Io } from '../io.ts';

export async function writePage(html: string, shown: string, isOpened: boolean, isQuiet: boolean, io: Io): Promise<void> {
  const full = path.resolve(io.cwd, shown);
  writeWhole(full, html);
  if (!isQuiet) io.stderr.write(`page     ${shown}${isOpened ? '' : '      open with --open'}\n`);
  if (isOpened) { const { open } = await import('../open.ts'); await open(full, io); }
}
