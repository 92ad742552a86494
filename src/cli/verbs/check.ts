// `check`: a policy, balancer, metric or scenario held against its contract, and tests run. Names the clause that does not hold, with the shortest history that shows it.
import { SchedlabError } from '../../errors.ts';
import { parseAssignments } from '../assignments.ts';
import { isTest, runTest } from '../check-test.ts';
import { checkJson, sayChecked } from '../check-text.ts';
import type { AskedCheck } from '../check-subjects.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import type { Parsed } from '../parse.ts';

const HISTORIES = 300, MOST_HISTORIES = 1_000_000;

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('check', args), names = parsed.positionals.filter((word) => !isParameter(word));
  if (names.length === 0) throw new SchedlabError('ERR_USAGE', 'check needs a file or a name. Write schedlab check ./mine.ts, or schedlab check loco.');
  const { fixed: given, swept } = parseAssignments(parsed.positionals.filter(isParameter), [], []);
  if (swept.length > 0) throw new SchedlabError('ERR_USAGE', `${swept[0].key} in check has several values. Check one setting at a time.`, { name: swept[0].key });
  const asked: AskedCheck = { histories: wholeNumber(parsed, 'histories', HISTORIES), seed: parsed.text('seed') ?? '1', only: parsed.list('clause'), given };
  const judged = names.filter((name) => !isTest(name)), apart = await import('../check-apart.ts');
  const results = judged.length === 0 ? [] : apart.canJudgeApart(io) ? await apart.judgeApart(judged, asked, io) : await (await import('../check-judge.ts')).judge(judged, asked, io);
  let failedTests = 0;
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
