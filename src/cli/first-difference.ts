// `compare A B --first-difference`: the first decision in which two stored runs part, both receipts side by side. Exit code 5 where there is one.
import { SchedlabError } from '../errors.ts';
import { pairedCells } from '../../sim/experiment/compare.ts';
import { firstDifference, type FirstDifference, type Play } from '../../sim/experiment/first-difference.ts';
import { repeatReplication } from '../../sim/experiment/run.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import { resolveParam } from '../options.ts';
import { fixed } from '../../reports/numbers.ts';
import { blameLater } from './blame.ts';
import { changesOf } from './changes.ts';
import { forReader, type Io } from './io.ts';
import type { Parsed } from './parse.ts';
import { deed } from './receipt-words.ts';
import { warn } from './say.ts';
import { command } from './shell-words.ts';
import { because, sideBySide } from './side-by-side.ts';
import { labelsOf, planStored, type Stored } from './stored.ts';

/** One replication of both sides. */
interface Duel { readonly a: ReplicationRecord; readonly b: ReplicationRecord }

interface Found { readonly duel: Duel; readonly first: FirstDifference; readonly count: { readonly a: number; readonly b: number } }

/** The two sides are results of the simulator, each perhaps one cell of a folder. */
export async function tellFirstDifference(names: readonly [string, string], sides: readonly [Stored, Stored], parsed: Parsed, io: Io): Promise<number> {
  const other = ['metric', 'fail-on'].find((name) => parsed.list(name).length > 0);
  if (other !== undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `--${other} has no say where --first-difference is asked for: decisions are compared, not figures. Leave one of them out.`, { name: other });
  const all = duels(sides, parsed), open = all.filter(({ a, b }) => a.orderDigest !== b.orderDigest);
  for (const [i, side] of (['A', 'B'] as const).entries()) for (const change of changesOf(sides[i], new Set(open.flatMap((duel) => Object.values((i === 0 ? duel.a : duel.b).params))))) warn(io, `${side} is repeated with another than it was recorded with: ${change.text}`);
  if (all.some(({ a, b }) => a.seed !== b.seed)) warn(io, `the seeds differ, ${JSON.stringify(all[0].a.seed)} and ${JSON.stringify(all[0].b.seed)}: the runs have other arrivals, and part where these do`);
  let found: Found | undefined;
  for (const duel of open) if ((found = await meet(duel, sides, io)) !== undefined) break;
  return found === undefined ? equal(all, open, names, parsed, io) : different(found, names, sides, parsed, io);
}

/** Replications that both have, pair of cells by pair of cells. */
function duels([a, b]: readonly [Stored, Stored], parsed: Parsed): Duel[] {
  const text = parsed.text('rep'), rep = text === undefined ? undefined : resolveParam('--rep', { kind: 'number', default: 0, min: 0, integer: true, help: '' }, text, 'compare');
  const out = pairedCells(a.folder, b.folder).flatMap(([x, y]) => a.folder.records.filter((record) => record.cell === x && (rep === undefined || record.replication === rep)).sort((one, two) => one.replication - two.replication)
    .flatMap((record) => { const twin = b.folder.records.find((one) => one.cell === y && one.replication === record.replication); return twin ? [{ a: record, b: twin }] : []; }));
  if (out.length === 0) throw new SchedlabError('ERR_RESULTS', `${a.shown} and ${b.shown} have no replication${rep === undefined ? '' : ` ${text}`} in common. ${rep === undefined ? 'Run both with the same --seed and --reps.' : 'Leave --rep out to look at all of them.'}`);
  return out;
}

/** Plays both. Undefined: they decide the same, and part in something else. */
async function meet(duel: Duel, sides: readonly [Stored, Stored], io: Io): Promise<Found | undefined> {
  const plays = await Promise.all(sides.map((stored, i) => playOf(stored, i === 0 ? duel.a : duel.b)));
  const { first, count, records } = await firstDifference(plays[0], plays[1]);
  for (const side of ['a', 'b'] as const) if (records[side].orderDigest !== duel[side].orderDigest) warn(io, `replication ${duel[side].replication} of ${side.toUpperCase()} does not go as it was recorded: what is compared is how it goes now. ${command('reproduce', sides[side === 'a' ? 0 : 1].shown)} says what has changed.`);
  return first === null ? undefined : { duel, first, count };
}

async function playOf(stored: Stored, record: ReplicationRecord): Promise<Play> {
  const { asked, plan, laboratory } = await planStored(stored, [record], 'auto'), { seed } = stored.folder.manifest;
  return (decisionLine) => blameLater(asked, repeatReplication(plan, plan.cells[0].id, record.replication, { seed, decisionLine }, laboratory), laboratory);
}

const many = (n: number, what: string): string => `${fixed(n, 0)} ${what}${n === 1 ? '' : 's'}`;

function equal(all: readonly Duel[], open: readonly Duel[], names: readonly [string, string], parsed: Parsed, io: Io): number {
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify({ equal: true, a: names[0], b: names[1], replications: all.length, played: open.length, first: null }, null, 2)}\n`);
  if (!parsed.has('quiet')) io.stderr.write(`${forReader(io, open.length === 0 ? `equal: the order of events is the same in ${all.length} of ${many(all.length, 'replication')}, so no decision differs` : `equal: no decision differs in ${many(all.length, 'replication')}, though the events of ${open.length} do`)}\n`);
  return 0;
}

function different({ duel, first, count }: Found, names: readonly [string, string], sides: readonly [Stored, Stored], parsed: Parsed, io: Io): number {
  const { index, a, b } = first, label = (i: 0 | 1): string => labelsOf(sides[i]).get((i === 0 ? duel.a : duel.b).cell) ?? (i === 0 ? duel.a : duel.b).cell;
  const side = (i: 0 | 1): object => ({ dir: names[i], cell: (i === 0 ? duel.a : duel.b).cell, label: label(i), decisions: i === 0 ? count.a : count.b });
  if (parsed.has('json')) io.stdout.write(`${JSON.stringify({ equal: false, replication: duel.a.replication, a: side(0), b: side(1), shared: index, first: { a, b } }, null, 2)}\n`);
  if (parsed.has('quiet')) return 5;
  const does = (line: typeof a, side: string): string => (line === null ? `${side} decides nothing more` : `${side} ${deed(line)}`);
  const sentences = [
    `differs: decision ${fixed(index + 1, 0)} of replication ${duel.a.replication}${index === 0 ? ', the very first' : `; the ${index === 1 ? 'one' : fixed(index, 0)} before it ${index === 1 ? 'is' : 'are'} the same`}`,
    `A is ${label(0)} in ${sides[0].shown}, B is ${label(1)} in ${sides[1].shown}`,
    `${does(a, 'A')}; ${does(b, 'B')}.`, ...because([a, b]),
  ];
  const columns = io.isTTY ? io.columns : 100;
  io.stderr.write(`${[...sentences.map((text) => forReader(io, text)), '', ...sideBySide([a, b], columns)].join('\n')}\n`);
  return 5;
}
