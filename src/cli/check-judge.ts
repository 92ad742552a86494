// Everything that `check` is asked about, found and judged in this thread.
import { realpathSync } from 'node:fs';
import { unknownName } from '../options.ts';
import { SchedlabError } from '../errors.ts';
import { namesFile } from '../../sim/experiment/definitions.ts';
import { ProcessEnd } from '../../sim/experiment/strangers.ts';
import type { Heart } from './check-heart.ts';
import { checkSubject, fromFile, shipped } from './check-subjects.ts';
import type { AskedCheck, Subject } from './check-subjects.ts';
import type { Checked } from './check-text.ts';
import type { Io } from './io.ts';
import { setTraps } from './traps.ts';
import type { Traps } from './traps.ts';

/** What is under way: a file is loaded, or what it defines is judged. */
export interface Stage { readonly shown: string; readonly kind: string; readonly name: string; readonly isLoading: boolean }

/** Judges one after the other. `heart` is told of every call of the user's code, `tell` of every stage. Throws as the loaders do. */
export async function judge(names: readonly string[], asked: AskedCheck, io: Io, heart?: Heart, tell: (stage: Stage) => void = () => { /* nobody watches */ }): Promise<Checked[]> {
  const results: Checked[] = [];
  // Before any file is loaded: it may keep a clock for later.
  const traps: Traps = { ...setTraps(realpathSync(io.cwd)), ...(heart ? { enters: heart.enters, leaves: heart.leaves } : {}) };
  try {
    const subjects: Subject[] = [];
    for (const name of names) {
      tell({ shown: name, kind: 'file', name, isLoading: true });
      try { subjects.push(...await found(name, traps, io)); } catch (error) {
        const cause = error instanceof SchedlabError ? error.details.cause : undefined;
        if (!(cause instanceof ProcessEnd)) throw error;
        const clause = (await import('../../sim/check/index.ts')).POLICY_CLAUSES.find(({ id }) => id === 'throws')!;
        results.push({ shown: name, kind: 'file', name, params: {}, options: {}, isKept: false, verdicts: [{ clause, holds: false, shown: { why: `${cause.message}${traps.placeOf(cause)} while it is loaded`, lines: [] } }] });
      }
    }
    if (results.length === 0 || subjects.length > 0) refuseStrangers(subjects, asked);
    for (const subject of subjects) {
      tell({ shown: subject.shown, kind: subject.kind, name: subject.definition.name, isLoading: false });
      results.push(await checkSubject(subject, asked, traps, io));
    }
  } finally {
    traps.release();
  }
  return results;
}

/** What a word names: by name or by file, with `policy=` or `balancer=` in front where it is both. */
async function found(word: string, traps: Traps, io: Io): Promise<readonly Subject[]> {
  const [, kind, name] = /^(?:(policy|balancer)=)?(.*)$/s.exec(word)!;
  if (!namesFile(name)) return shipped(name, kind);
  const subject = await fromFile(name, kind, io), reached = traps.reached();
  return [reached ? { ...subject, reached } : subject];
}

/** Keys that nobody here has are told before anything is played; those of a scenario are its plan's to refuse. */
function refuseStrangers(subjects: readonly Subject[], { given }: AskedCheck): void {
  if (subjects.some(({ kind }) => kind === 'scenario')) return;
  const valid = subjects.flatMap(({ definition }) => ('params' in definition ? Object.keys(definition.params) : []));
  for (const key of Object.keys(given)) if (!valid.includes(key)) throw unknownName('key', key, [...new Set(valid)], 'check');
}
