// The one table of flags: what each takes, what it does, which verbs know it. Parsing, help, hints and docs read it.

export interface Flag {
  readonly name: string;
  readonly alias?: string;
  /** Word for the value in help; a flag without one is a switch. */
  readonly value?: string;
  readonly many?: boolean;
  readonly help: string;
  /** A flag of the contract whose work is done by a later version: given, it is refused with this reason, never ignored. */
  readonly later?: string;
}

const SHARED = {
  json: { name: 'json', help: 'one JSON document on stdout, and nothing else there' },
  quiet: { name: 'quiet', alias: 'q', help: 'no progress and no table; errors and warnings stay' },
  out: { name: 'out', alias: 'o', value: 'DIR', help: 'folder for the results (default: results/SCENARIO-DATE)' },
  open: { name: 'open', help: 'open the report when it is written' },
  noReport: { name: 'no-report', help: 'results only: no report.html and no report.md' },
  jobs: { name: 'jobs', alias: 'j', value: 'N', help: 'workers (default: all cores); never changes a result' },
} as const satisfies Record<string, Flag>;

/** What `run` and `sweep` share. */
const EXPERIMENT: readonly Flag[] = [
  { name: 'reps', value: 'N', help: 'replications of each cell (default: the scenario\'s, 10)' },
  { name: 'seed', value: 'S', help: 'any text; the same seed is the same result, to the byte (default: 1)' },
  { name: 'until', value: 'ci=5%', help: 'add replications until every interval of the first metric is that narrow' },
  { name: 'max-reps', value: 'N', help: 'where --until gives up (default: 50)' },
  { name: 'also', value: 'key=value,…', many: true, help: 'one cell beside the grid; repeatable' },
  { name: 'baseline', value: 'key=value', help: 'the cell that the others are compared with (default: the scenario\'s own setting, else the first)' },
  { name: 'metric', value: 'NAME|FILE', many: true, help: 'show this metric first: a name of list metrics, or a file that defines one; repeatable' },
  SHARED.jobs, SHARED.out, SHARED.json,
  { name: 'calls', value: 'FILE', help: 'write one line of JSON a call' },
  { name: 'decisions', value: 'FILE', help: 'write one line of JSON a decision: what was chosen, from what, and why; never changes a result' },
  { name: 'decisions-sample', value: 'P', help: 'with --decisions: tell of this share of the calls, such as 0.1; the same seed keeps the same calls' },
  { name: 'trace', value: 'FILE', help: 'draw the calls as a timeline for ui.perfetto.dev, and the steps of batch engines: the first replication of each cell' },
  { name: 'trace-from', value: 'SECONDS', help: 'with --trace: begin to draw there; where a trace had become too large, the end of what was drawn' },
  { name: 'shell', value: 'event|promise', help: 'which shell drives the dispatcher; never changes a result (default: event, or promise for agents written as functions)' },
  { name: 'target', value: 'sim|URL', help: 'simulate, or send to one OpenAI-compatible endpoint (default: sim)' },
  { name: 'dry-run', alias: 'n', help: 'say what would run and how long it takes, and run nothing' },
  { name: 'resume', help: 'finish an interrupted folder: what is in --out already is not run again' },
  SHARED.open, SHARED.quiet,
  SHARED.noReport,
  { name: 'show-config', help: 'print every resolved value with its origin, and run nothing' },
  { name: 'watch', help: 'run again at every save of a file of yours that is behind the command, imports included; the new number beside the old' },
  { name: 'price-per-gpu-hour', value: 'X', help: 'cost in money', later: 'prices are not possible yet' },
];

const ZIP: Flag = { name: 'zip', value: 'key=VALUES', many: true, help: 'lists that go in step instead of multiplying; give it twice or more' };
const REPEAT: readonly Flag[] = [
  { name: 'from', value: 'DIR', help: 'repeat one stored replication of this folder, and compare its digests' },
  { name: 'cell', value: 'ID', help: 'with --from: the cell, by its id, the beginning of it, its label, or values that fit it alone' },
  { name: 'rep', value: 'K', help: 'with --from: the replication, counted from 0' },
];

export const FLAGS = {
  run: [...EXPERIMENT, ...REPEAT],
  sweep: [...EXPERIMENT, ZIP],
  demo: [SHARED.jobs, SHARED.out, SHARED.json, SHARED.open, SHARED.quiet, SHARED.noReport],
  report: [{ ...SHARED.out, help: 'folder for the report (default: the first one named)' }, SHARED.open, SHARED.quiet],
  compare: [
    { name: 'fail-on', value: "'METRIC > +5%'", many: true, help: 'exit 5 where the difference of B to A may be that large; repeatable' },
    { name: 'metric', value: 'NAME|FILE', many: true, help: 'compare this metric, by name or by the file that defines it (default: the first ones of the scenario)' },
    SHARED.json, SHARED.quiet,
    { name: 'first-difference', help: 'play both again and show the first decision in which they part, both receipts side by side' },
    { name: 'rep', value: 'K', help: 'with --first-difference: this replication alone (default: the first that differs)' },
  ],
  explain: [
    { name: 'call', value: 'ID', help: 'the call, by the id that the lines of --calls give it' },
    { name: 'cell', value: 'ID', help: 'its cell, by id, the beginning of it, or its label (default: the first)' },
    { name: 'rep', value: 'K', help: 'its replication, counted from 0 (default: the first)' },
    SHARED.json,
  ],
  reproduce: [
    { name: 'cell', value: 'ID', help: 'this cell alone, by its id, the beginning of it, or its label' },
    SHARED.jobs, SHARED.json, SHARED.quiet,
  ],
  list: [SHARED.json],
  init: [{ ...SHARED.quiet, help: 'write the files and say nothing' }],
  check: [
    { name: 'clause', value: 'ID', many: true, help: 'judge this clause and what it rests on; repeatable (default: all)' },
    { name: 'histories', value: 'N', help: 'histories tried for each clause (default: 300)' },
    { name: 'seed', value: 'S', help: 'any text; the same seed tries the same histories (default: 1)' },
    SHARED.json, { ...SHARED.quiet, help: 'say what is broken, and nothing where all clauses hold' },
  ],
  validate: [SHARED.json, SHARED.quiet],
  trace: [
    { name: 'to', value: 'FORMAT', help: 'convert: the format to write: schedlab, mooncake, azure-2023, plain' },
    { name: 'out', alias: 'o', value: 'FILE', help: 'convert: the trace to write, packed where it ends in .gz; fit: the scenario to write, .yaml or .ts' },
    { name: 'page', value: 'FILE', help: 'inspect and fit: write a page with plots' },
    { name: 'open', help: 'open the page when it is written' },
    SHARED.json,
    { name: 'quiet', alias: 'q', help: 'no text; errors and warnings stay' },
  ],
  schema: [],
  completion: [],
} as const satisfies Record<string, readonly Flag[]>;

export type VerbName = keyof typeof FLAGS;
