// What receipts cost while nobody listens, and what keeping the decisions of a run costs: whole replications, with and without, in turns.
// The build without receipts is made from the same sources with every line that tells one taken out. All variants must give the same digests.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { SCENARIOS } from '../../scenarios/index.ts';
import type { planExperiment } from '../../sim/experiment/plan.ts';
import type { runReplication } from '../../sim/worlds/virtual.ts';
import type { BenchRow } from '../row.ts';

interface Build { readonly SCENARIOS: typeof SCENARIOS; readonly planExperiment: typeof planExperiment; readonly runReplication: typeof runReplication }

export interface ReceiptsOptions {
  /** Turns of each variant. */
  readonly rounds?: number;
  /** Calls of the queueing model, ticks of the fairness model. */
  readonly calls?: number;
  readonly ticks?: number;
}

const ENTRY = "export { SCENARIOS } from './scenarios/index.ts'; export { planExperiment } from './sim/experiment/plan.ts'; export { runReplication } from './sim/worlds/virtual.ts';";
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

async function made(root: string, name: string, isStripped: boolean): Promise<Build> {
  const outfile = path.join(root, 'node_modules/.cache/schedlab-bench', `${name}.mjs`);
  mkdirSync(path.dirname(outfile), { recursive: true });
  await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', outfile, logLevel: 'silent',
    plugins: isStripped ? [{ name: 'without receipts', setup: (one) => { one.onLoad({ filter: /(core|preempting-engine)\.ts$/ }, ({ path: full }) => {
      const file = path.relative(root, full).split(path.sep).join('/');
      return Object.hasOwn(TELLING, file) ? { contents: withoutReceipts(file, readFileSync(full, 'utf8')), loader: 'ts' as const } : undefined;
    }); } }] : [],
  });
  return await import(`${pathToFileURL(outfile).href}?${isStripped}`) as Build;
}

const cpuMs = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };

/** One variant: runs a replication, answers its digests. */
type Variant = () => string;

function variant({ SCENARIOS, planExperiment, runReplication }: Build, scenario: string, given: Readonly<Record<string, unknown>>, trail: boolean): Variant {
  const [cell] = planExperiment({ scenario: SCENARIOS[scenario], version: '0', given: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { value, origin: 'flag' as const, where: 'bench' }])) }).cells;
  return () => {
    const record = runReplication(cell.model, { seed: 'receipts', replication: 0, shell: 'event', params: cell.params, cell: cell.id, trail });
    if (record instanceof Promise) throw new Error('the event shell answers at once');
    return `${record.orderDigest} ${record.resultDigest}`;
  };
}

/** Best CPU time of each, in ms; in turns, the order reversed every time, so that a machine that warms or wanders treats all alike. */
function best(variants: readonly Variant[], rounds: number): number[] {
  const least = variants.map(() => Infinity), digest = variants[0]();
  const order = variants.map((_, i) => i);
  for (let round = -2; round < rounds; round++) {
    for (const i of order) {
      const start = cpuMs(), found = variants[i](), took = cpuMs() - start;
      if (found !== digest) throw new Error('a variant gives other digests: its time says nothing');
      if (round >= 0) least[i] = Math.min(least[i], took);
    }
    order.reverse();
  }
  return least;
}

export async function receiptCosts({ rounds = 40, calls = 100_000, ticks = 5_000 }: ReceiptsOptions = {}): Promise<BenchRow[]> {
  const root = path.resolve('.'), told = await made(root, 'with', false), silent = await made(root, 'without', true), rows: BenchRow[] = [];
  for (const [name, scenario, given] of [['M/M/8', 'queueing', { servers: 8, load: 0.8, calls }], ['loco-fairness', 'loco-fairness', { ticks }]] as const) {
    const [bare, off, kept] = best([variant(silent, scenario, given, false), variant(told, scenario, given, false), variant(told, scenario, given, true)], rounds);
    const more = (a: number, b: number): number => Number(((a / b - 1) * 100).toFixed(2));
    rows.push({ task: `receipts off, ${name}`, perSecond: more(off, bare), unit: '% more', note: `against a build without them; best of ${rounds} of each` });
    rows.push({ task: `decisions kept, ${name}`, perSecond: more(kept, off), unit: '% more', note: 'against not keeping them' });
  }
  return rows;
}
