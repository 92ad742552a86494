// The schemas of what a run leaves: summary.json, manifest.json, a line of replications.jsonl, a line of --calls.
import { METRIC_UNITS } from '../../observe/metrics.ts';
import { document, hex, list, number, orNull, scalar, table, tableOf, text, told, whole, yesNo, type Schema } from './json.ts';

const cell = told(hex(12), 'id of a cell');
const params = tableOf(scalar);
const measured = orNull(number);
const interval = { low: measured, high: measured };

const summary = table({
  schema: { const: 'schedlab/summary@1' },
  scenario: text,
  cells: list(table({
    id: cell, label: told(text, 'what tells the cell from its neighbours: alpha=0.25'), varied: params, params,
    replications: whole,
    metrics: tableOf(table({ mean: measured, ...interval, n: whole, unit: { enum: METRIC_UNITS }, sd: measured })),
    stable: told(orNull(yesNo), 'false: the queue grows; the figures hold for this window only; null: it seems to, and the calls are too few to tell'),
  })),
  comparisons: list(table({
    metric: text, cell, baseline: cell, mean: told(measured, 'cell − baseline'), ...interval, familyLow: measured, familyHigh: measured, n: whole,
    method: { enum: ['paired-t', 'batch-means', 'sectioning', 'welch', 'none'] }, verdict: { enum: ['better', 'worse', 'same', 'equal', 'different'] },
  })),
  thresholds: list(table({ text, cell, value: measured, held: yesNo })),
  valid: yesNo, notes: told(list(text), 'why not, where valid is false; else what a reader should know'), baseline: orNull(cell),
  'decisions?': list({ type: 'object' }),
});

const file = { path: text, sha256: hex(64) };
const manifest = table({
  schema: { const: 'schedlab/manifest@1' }, tool: { type: 'string', pattern: '^schedlab ' }, node: text, scenario: text, title: text, question: text,
  study: { enum: ['terminating', 'steady'] }, target: text,
  origins: told(tableOf({ enum: ['default', 'scenario', 'environment', 'flag'] }), 'where the value of each parameter came from'),
  'base?': params, swept: list(text), seed: text, reps: whole, cells: list(cell),
  data: list(table({ ...file, bytes: whole, format: text, rowsRead: whole, rowsDropped: whole, notes: list(text) })),
  'files?': list(table({ what: { enum: ['scenario', 'policy', 'balancer', 'metric'] }, ...file })),
  assumptions: list(text), notSimulated: list(text), digest: told(hex(64), 'over the results of all replications'), valid: yesNo, verdict: text,
  redo: told(text, 'the command that makes these results again'), asked: text,
  wall: told(table({ startedAt: text, durationS: number, workers: whole, eventsPerS: number }), 'facts of the wall clock: part of no digest'),
  interrupted: yesNo,
  'metrics?': list(table({ name: text, unit: { enum: METRIC_UNITS }, title: text, better: { enum: ['lower', 'higher', 'neither'] }, population: text })),
  'headline?': list(text),
});

const levels = told(list(number), 'means over the time of each bin; empty: all 0'), counts = told(list(whole), 'sums by bin; empty: all 0');
const course = table({
  binS: told(number, 'width of a bin in seconds'), peak: table({ running: whole, waiting: whole, kvUse: number }), busy: levels, running: levels, waiting: levels, kvUse: levels,
  steps: counts, decodeTokens: counts, prefillTokens: counts, promptTokens: counts, cachedTokens: counts, preemptions: counts,
});

const replication = table({
  cell, replication: whole, seed: text, params, metrics: tableOf(measured), orderDigest: hex(16), resultDigest: hex(16), events: whole,
  checks: tableOf(whole), notes: list(text), 'faults?': list(text),
  detail: table({
    agents: list(table({ name: text, class: text, arrived: whole, completed: whole, firstServedS: measured, waitAllMeanS: number })), agentsTotal: whole,
    waitCurves: tableOf(table({ atS: list(number), share: list(number) })),
    'series?': table({ atS: list(number), waiting: list(whole), oldestWaitS: list(number), 'meanWaiting?': number }),
    'engines?': table({ endS: number, engines: whole, all: course, each: list(course) }),
    'split?': told(table({ calls: whole, seconds: tableOf(number) }), 'where the time of completed calls went on batch engines'),
    'queue?': table({ calls: whole, earlier: number, later: number, waiting: number, places: orNull(whole) }),
    'batches?': tableOf(list(measured)), 'batchCalls?': list(whole), 'sections?': tableOf(list(number)),
  }),
  draws: tableOf(whole),
  'decisions?': { type: 'object' },
});

const call = table({
  'cell?': told(text, 'label of the cell, where there are several'),
  replication: whole, id: text, program: text, agent: text, engine: orNull(whole), class: text,
  arrival: number, granted: measured, scheduled: measured, first_token: measured, finished: measured,
  prompt_tokens: whole, cached_tokens: whole, output_tokens: whole, preemptions: whole, outcome: text,
}, { description: 'times in seconds from the start of the run; null: did not happen' });

const PARTS = { summary, manifest, replication, call };

export const summarySchema = (): Schema => document('summary:1', 'summary.json of a folder of results', summary);

/** Any of the files of a folder; the parts by name under $defs, `#/$defs/replication` for a line of replications.jsonl. */
export const resultsSchema = (): Schema => document('results:1', 'A file of a folder of results: summary.json, manifest.json, a line of replications.jsonl, a line of --calls', {
  anyOf: Object.keys(PARTS).map((name) => ({ $ref: `#/$defs/${name}` })), $defs: PARTS,
});
