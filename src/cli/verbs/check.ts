// `check`: a policy, balancer, metric or scenario held against its contract, and tests run. Names the clause that does not hold, with the shortest history that shows it.
import { realpathSync } from 'node:fs';
import { SchedlabError } from '../../errors.ts';
import { unknownName } from '../../options.ts';
import { namesFile } from '../../../sim/experiment/definitions.ts';
import { parseAssignments } from '../assignments.ts';
import { isTest, runTest } from '../check-test.ts';
import { checkJson, sayChecked } from '../check-text.ts';
import type { Checked } from '../check-text.ts';
import { checkSubject, fromFile, shipped } from '../check-subjects.ts';
import type { AskedCheck, Subject } from '../check-subjects.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import type { Parsed } from '../parse.ts';
import { setTraps } from '../traps.ts';
import type { Traps } from '../traps.ts';

const HISTORIES = 300, MOST_HISTORIES = 1_000_000;

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('check', args), names = parsed.positionals.filter((word) => !isParameter(word));
  if (names.length === 0) throw new SchedlabError('ERR_USAGE', 'check needs a file or a name. Write schedlab check ./mine.ts, or schedlab check loco.');
  const { fixed: given, swept } = parseAssignments(parsed.positionals.filter(isParameter), [], []);
  if (swept.length > 0) throw new SchedlabError('ERR_USAGE', `${swept[0].key} in check has several values. Check one setting at a time.`, { name: swept[0].key });
  const asked: AskedCheck = { histories: wholeNumber(parsed, 'histories', HISTORIES), seed: parsed.text('seed') ?? '1', only: parsed.list('clause'), given };
  const results: Checked[] = [];
  // Before any file is loaded: it may keep a clock for later.
  const traps = setTraps(realpathSync(io.cwd));
  let failedTests = 0;
  try {
    const subjects: Subject[] = [];
    for (const name of names) if (!isTest(name)) subjects.push(...await found(name, traps, io));
    refuseStrangers(subjects, asked);
    for (const subject of subjects) results.push(await checkSubject(subject, asked, traps, io));
  } finally {
    traps.release();
  }
  for (const name of names.filter(isTest)) if (await runTest(name, io, parsed.has('quiet')) !== 0) failedTests++;
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify(checkJson(results, asked.seed, asked.histories, names.filter(isTest), failedTests), null, 2)}\n`);
  for (const result of results) if (!parsed.has('quiet') || !result.isKept) sayChecked(result, io);
  return failedTests === 0 && results.every(({ isKept }) => isKept) ? 0 : 4;
}

/** `alpha=0.5`; `policy=loco` and `balancer=./mine.ts` name what is checked. */
const isParameter = (word: string): boolean => /^[A-Za-z][\w.-]*=/.test(word) && !/^(policy|balancer)=/.test(word);

function wholeNumber(parsed: Parsed, name: string, fallback: number): number {
  const text = parsed.text(name), value = text === undefined ? fallback : /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value < 1 || value > MOST_HISTORIES) throw new SchedlabError('ERR_OPTION_RANGE', `--${name} in check accepts a whole number from 1 to ${MOST_HISTORIES}, received ${JSON.stringify(text)}.`, { name });
  return value;
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
