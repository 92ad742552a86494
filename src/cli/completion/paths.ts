// Files and folders for completion. A folder ends in a slash, so that the word goes on.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Offer } from './offer.ts';

/** More than this is not offered: nobody reads it. */
const MOST = 500;

const isFolder = (full: string): boolean => { try { return statSync(full).isDirectory(); } catch { return false; } };

/** What may stand where `word` does. Hidden ones only where a dot is written. `ending`: only files like this, beside folders. */
export function paths(word: string, cwd: string, kind: 'files' | 'folders', ending = /$/, home?: string): Offer[] {
  const cut = word.lastIndexOf('/') + 1, shown = word.slice(0, cut), start = word.slice(cut);
  const folder = path.resolve(cwd, home !== undefined && shown.startsWith('~/') ? path.join(home, shown.slice(2)) : shown || '.');
  let names: string[];
  try { names = readdirSync(folder); } catch { return []; }
  return names.filter((name) => name.startsWith(start) && (start !== '' || !name.startsWith('.'))).sort().slice(0, MOST).flatMap((name) => {
    if (isFolder(path.join(folder, name))) return [{ word: `${shown}${name}/` }];
    return kind === 'files' && ending.test(name) ? [{ word: shown + name }] : [];
  });
}
