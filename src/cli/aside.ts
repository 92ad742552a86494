// Files beside the results, --calls, --decisions and --trace: where they go, checked before anything runs.
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import type { DecisionsFile } from '../../sim/experiment/types.ts';
import { checkFile } from './folders.ts';
import type { Io } from './io.ts';
import type { Setting } from './settings.ts';

export interface AsideFiles { readonly calls?: string; readonly decisions?: DecisionsFile; readonly trace?: string; readonly traceFromS?: number }

/** Where a path leads: a link is written through, not replaced. */
const followed = (file: string): string => (existsSync(file) ? realpathSync(file) : file);

/** Full paths of what was asked for. `data`: files that the run reads. Throws ERR_OUTPUT, ERR_OPTION_CONFLICT. */
export function asideFiles(settings: ReadonlyMap<string, Setting>, io: Io, data: readonly string[]): AsideFiles {
  const fileOf = (name: 'calls' | 'decisions' | 'trace'): string | undefined => {
    const shown = settings.get(name)?.value as string | undefined;
    if (shown === undefined) return undefined;
    const full = path.resolve(io.cwd, shown);
    checkFile(full, shown, `--${name}`);
    if (data.includes(full)) throw new SchedlabError('ERR_OUTPUT', `--${name} ${shown} would overwrite the data that the run reads. Choose another file.`);
    return followed(full);
  };
  const calls = fileOf('calls'), decisions = fileOf('decisions'), trace = fileOf('trace'), share = settings.get('decisions-sample')?.value, from = settings.get('trace-from')?.value;
  const named = Object.entries({ calls, decisions, trace }).filter(([, file]) => file !== undefined), twice = named.find(([, file], i) => named.findIndex(([, other]) => other === file) < i);
  if (twice) throw new SchedlabError('ERR_OPTION_CONFLICT', `${named.filter(([, file]) => file === twice[1]).map(([name]) => `--${name}`).join(' and ')} name one file, ${JSON.stringify(twice[1])}. Give each its own.`);
  if (share !== undefined && decisions === undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `--decisions-sample ${share} has nothing to thin out: no file of decisions is asked for. Add --decisions FILE.`);
  if (from !== undefined && trace === undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `--trace-from ${from} has no drawing to begin: no trace is asked for. Add --trace FILE.`);
  return { ...(from === undefined ? {} : { traceFromS: Number(from) }), ...(calls === undefined ? {} : { calls }), ...(trace === undefined ? {} : { trace }), ...(decisions === undefined ? {} : { decisions: { path: decisions, sample: share === undefined ? 1 : Number(share) } }) };
}
