// What receipts cost while nobody listens, and what keeping the decisions of a run costs: whole replications, with and without, in turns.
// The build without receipts is made from the same sources with every line that tells one taken out. All variants must give the same digests.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { BenchRow } from '../row.ts';

export interface ReceiptsOptions {
  /** Processes of each variant, in turns, and replications in each: the best of many comes close to an idle machine on a busy one. */
  readonly turns?: number;
  readonly rounds?: number;
  /** Calls of the queueing model, ticks of the fairness model. */
  readonly calls?: number;
  readonly ticks?: number;
}

/** Runs in a process of its own, so that no variant is compiled for the others: prints the digests and the best CPU time of a replication, in ms. */
const ENTRY = `
import { SCENARIOS } from './scenarios/index.ts';
import { planExperiment } from './sim/experiment/plan.ts';
import { runReplication } from './sim/worlds/virtual.ts';
const { scenario, given, trail, rounds } = JSON.parse(process.argv[2]);
const [cell] = planExperiment({ scenario: SCENARIOS[scenario], version: '0', given: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { value, origin: 'flag', where: 'bench' }])) }).cells;
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
let best = Infinity, digest = '';
for (let round = 0; round < rounds; round++) {
  const start = cpuMs(), record = runReplication(cell.model, { seed: 'receipts', replication: 0, shell: 'event', params: cell.params, cell: cell.id, trail });
  best = Math.min(best, cpuMs() - start);
  digest = record.orderDigest + ' ' + record.resultDigest;
}
process.stdout.write(JSON.stringify({ best, digest }));
`;
/** Statements of one line that tell a receipt, by file, and how many there are. */
const TELLING: Readonly<Record<string, readonly [RegExp, number]>> = {
  'src/dispatch/core.ts': [/^ *if \(this\.#receipts(?: !== undefined)?\) .*;$/gm, 4],
  'sim/engine/preempting-engine.ts': [/^ *if \(this\.#parts\.receipts\) .*;$/gm, 1],
};

/** Sources without the lines that tell receipts. Throws where the lines are not those that are known: what is not taken out is not measured. */
export function withoutReceipts(file: string, source: string): string {
  const [pattern, count] = TELLING[file], found = source.match(pattern)?.length ?? 0;
  if (found !== count) throw new Error(`${file} tells receipts at ${found} places, and ${count} are known`);
  return source.replace(pattern, '');
}

async function made(root: string, name: string, isStripped: boolean): Promise<string> {
  const outfile = path.join(root, 'node_modules/.cache/schedlab-bench', `${name}.mjs`);
  mkdirSync(path.dirname(outfile), { recursive: true });
  await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', outfile, logLevel: 'silent',
    plugins: isStripped ? [{ name: 'without receipts', setup: (one) => { one.onLoad({ filter: /(core|preempting-engine)\.ts$/ }, ({ path: full }) => {
      const file = path.relative(root, full).split(path.sep).join('/');
      return Object.hasOwn(TELLING, file) ? { contents: withoutReceipts(file, readFileSync(full, 'utf8')), loader: 'ts' as const } : undefined;
    }); } }] : [],
  });
  return outfile;
}

interface Variant { readonly file: string; readonly asked: { readonly scenario: string; readonly given: Readonly<Record<string, unknown>>; readonly trail: boolean; readonly rounds: number } }

/** Best CPU time of each, in ms; the order is reversed every turn, so that a machine that warms or wanders treats all alike. */
function best(variants: readonly Variant[], turns: number): number[] {
  const least = variants.map(() => Infinity), digests = new Set<string>(), order = variants.map((_, i) => i);
  for (let turn = 0; turn < turns; turn++) {
    for (const i of order) {
      const { file, asked } = variants[i], found = JSON.parse(execFileSync(process.execPath, [file, JSON.stringify(asked)], { encoding: 'utf8' })) as { readonly best: number; readonly digest: string };
      digests.add(found.digest);
      least[i] = Math.min(least[i], found.best);
    }
    order.reverse();
  }
  if (digests.size !== 1) throw new Error('the variants give other digests: their times say nothing');
  return least;
}

export async function receiptCosts({ turns = 6, rounds = 60, calls = 20_000, ticks = 2_000 }: ReceiptsOptions = {}): Promise<BenchRow[]> {
  const root = path.resolve('.'), told = await made(root, 'with', false), silent = await made(root, 'without', true), rows: BenchRow[] = [];
  for (const [name, scenario, given] of [['M/M/8', 'queueing', { servers: 8, load: 0.8, calls }], ['loco-fairness', 'loco-fairness', { ticks }]] as const) {
    const variant = (file: string, trail: boolean): Variant => ({ file, asked: { scenario, given, trail, rounds } });
    const [bare, off, kept] = best([variant(silent, false), variant(told, false), variant(told, true)], turns);
    const more = (a: number, b: number): number => Number(((a / b - 1) * 100).toFixed(2));
    rows.push({ task: `receipts off, ${name}`, perSecond: more(off, bare), unit: '% more', note: `against a build without them; best of ${turns * rounds} of each` });
    rows.push({ task: `decisions kept, ${name}`, perSecond: more(kept, off), unit: '% more', note: 'against not keeping them' });
  }
  return rows;
}
