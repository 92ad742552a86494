// Where results go: the name of a new folder, and whether it can be written, asked before anything is.
import { accessSync, constants, existsSync, rmSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-21T1402`, in the local time of the reader. */
export function stamp(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}${two(date.getMinutes())}`;
}

/** results/SCENARIO-DATE under `cwd`; -2, -3 … where the name is taken. */
export function freshFolder(cwd: string, scenario: string, date: Date): string {
  const base = path.join('results', `${scenario.replace(/[^\w.-]+/g, '-')}-${stamp(date)}`);
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}-${i}`;
    if (!existsSync(path.resolve(cwd, name))) return name;
  }
}

function nearestExisting(full: string): string {
  let at = full;
  while (!existsSync(at) && path.dirname(at) !== at) at = path.dirname(at);
  return at;
}

/** What a run leaves in its folder. */
const OWN = ['manifest.json', 'replications.jsonl', 'trails.jsonl', 'summary.json', 'summary.csv', 'report.html', 'report.md'];

/** Throws ERR_OUTPUT where a folder could not be made or written, or holds results that would be lost; makes nothing. Answers whether there is something to resume. */
export function checkFolder(full: string, shown: string, resume: boolean): boolean {
  if (shown.includes('\0')) throw new SchedlabError('ERR_OUTPUT', 'the name of the folder has a zero byte in it. Choose another with --out DIR.');
  const at = nearestExisting(full);
  if (!statSync(at).isDirectory()) throw new SchedlabError('ERR_OUTPUT', `cannot write results to ${shown}: ${at === full ? 'it' : at} is a file. Choose another folder with --out DIR.`);
  try { accessSync(at, constants.W_OK | constants.X_OK); } catch { throw new SchedlabError('ERR_OUTPUT', `cannot write results to ${shown}: ${at} may not be written. Choose another folder with --out DIR.`); }
  const held = OWN.filter((name) => existsSync(path.join(full, name)));
  if (held.length > 0 && !resume) throw new SchedlabError('ERR_OUTPUT', `the folder ${shown} holds results already (${held.join(', ')}), and nothing is overwritten. Add --resume to finish the same experiment, or choose another folder with --out DIR.`);
  return held.length > 0;
}

/** Call before a run writes: the answer takes away what the run left in a folder that held no results, and the folders that it made. */
export function undoOf(full: string): () => void {
  const found = nearestExisting(full), held = OWN.some((name) => existsSync(path.join(full, name)));
  return () => {
    if (held) return;
    for (const name of OWN) rmSync(path.join(full, name), { force: true });
    try { for (let at = full; at !== found; at = path.dirname(at)) rmdirSync(at); } catch { /* Somebody else has put something there. */ }
  };
}

/** A file that will be written: its folder must be there. */
export function checkFile(full: string, shown: string, flag: string): void {
  if (shown.includes('\0')) throw new SchedlabError('ERR_OUTPUT', `${flag} has a zero byte in its path. Choose another path.`);
  if (existsSync(full) && !statSync(full).isFile()) throw new SchedlabError('ERR_OUTPUT', statSync(full).isDirectory() ? `${flag} ${shown} is a folder. Name a file in it.` : `${flag} ${shown} is no plain file. Name a file; a pipe can read it afterwards.`);
  const folder = path.dirname(full);
  if (!existsSync(folder)) throw new SchedlabError('ERR_OUTPUT', `${flag} ${shown}: there is no folder ${path.dirname(shown)}. Make it first, or choose another path.`);
  try { accessSync(existsSync(full) ? full : folder, constants.W_OK); } catch { throw new SchedlabError('ERR_OUTPUT', `${flag} ${shown} may not be written. Choose another path.`); }
}
