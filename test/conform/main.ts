// Conformance runner: holds the production code against recorded vectors. `npm run conform -- KIND [DIR]`.
// Exit 0: all passed; 1: some failed; 2: bad usage, or the folder is not in the format.
import { join, resolve } from 'node:path';
import { SUITES } from './registry.ts';
import { FormatError, sharedFolder, type ConformCase } from './suite.ts';

export type Print = (line: string) => void;

/** Runs one suite and answers with the exit code. Differences go to `print`, complaints about the input to `complain`. */
export async function conform(args: readonly string[], print: Print, complain: Print): Promise<0 | 1 | 2> {
  const names = Object.keys(SUITES).sort();
  const [kind, dir, ...rest] = args;
  if (kind === undefined || rest.length > 0) { complain(`usage: npm run conform -- KIND [DIR]. Kinds: ${names.join(', ')}.`); return 2; }
  if (!Object.hasOwn(SUITES, kind)) { complain(`unknown kind ${JSON.stringify(kind)}. Kinds: ${names.join(', ')}.`); return 2; }
  const suite = SUITES[kind];
  let cases: readonly ConformCase[];
  try {
    cases = suite.cases(dir === undefined ? join(sharedFolder(), 'data', suite.folder) : resolve(dir));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    complain(`conform ${kind}: ${error.message}`);
    return 2;
  }
  let failed = 0;
  for (const one of cases) {
    const differences = await differencesOf(one);
    const note = one.note?.();
    if (note) print(`${one.id}: ${note}`);
    if (differences.length === 0) continue;
    failed++;
    print(`FAIL ${one.id}`);
    for (const line of differences) print(`  ${line}`);
  }
  print(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function differencesOf(one: ConformCase): Promise<readonly string[]> {
  try { return await one.check(); } catch (error) { return [`threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`]; }
}

const entry = process.argv[1];
if (entry !== undefined && /[\\/]conform[\\/]main\.(ts|js)$/.test(entry)) {
  process.exitCode = await conform(process.argv.slice(2), (line) => { process.stdout.write(`${line}\n`); }, (line) => { process.stderr.write(`${line}\n`); });
}
