// Scenario files, traces and scenarios of code that really run, are nearly right, or are wild: for the fuzz tests. Small, so that thousands take seconds. Not a test.
import fc from 'fast-check';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Manifest, ReplicationRecord, SummaryFile } from '../../sim/results.ts';

/** One case: files to write first, and the command line. */
export interface Case { readonly files: Readonly<Record<string, string>>; readonly argv: readonly string[] }

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const some = <T>(from: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[]> => fc.array(from, { maxLength });

/** Cuts, doubles and slips a sign into a text here and there. */
const slips = fc.array(fc.tuple(pick('cut', 'double', 'put', 'line'), fc.double({ min: 0, max: 0.999, noNaN: true }), pick('"', "'", ':', ',', '\n', '  ', '{', ']', '#', '&a', '*a', '-', '\t', '\u0000', 'é', '|', '!!js', '%')), { minLength: 1, maxLength: 3 });
function slip(text: string, all: readonly (readonly [string, number, string])[]): string {
  for (const [how, where, sign] of all) {
    const at = Math.floor(where * text.length);
    if (how === 'cut') text = text.slice(0, at) + text.slice(at + 1);
    else if (how === 'double') text = text.slice(0, at) + text.slice(Math.max(0, at - 5));
    else if (how === 'put') text = text.slice(0, at) + sign + text.slice(at);
    else text = text.split('\n').filter((_, i, lines) => i !== Math.floor(where * lines.length)).join('\n');
  }
  return text;
}
const mostly = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.tuple(text, slips).map(([whole, all]) => slip(whole, all)) });

// ---- scenario files in YAML

const policy = pick('loco', 'fcfs', 'round-robin', 'atlas', 'oldest-first', 'loco-clock');
const odd = pick('-1', '0', '1e999', 'nan', '.inf', 'x', 'null', '[1]', '{a: 1}', '""', 'yes', '0x10', '1_000', "'1'", '2023-01-01', '~');
const SCENARIOS = {
  'loco-fairness': { small: 'ticks: 12', keys: { policy, alpha: pick('0', '0.3', 'latency', '1'), guard: pick('on', 'off', 'true'), busyRate: pick('0', '0.4', '3'), agents: pick('1', '2', '7'), autoTune: pick('on', 'off'), ticks: pick('1', '3') } },
  'loco-burst': { small: 'policy: loco', keys: { policy, alpha: pick('0', '1'), guard: pick('on', 'off'), guardWindow: pick('1', '5') } },
  'loco-mdash': { small: 'guard: off', keys: { policy, alpha: pick('0.5') } },
  'queueing': { small: 'calls: 40', keys: { policy, servers: pick('1', '3'), load: pick('0.1', '0.9', '2'), service: pick('deterministic', 'hyperexponential:cv2=10', 'pareto:shape=1.5:ratio=100', 'exponential', 'gamma:cv2=3'), discipline: pick('nonpreemptive', 'preempt-resume', 'ps'), balancer: pick("''", 'least-loaded', 'power-of-d', 'round-robin'), agents: pick('1', '4') } },
  'trace-replay': { small: 'trace: t.csv', keys: { policy, engines: pick('1', '3'), engine: pick('slots:1', 'slots:8', 'slots:0', 'h100'), balancer: pick('least-loaded', 'power-of-d'), dispatch: pick('late', 'immediate'), place: pick('gate', 'engine', 'tag'), identity: pick('hash:3', 'none', 'session', 'field:class'), window: pick('auto', 'none', '1', '20'), maxWaiters: pick('none', '0', '2'), speed: pick('0.5', '1000'), format: pick('auto', 'plain', 'azure-2023') } },
  'agents-as-code': { small: 'tasks: 1', keys: { policy, agents: pick('1', '3'), slots: pick('1', '2') } },
} as const;

const yaml: fc.Arbitrary<string> = fc.constantFrom(...Object.keys(SCENARIOS) as (keyof typeof SCENARIOS)[]).chain((name) => {
  const { small, keys } = SCENARIOS[name], names = Object.keys(keys), values = keys as unknown as Readonly<Record<string, fc.Arbitrary<string>>>;
  const value = (key: string): fc.Arbitrary<string> => fc.oneof({ weight: 25, arbitrary: values[key] }, { weight: 1, arbitrary: odd });
  const entry = pick(...names).chain((key) => value(key).map((text) => [key, text] as const));
  const unique = (maxLength: number): fc.Arbitrary<(readonly [string, string])[]> => fc.uniqueArray(entry, { maxLength, selector: ([key]) => key });
  const list = pick(...names).chain((key) => fc.array(value(key), { minLength: 1, maxLength: 2 }).map((texts) => [key, `[${texts.join(', ')}]`] as const));
  const more = some(fc.oneof(
    fc.uniqueArray(list, { minLength: 1, maxLength: 2, selector: ([key]) => key }).map((all) => `sweep: {${all.map(([k, v]) => `${k}: ${v}`).join(', ')}}`),
    entry.map(([key, text]) => `also:\n  - {${key}: ${text}}`), pick('seed: s', 'seed: 7', 'seed: s t', 'until: ci=20%', 'thresholds: [completed > 0]', 'thresholds: ["upper(wait.p95) < 1s"]', 'zip: {seed: [1]}', 'baseline: policy=fcfs', 'thresholds: [nothing < 1]', 'aplha: 1'),
  ), 2);
  return fc.tuple(unique(3), more, pick('1', '2', '2', '1', '2', '0')).map(([params, rest, reps]) => [`scenario: ${name}`, 'params:', `  ${small}`, ...params.filter(([key]) => !small.startsWith(`${key}:`)).map(([key, text]) => `  ${key}: ${text}`), `reps: ${reps}`, 'maxReps: 3', ...rest.filter((line) => !line.startsWith('maxReps')), ''].join('\n'));
});

const TRACE = 'arrival,prompt_tokens,output_tokens,session,class\n0,80,5,a,x\n0.2,800,50,b,y\n0.2,8,0,a,x\n3,0,9,,\n';
const extra = some(pick(['--seed', 'x'], ['--calls', 'c.jsonl'], ['--shell', 'promise'], ['--shell', 'event'], ['--calls', 'c.jsonl.gz'], ['policy=fcfs'], ['alpha=0.5'], ['--baseline', 'policy=loco'], ['--json']), 2).map((all) => all.flat());

export const yamlCase: fc.Arbitrary<Case> = fc.tuple(mostly(yaml), pick('sweep', 'sweep', 'run'), extra).map(([text, verb, more]) => ({ files: { 'f.yaml': text, 't.csv': TRACE }, argv: [verb, 'f.yaml', ...more] }));

// ---- traces

const cell = fc.oneof({ weight: 6, arbitrary: fc.nat(2000).map(String) }, { weight: 2, arbitrary: pick('0', '0.5', '3.25', '1e3') }, { weight: 1, arbitrary: pick('', '-1', 'x', '1e300', 'NaN', '0.5e', '9007199254740993', '"', '"a,b"', '2147483648') });
const word = fc.oneof(pick('a', 'b', '', 'x]', '[class=', '__proto__', 'ä', '"q"'), fc.string({ maxLength: 4 }));
const HEADERS = ['arrival,prompt_tokens,output_tokens', 'id,arrival,prompt_tokens,output_tokens,class', 'arrival,prompt_tokens,output_tokens,session,agent,class', 'TIMESTAMP,ContextTokens,GeneratedTokens', 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type', 'arrival,prompt_tokens', 'timestamp,input_length,output_length,hash_ids'];
const NUMBERS = /^(arrival|.*tokens|timestamp|.*length|ContextTokens|GeneratedTokens|Timestamp)$/i;
const csv = pick(...HEADERS).chain((header) => fc.array(fc.tuple(...header.split(',').map((name) => (name === 'TIMESTAMP' ? fc.nat(59).map((s) => `2023-11-16 18:17:${String(s).padStart(2, '0')}.25`) : NUMBERS.test(name) ? cell : name === 'hash_ids' ? pick('[]', '[]', '[]', '[1,2]', 'x') : word))), { minLength: 1, maxLength: 12 })
  .map((rows) => (header.includes('hash_ids') ? rows.map((row) => `{${header.split(',').map((name, i) => `"${name}":${row[i] || 'null'}`).join(',')}}`) : [header, ...rows.map((row) => row.join(','))]).join('\n')));
const tokens = some(fc.oneof(...Object.entries(SCENARIOS['trace-replay'].keys).map(([key, from]) => (from as fc.Arbitrary<string>).map((text) => `${key}=${text}`))), 3);
export const traceCase: fc.Arbitrary<Case> = fc.tuple(mostly(csv), tokens, extra).map(([text, params, more]) => ({ files: { 't.csv': text }, argv: ['run', 'trace-replay', 'trace=t.csv', ...new Map(params.map((token) => [token.split('=')[0], token])).values(), ...more.filter((one) => !one.includes('=')), '--reps', '1'] }));

// ---- scenarios of code

const statement = pick(...Array<string>(12).fill(''), 'const unused: number = 1;', 'enum Colour { Red }', "import { nothing } from './none.ts';", 'throw new Error("at load");', 'const x: = 1;', "import type { Model } from 'schedlab/sim';");
const before = pick(...Array<string>(14).fill(''), 'throw new TypeError("in setup");', 'throw "text";', 'null.x;');
const arrivals = pick(...Array<string>(8).fill('() => 1'), '(tick) => tick % 3', '(tick, u) => (u.next() < 0.5 ? 2 : 0)', '() => 0', '() => NaN', '() => -1', '() => 1.5', '() => { throw new RangeError("in arrivals"); }', '() => "2"', 'undefined');
const change = pick(...Array<string>(10).fill(''), 'classes: []', 'classes: ["a", "b"]', 'agents: []', 'agents: [{ name: "a", class: "other" }]', 'window: 0', 'window: NaN', 'window: 3', 'maxWaiters: 1', 'endUs: 0', 'endUs: NaN', 'endUs: -5', 'tickUs: 0', 'study: "steady"', 'engines: { kind: "slots", count: 0, slots: 1, discipline: "nonpreemptive" }', 'engines: { kind: "slots", count: 2, slots: 2, discipline: "ps" }', 'dispatch: "immediate"', 'place: "engine"', 'policy: undefined', 'workload: undefined', 'workload: () => ({ next: () => false })', 'spike: { atUs: 0, class: "all" }',
  'scripts: [async (ctx) => { await ctx.llm({ promptTokens: 10, outputTokens: 2 }); await ctx.tool(5); }]', 'scripts: [async () => { throw new Error("in an agent"); }]', 'scripts: [() => new Promise(() => {})]', 'scripts: [async (ctx) => { await ctx.llm({ promptTokens: -1, outputTokens: NaN }); }]', 'scripts: [async (ctx) => { await ctx.tool(NaN); }]', 'knowledge: "oracle"', 'assumptions: ["a thing"]', 'traced: true');
const meta = pick(...Array<string>(12).fill("name: 'mine', title: 'mine'"), "name: '', title: 3", "name: 'a/../b', title: 'x'", "title: 'no name'", "name: 'mine', title: 'mine', headline: ['nothing']", "name: 'mine', title: 'mine', reps: -1", "name: 'mine', title: 'mine', thresholds: ['nonsense']", "name: 'mine', title: 'mine', params: 3", "name: 'mine', title: 'mine', params: { x: 5 }", "name: 'mine', title: 'mine', params: { ticks: { kind: 'number', default: 'a', help: '' } }", "name: 'mine', title: 'mine', question: () => 3", "name: 'mine', title: 'mine', assumptions: () => 3", "name: 'mine', title: 'mine', question: () => { throw new Error('in question'); }", "name: 'mine', title: 'mine', defaults: { alpha: 7 }", "name: 'mine', title: 'mine', defaults: 4", "name: 'mine', title: 'mine', thresholds: 3");
const code = fc.tuple(statement, meta, before, arrivals, change).map(([top, names, first, how, last]) => `import { count, defineScenario, oneSlotPerTick, policyParam, TickArrivals, TICK_US } from 'schedlab/sim';
${top}
export default defineScenario({
  question: 'Who?', params: { policy: policyParam('loco'), ticks: count(8, 'ticks', 50) }, headline: ['completed'], notSimulated: [],
  ${names},
  setup({ params, ...partners }) {
    const ticks = params['ticks'] as number;
    ${first}
    return { ...oneSlotPerTick(partners, ticks), classes: ['all'], agents: [{ name: 'a', class: 'all' }, { name: 'b', class: 'all' }],
      workload: (streams) => new TickArrivals(streams, { ticks, tickUs: TICK_US, agents: [0, 1].map((a) => ({ callClass: 0, weight: 1, arrivals: ${how} })) }),
      ${last} };
  },
});
`);
export const codeCase: fc.Arbitrary<Case> = fc.tuple(fc.oneof({ weight: 9, arbitrary: code }, { weight: 1, arbitrary: fc.tuple(code, slips).map(([text, all]) => slip(text, all)) }), pick([], ['policy=fcfs'], ['ticks=3'], ['alpha=1'], ['--shell', 'promise'], ['--calls', 'c.jsonl']))
  .map(([text, more]) => ({ files: { 'mine.ts': text }, argv: ['run', './mine.ts', ...more, '--reps', '1'] }));

/** A policy of the user, more or less keeping its contract. */
const policyCode = fc.tuple(
  pick(...Array<string>(5).fill('this.line.push(call);'), 'this.line.unshift(call);', '', 'throw new Error("in arrive");'),
  pick(...Array<string>(5).fill('return this.line[0] ?? -1;'), 'return -1;', 'return 99;', 'return this.line.at(-1) ?? -1;', 'return undefined;', 'return NaN;', 'throw new RangeError("in first");'),
  pick(...Array<string>(5).fill('this.line = this.line.filter((one) => one !== call);'), '', 'this.line.length = 0;'), pick('', '', '', 'first: undefined,', 'arrive: null,'),
).map(([arrive, first, grant, broken]) => `export default { name: 'mine', title: 'mine', source: 'me', params: {}, knowledge: 'none',
  create() { return { line: [], get waiting() { return this.line.length; }, arrive(call) { ${arrive} }, grant(call) { ${grant} }, finish() {}, cancel(call) { this.line = this.line.filter((one) => one !== call); },
    first(admits) { ${first} }, walk(visit) { this.line.every(visit); }, ${broken} }; } };
`);
export const policyCase: fc.Arbitrary<Case> = fc.tuple(policyCode, pick(['loco-burst'], ['queueing', 'calls=30'], ['loco-fairness', 'ticks=6', '--shell', 'promise'])).map(([text, what]) => ({ files: { 'policy.mjs': text }, argv: ['run', ...what, 'policy=./policy.mjs', '--reps', '1'] }));

/** What is wrong with how a command ended, given what lay in its folder before; undefined: nothing. Either results that are whole, or a coded error and not a file more. */
export function complaint(dir: string, before: readonly string[], { code, err, out }: Ended): string | undefined {
  const now = readdirSync(dir).sort();
  if (code === 2) {
    if (!/^error: .+$/m.test(err)) return 'exit 2 without an error';
    if (/\n +at .*:\d+:\d+/.test(err)) return 'exit 2 with a stack';
    return now.join() === [...before].sort().join() ? undefined : `exit 2 left ${now.filter((name) => !before.includes(name)).join(', ')}`;
  }
  if (code !== 0 && code !== 3 && code !== 4) return `exit ${code}`;
  if (/^error: /m.test(err)) return `exit ${code} with an error`;
  const folders = existsSync(path.join(dir, 'results')) ? readdirSync(path.join(dir, 'results')) : [];
  if (folders.length !== 1) return `${folders.length} folders of results`;
  const folder = path.join(dir, 'results', folders[0]), read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  if (readdirSync(folder).filter((name) => name !== 'trails.jsonl').sort().join() !== 'manifest.json,replications.jsonl,summary.csv,summary.json') return `results hold ${readdirSync(folder).join(', ')}`;
  const manifest = JSON.parse(read('manifest.json')) as Manifest, summary = JSON.parse(read('summary.json')) as SummaryFile, records = read('replications.jsonl').trim().split('\n').map((line) => JSON.parse(line) as ReplicationRecord);
  if (manifest.interrupted || summary.valid !== (code !== 3) || records.length !== summary.cells.reduce((sum, cell) => sum + cell.replications, 0)) return 'results contradict each other';
  if (out !== '' && (JSON.parse(out) as SummaryFile).schema !== summary.schema) return 'stdout holds something else';
  const more = now.filter((name) => !before.includes(name) && name !== 'results' && !/^c\.jsonl(\.gz)?$/.test(name));
  return more.length === 0 ? undefined : `left ${more.join(', ')}`;
}

export interface Ended { readonly code: number; readonly err: string; readonly out: string }
