// `list`: what there is, one line each. Names and units come from the registries and the dictionary alone.
import { SchedlabError } from '../../errors.ts';
import { unknownName } from '../../options.ts';
import type { ParamTable } from '../../options.ts';
import { ADDONS } from '../../addons/registry.ts';
import { BALANCERS } from '../../balancers/registry.ts';
import { addonTable } from '../../../sim/experiment/addons.ts';
import { METRICS, STATISTICS } from '../../observe/metrics.ts';
import { POLICIES } from '../../policies/registry.ts';
import type { ScenarioDefinition } from '../../../sim/scenario.ts';
import { entry, hang } from '../fold.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import { layout } from '../table.ts';

const KINDS = ['scenarios', 'policies', 'balancers', 'addons', 'engines', 'programs', 'metrics'] as const;
type Kind = (typeof KINDS)[number];

interface Row { readonly name: string; readonly title: string; readonly [more: string]: unknown }

/** What an engine is called on the command line; an endpoint is named by --target. */
const FORMS: readonly Row[] = [
  { name: 'slots:N', title: 'N places, each serving one call at a time; service times are drawn or computed from tokens' },
  { name: 'vllm:FILE', title: 'what a vllm serve command line, or its YAML, starts; vllm:FILE:gpu=NAME names the GPU' },
  { name: 'constant:stepMs=N', title: 'every step takes N ms, :sequenceMs=M adds M ms a sequence: a batch engine with answers known from theory' },
];

/** Presets with where they come from; their cost models are data for the engine, not for a reader. */
async function engines(): Promise<readonly Row[]> {
  const { PRESETS } = await import('../../../sim/engine/presets/registry.ts'), { UNCHECKED } = await import('../../../sim/engine/presets/preset.ts');
  return [...FORMS, ...Object.values(PRESETS).map(({ cost, shape: _shape, ...preset }) => ({
    ...preset, costModel: cost.model,
    title: `${preset.model} on ${preset.tp > 1 ? `${preset.tp} × ` : ''}${preset.gpu}; ${preset.checked.length > 0 ? `held against ${preset.checked.join('; ').replace(/: see [^;]*/g, '')}` : UNCHECKED}`,
    keys: `blocks=${preset.blocks} maxSeqs=${preset.maxSeqs} maxBatchedTokens=${preset.maxBatchedTokens} rules=${preset.rules}; ${cost.model} model of ${preset.engine} kernels, ${preset.date}; ${preset.source.what} (${preset.source.licence}); fit error: ${preset.fitError}; blocks ${preset.blocksFrom}`,
  }))];
}

/** Shapes of programs with what was published of them and what is ours. */
async function programs(): Promise<readonly Row[]> {
  const { PROGRAMS, provenanceOf } = await import('../../../sim/workload/shapes/registry.ts');
  return Object.values(PROGRAMS).map((mix) => ({ name: mix.name, title: mix.title, shapes: mix.shapes.map(({ name, moments, source, ours }) => ({ name, ...moments, source, ours })), keys: mix.shapes.length > 1 ? mix.shapes.map(({ name }) => name).join(' ') : provenanceOf(mix)[0]!.replace(`${mix.name}: `, '') }));
}

const parameters = (table: ParamTable): string => Object.entries(table).map(([name, spec]) => `${name}=${typeof spec.default === 'boolean' ? (spec.default ? 'on' : 'off') : spec.default}`).join(' ');
const defaults = (table: ParamTable): Record<string, unknown> => Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, { default: spec.default, help: spec.help, ...(spec.unit ? { unit: spec.unit } : {}) }]));

async function rowsOf(kind: Kind): Promise<readonly Row[]> {
  if (kind === 'engines') return engines();
  if (kind === 'programs') return programs();
  if (kind === 'metrics') return METRICS.map((m) => ({ name: m.distribution ? `${m.name}.{${STATISTICS.join(',')}}` : m.name, title: m.title, unit: m.unit, better: m.better, start: m.start, end: m.end, population: m.population, onRequest: m.isOnRequest === true }));
  if (kind === 'policies') return Object.values(POLICIES).map((p) => ({ name: p.name, title: p.title, source: p.source, parameters: defaults(p.params), keys: parameters(p.params) }));
  if (kind === 'balancers') return Object.values(BALANCERS).map((b) => ({ name: b.name, title: b.title, source: b.source, parameters: defaults(b.params), keys: parameters(b.params) }));
  if (kind === 'addons') return Object.values(ADDONS).map((a) => ({ name: a.name, kind: a.kind, title: a.title, source: a.source, parameters: defaults(addonTable(a)), keys: parameters(addonTable(a)) }));
  const { SCENARIOS } = await import('../../../scenarios/index.ts') as { SCENARIOS: Readonly<Record<string, ScenarioDefinition>> };
  return Object.values(SCENARIOS).map((s) => ({ name: s.name, title: s.title, parameters: defaults(s.params), keys: parameters(s.params), headline: s.headline }));
}

function metricLines(rows: readonly Row[], columns: number): readonly string[] {
  const text = (key: string): string[] => rows.map((row) => String(row[key] ?? ''));
  const names = rows.map((row) => `${row.name.replace(/\.\{.*\}$/, ' *')}${row['onRequest'] ? ' †' : ''}`), spans = rows.map((row) => (row.start ? `${String(row.start)} … ${String(row.end)}` : ''));
  const { lines, dropped } = layout([
    { head: 'metric', align: 'left', cells: names },
    { head: 'unit', align: 'left', cells: text('unit') },
    { head: 'better', align: 'left', cells: text('better') },
    { head: 'what', align: 'left', cells: rows.map((row) => row.title) },
    { head: 'from … to', align: 'left', cells: spans },
    { head: 'over', align: 'left', cells: text('population') },
  ], columns);
  if (dropped.length === 0) return lines;
  // A table that does not fit becomes a paragraph a metric.
  const told = rows.map((row, i) => `${row.title}${spans[i] ? `: ${spans[i]}` : ''}; ${[row.unit, row.better === 'neither' ? '' : `${String(row.better)} is better`, `over ${String(row.population)}`].filter((part) => part !== '').join(', ')}`);
  return plainLines(rows.map((row, i) => ({ ...row, name: names[i], title: told[i] })), false, columns);
}

/** One line each, or folded under its name on a terminal. */
function plainLines(rows: readonly Row[], withKeys: boolean, columns: number): string[] {
  const width = Math.max(...rows.map((row) => row.name.length)) + 4;
  return rows.flatMap((row) => [entry(`  ${row.name}`, row.title, width, columns), ...(withKeys && row.keys ? [entry('', String(row.keys), width, columns)] : [])]);
}

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('list', args);
  const [word, ...more] = parsed.positionals;
  if (more.length > 0) throw new SchedlabError('ERR_USAGE', `list takes one word, received ${parsed.positionals.map((w) => JSON.stringify(w)).join(', ')}. Valid: ${KINDS.join(', ')}.`);
  if (word !== undefined && !(KINDS as readonly string[]).includes(word)) throw unknownName('kind', word, KINDS, 'list', 'ERR_USAGE');
  const kinds = word === undefined ? KINDS : [word as Kind];
  const all = await Promise.all(kinds.map(async (kind) => [kind, await rowsOf(kind)] as const));
  if (parsed.has('json')) {
    const clean = ({ keys: _keys, ...row }: Row): unknown => row;
    io.stdout.write(`${JSON.stringify(Object.fromEntries(all.map(([kind, rows]) => [kind, rows.map(clean)])), null, 2)}\n`);
    return 0;
  }
  const columns = io.width ?? Infinity;
  if (word === 'metrics') io.stdout.write(`${metricLines(all[0][1], columns).join('\n')}\n${hang(`* followed by ${STATISTICS.map((s) => `.${s}`).join(' ')}; every metric of calls by class too: wait.p95[class=quiet]`, columns)}\n${hang('† measured where it is named: --metric overtakes, a threshold, or the headline of a scenario', columns)}\n`);
  else if (word !== undefined) io.stdout.write(`${plainLines(all[0][1], true, columns).join('\n')}\n`);
  else io.stdout.write(`${all.map(([kind, rows]) => [kind, ...plainLines(rows, false, columns)].join('\n')).join('\n\n')}\n`);
  return 0;
}
