// What is another now than it was when results were recorded: the version, the data, the code, the folder itself.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { experimentDigest } from '../../sim/experiment/manifest.ts';
import { locate, type Stored } from './stored.ts';
import { version } from './version.ts';

/** One difference; `what` is a word for programs, `text` a clause for readers. */
export interface Change { readonly what: 'version' | 'data' | 'scenario' | 'policy' | 'balancer' | 'metric' | 'folder'; readonly file?: string; /** The file is nowhere to be found. */ readonly isMissing?: true; readonly text: string }

const short = (sha256: string): string => `${sha256.slice(0, 16)}…`;

/** Undefined: not here. */
function sha256Of(stored: Stored, file: string): string | undefined {
  const full = locate(stored, file);
  if (full === undefined) return undefined;
  const hash = createHash('sha256'), piece = Buffer.allocUnsafe(1 << 20), opened = openSync(full, 'r');
  try {
    for (let read = readSync(opened, piece); read > 0; read = readSync(opened, piece)) hash.update(piece.subarray(0, read));
  } finally { closeSync(opened); }
  return hash.digest('hex');
}

function changeOf(stored: Stored, what: Change['what'], file: string, recorded: string): Change[] {
  const now = sha256Of(stored, file);
  if (now === recorded) return [];
  if (now === undefined) return [{ what, file, isMissing: true, text: `the ${what}: ${file} is not here; its checksum was ${recorded}` }];
  return [{ what, file, text: `the ${what}: ${file} has another checksum, ${short(now)} in place of ${short(recorded)}` }];
}

/**
 * Compares files, version and digests with what the manifest vouches for; plans and runs nothing. `used`: values of parameters that count,
 * so that the policy of another cell is no difference. O(bytes of data).
 */
export function changesOf(stored: Stored, used: ReadonlySet<unknown>): Change[] {
  const { manifest, records } = stored.whole ?? stored.folder, out: Change[] = [], now = `schedlab ${version()}`;
  if (manifest.tool !== now) out.push({ what: 'version', text: `the version: recorded by ${manifest.tool}, repeated by ${now}` });
  for (const file of manifest.data) if (used.has(file.path)) out.push(...changeOf(stored, 'data', file.path, file.sha256));
  for (const file of manifest.files ?? []) if (file.what === 'scenario' || used.has(file.path)) out.push(...changeOf(stored, file.what, file.path, file.sha256));
  if (!manifest.interrupted && experimentDigest(records) !== manifest.digest) out.push({ what: 'folder', file: 'replications.jsonl', text: `the folder: replications.jsonl does not give the digest ${short(manifest.digest)} of manifest.json, so one of the two was edited or cut` });
  return out;
}

/** Where nothing of that changed and yet a cell has another identity: what is left is the meaning of its parameters. */
export function identityChange(recorded: string, now: string): Change[] {
  return recorded === now ? [] : [{ what: 'scenario', text: 'the scenario: with the same values its cell has another identity, so its parameters or their meaning have changed' }];
}
