// `npm run bench -- [NAME …] [OPTION …]`: runs the benchmarks whose names contain one of the words, prints one table, writes bench/results/*.json.
// Each runs in a process of its own, so that what one made of the compiler's guesses does not slow the next.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BENCHES, OPTIONS } from './registry.ts';
import type { BenchRow } from './row.ts';
import { table } from './table.ts';

/** Names that contain one of the words, in the order of the registry; all of them where no word is given. */
export function chosen(words: readonly string[], names = Object.keys(BENCHES)): readonly string[] {
  return words.length === 0 ? names : names.filter((name) => words.some((word) => name.includes(word)));
}

const SELF = fileURLToPath(import.meta.url), ROWS = '--rows';

async function rowsOf(name: string, options: readonly string[]): Promise<readonly BenchRow[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', SELF, ROWS, name, ...options], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as readonly BenchRow[];
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === ROWS) {
    process.stdout.write(JSON.stringify(await BENCHES[args[1]](args.slice(2))));
    return 0;
  }
  const options = args.filter((word) => word.startsWith('--')), words = args.filter((word) => !word.startsWith('--')), names = chosen(words), unknown = options.find((word) => !OPTIONS.includes(word));
  if (unknown !== undefined) {
    process.stderr.write(`no benchmark has the option ${unknown}. There are: ${OPTIONS.join(', ')}.\n`);
    return 2;
  }
  if (names.length === 0) {
    process.stderr.write(`no benchmark is called ${words.map((word) => JSON.stringify(word)).join(' or ')}. There are: ${Object.keys(BENCHES).join(', ')}.\n`);
    return 2;
  }
  const all: (BenchRow & { readonly bench: string })[] = [], startedAt = new Date().toISOString();
  for (const bench of names) {
    process.stderr.write(`${bench} …\n`);
    for (const row of await rowsOf(bench, options)) all.push({ bench, ...row });
  }
  process.stdout.write(`${table(all)}\n`);
  const folder = path.resolve('bench/results'), file = path.join(folder, `${startedAt.replace(/[:.]/g, '')}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ schema: 'schedlab/bench@1', startedAt, node: process.version, processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), rows: all }, null, 2)}\n`);
  process.stderr.write(`written to ${path.relative('.', file)}\n`);
  return 0;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === SELF) process.exitCode = await main(process.argv.slice(2));
