// The shapes of results: what a replication leaves, and what summary.json holds. Files use seconds, tokens, bytes.
import type { MetricDefinition } from '../src/observe/metrics.ts';
import type { ParamValue } from '../src/options.ts';

export const SUMMARY_SCHEMA = 'schedlab/summary@1';
export const MANIFEST_SCHEMA = 'schedlab/manifest@1';

/** Kaplan–Meier curve: share of calls still waiting at each time since arrival, ending where nobody is left under observation. */
export interface WaitCurve { readonly atS: readonly number[]; readonly share: readonly number[] }

/** What one agent got in one replication. Times in seconds from the start; null: never. */
export interface AgentDetail { readonly name: string; readonly class: string; readonly arrived: number; readonly completed: number; readonly firstServedS: number | null; readonly waitAllMeanS: number }

/** How the queue went, for the first replication of a cell only: an illustration. */
export interface QueueSeries { readonly atS: readonly number[]; readonly waiting: readonly number[]; readonly oldestWaitS: readonly number[]; /** Calls that wait, averaged over the time of the run: all waiting, divided by its length. Points are noted at arrivals, so their mean is not it. */ readonly meanWaiting?: number }

/**
 * Batch engines over time, by bins of `binS` seconds from the start; an empty list: nothing but zeros. Levels are means over the bin's time: the share of time in steps, requests
 * running and waiting as each step was planned, share of the KV blocks held. Counts are sums: steps, new tokens of sequences that got one or several in a step, tokens of
 * admitted prompts and those of them found in the cache, preemptions. `peak`: highest level at a step, of one engine.
 */
export interface EngineCourse {
  readonly binS: number;
  readonly peak: { readonly running: number; readonly waiting: number; readonly kvUse: number };
  readonly busy: readonly number[]; readonly running: readonly number[]; readonly waiting: readonly number[]; readonly kvUse: readonly number[];
  readonly steps: readonly number[]; readonly decodeTokens: readonly number[]; readonly prefillTokens: readonly number[];
  readonly promptTokens: readonly number[]; readonly cachedTokens: readonly number[]; readonly preemptions: readonly number[];
}

/** How batch engines fared, for the first replication of a cell only: an illustration. `all`: the engines together, their peaks those of the fullest; `each`: up to 16 engines one by one, where there are several. */
export interface EngineSeriesRecord { readonly endS: number; readonly engines: number; readonly all: EngineCourse; readonly each: readonly EngineCourse[] }

/** Where the time of the completed calls went on batch engines: seconds of each part, summed over `calls`. The parts add up to their responses. */
export interface CallSplitRecord { readonly calls: number; readonly seconds: Readonly<Record<string, number>> }

/** Where the time of completed programs of several calls went, along the path of each that is longest alone: seconds of each part, summed over `programs`. They add up to their responses. */
export interface PathRecord { readonly programs: number; readonly seconds: Readonly<Record<string, number>> }

/**
 * A node of a program: what it is (0 call, 1 tool, 2 join), how it ended (1 well, 0 lost or withdrawn, −1 never begun), when its parents were met in µs from the start of the
 * program, its parents by number, and what it did from then on: a part by its place in `parts`, its µs, and so on.
 */
export type PictureNode = readonly [kind: number, end: number, metUs: number, parents: readonly number[], spans: readonly number[]];

export interface ProgramPicture {
  readonly program: number; readonly class: string; readonly arrivalS: number; readonly responseS: number; readonly aloneS: number; readonly tokens: number;
  /** Nodes of the path that is longest alone, first to last. */
  readonly path: readonly number[];
  readonly nodes: readonly PictureNode[];
}

/** Completed programs of several calls, one by one, for the first replication of a cell only: those whose number is a multiple of `every`; `tooLarge` of them have too many nodes. */
export interface ProgramPictures { readonly parts: readonly string[]; readonly completed: number; readonly every: number; readonly tooLarge: number; readonly programs: readonly ProgramPicture[] }

export interface ReplicationDetail {
  /** At most 60 agents, those with the fewest completions; `agentsTotal` says how many there are. */
  readonly agents: readonly AgentDetail[];
  readonly agentsTotal: number;
  readonly waitCurves: Readonly<Record<string, WaitCurve>>;
  readonly series?: QueueSeries;
  readonly engines?: EngineSeriesRecord;
  readonly split?: CallSplitRecord;
  readonly path?: PathRecord;
  readonly programs?: ProgramPictures;
  /** What tells whether the queue grows. Absent in results of versions that did not keep it. */
  readonly queue?: QueueGrowth;
  /** Means of `wait_all` over consecutive windows of arrivals, in seconds, for batch-means intervals where one trace is one replication. */
  readonly batches?: Readonly<Record<string, readonly (number | null)[]>>;
  /** Calls that arrived in each of these windows: their weights. */
  readonly batchCalls?: readonly number[];
  /** Percentiles over ten consecutive parts with equally many calls, in seconds, where the trace has enough calls for them. */
  readonly sections?: Readonly<Record<string, readonly number[]>>;
}

/** Mean number in the system in the second and in the last quarter of the arrivals, calls that arrived, mean number that waits over the window, and places; null: no fixed number. */
export interface QueueGrowth { readonly calls: number; readonly earlier: number; readonly later: number; readonly waiting: number; readonly places: number | null }

/** One line of replications.jsonl. `metrics` holds names as the dictionary spells them, with `[class=…]` for classes; null: no population. */
export interface ReplicationRecord {
  readonly cell: string;
  readonly replication: number;
  readonly seed: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly metrics: Readonly<Record<string, number | null>>;
  /** 16 hex digits each: order of lifecycle events; results. */
  readonly orderDigest: string;
  readonly resultDigest: string;
  /** Lifecycle events counted. */
  readonly events: number;
  /** Conservation checks that were asserted, by name, with how often. */
  readonly checks: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** Why this replication must not be believed: load late, too many errors. Live runs only. */
  readonly faults?: readonly string[];
  readonly detail: ReplicationDetail;
  /** Draws by stream name. */
  readonly draws: Readonly<Record<string, number>>;
  /** What was decided, counted; simulated runs only. */
  readonly decisions?: DecisionCounts;
  /** The decisions one by one, as bytes: on the way to trails.jsonl, never in replications.jsonl. */
  readonly trail?: Uint8Array;
  /** What a file beside the results lacks, in words: told once, and never in replications.jsonl. */
  readonly leftOut?: string;
}

/** Decisions of one replication: grants, and places that an engine gave or took away where it asks the policy itself. */
export interface DecisionCounts {
  readonly count: number;
  /** 16 hex digits over all decisions in order: call, engine, kind; no times. */
  readonly digest: string;
  /** At which no more than one call waited in the queue. */
  readonly alone: number;
  readonly engines: number;
  /** Questions to the balancer: an engine was chosen out of several. */
  readonly picks: number;
  /** Where every policy keeps a tally: grants with one candidate, with several of equal score, and with a choice that a guard had turned. */
  readonly tally?: { readonly lone: number; readonly even: number; readonly guarded: number };
}

/**
 * Why two settings decide alike; empty where what is set acts inside the engines. none: nothing was decided. one-call, one-agent: never more than one waited. scores: all scores were equal wherever
 * several agents waited. guard: the guard turned every decision with a choice; guard-part: some of them, and the others came out the same.
 * one-engine: there is one. one-free: never more than one to choose from. order: both put the calls in the same order.
 */
export type DecisionCause = 'none' | 'one-call' | 'one-agent' | 'scores' | 'guard' | 'guard-part' | 'one-engine' | 'one-free' | 'order';

/** The decisions of a cell against those of the baseline, the k-th of one run against the k-th of the other with the same seed. */
export interface DecisionContrast {
  readonly cell: string;
  readonly baseline: string;
  /** Replications of both with the same seed; those in which every decision is the same; those in which every event is, to the microsecond. */
  readonly pairs: number;
  readonly equalPairs: number;
  readonly samePairs: number;
  /** Decisions compared one by one, and how many of them chose another call or engine, or were made in one of the two runs only. */
  readonly compared: number;
  readonly differ: number;
  /** True where a replication decided more often than is kept one by one: `compared` ends there. `equalPairs` covers all. */
  readonly isCut: boolean;
  readonly first: { readonly replication: number; readonly decision: number } | null;
  /** Where no event of any pair differs: why; and the decisions of the cell in all, with a choice among candidates of unequal score (null: not known), and turned by a guard. */
  readonly alike: { readonly causes: readonly DecisionCause[]; readonly decisions: number; readonly choices: number | null; readonly guarded: number } | null;
}

export interface MetricSummary { readonly mean: number | null; readonly low: number | null; readonly high: number | null; readonly n: number; readonly unit: string; /** Sample standard deviation over replications. */ readonly sd: number | null }

export interface CellSummary {
  readonly id: string;
  /** Short text that tells the cell from its neighbours: `alpha=0.25`. */
  readonly label: string;
  /** The swept or `--also` keys of the cell. */
  readonly varied: Readonly<Record<string, ParamValue>>;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly replications: number;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** false: the queue grows; null: too few calls to tell. */
  readonly stable: boolean | null;
}

/** equal: the same number in every replication; same: cannot be told apart. */
export type Verdict = 'better' | 'worse' | 'same' | 'equal' | 'different';

export interface Comparison {
  readonly metric: string;
  readonly cell: string;
  readonly baseline: string;
  /** cell − baseline. */
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Interval that holds for the whole family of comparisons of this metric (Bonferroni); decides the verdict. */
  readonly familyLow: number | null;
  readonly familyHigh: number | null;
  readonly n: number;
  readonly method: 'paired-t' | 'batch-means' | 'sectioning' | 'welch' | 'none';
  readonly verdict: Verdict;
}

export interface ThresholdResult { readonly text: string; readonly cell: string; readonly value: number | null; readonly held: boolean }

export interface SummaryFile {
  readonly schema: typeof SUMMARY_SCHEMA;
  readonly scenario: string;
  readonly cells: readonly CellSummary[];
  readonly comparisons: readonly Comparison[];
  readonly thresholds: readonly ThresholdResult[];
  readonly valid: boolean;
  /** Why not, where `valid` is false; else what a reader should know. */
  readonly notes: readonly string[];
  /** Cell that comparisons are made against; null where there is one cell. */
  readonly baseline: string | null;
  /** Every other cell against the baseline, in the order of the cells; absent where decisions were not kept. */
  readonly decisions?: readonly DecisionContrast[];
}

export interface DataFile { readonly path: string; readonly sha256: string; readonly bytes: number; readonly format: string; readonly rowsRead: number; readonly rowsDropped: number; readonly notes: readonly string[] }

/** Code of the user that was part of an experiment. `path`: from the folder in which the command was given. */
export interface CodeFile { readonly what: 'scenario' | 'policy' | 'balancer' | 'metric'; readonly path: string; readonly sha256: string }

export interface Manifest {
  readonly schema: typeof MANIFEST_SCHEMA;
  readonly tool: string;
  readonly node: string;
  readonly scenario: string;
  readonly title: string;
  readonly question: string;
  readonly study: 'terminating' | 'steady';
  readonly target: string;
  /** Every parameter with where its value came from: default, scenario, environment, flag. */
  readonly origins: Readonly<Record<string, string>>;
  /** Resolved value of every parameter in its first cell that has it; swept ones differ by cell. */
  readonly base?: Readonly<Record<string, ParamValue>>;
  readonly swept: readonly string[];
  readonly seed: string;
  readonly reps: number;
  readonly cells: readonly string[];
  readonly data: readonly DataFile[];
  /** Absent or empty where all that decides ships with the tool. */
  readonly files?: readonly CodeFile[];
  readonly assumptions: readonly string[];
  readonly notSimulated: readonly string[];
  readonly digest: string;
  readonly valid: boolean;
  readonly verdict: string;
  readonly redo: string;
  /** The command as it was asked for. */
  readonly asked: string;
  /** Facts of the wall clock: never part of a digest. */
  readonly wall: { readonly startedAt: string; readonly durationS: number; readonly workers: number; readonly eventsPerS: number };
  readonly interrupted: boolean;
  /** Entries of the metrics of the user's, which no dictionary has. */
  readonly metrics?: readonly MetricDefinition[];
  /** Metrics of the scenario to show first, in order, as the dictionary spells them. */
  readonly headline?: readonly string[];
}

/** One line of --calls. Times in seconds from the start of the run; null: did not happen. */
export interface CallLine {
  readonly replication: number; readonly id: string; readonly program: string; readonly agent: string; readonly engine: number | null; readonly class: string;
  readonly arrival: number; readonly granted: number | null; readonly scheduled: number | null; readonly first_token: number | null; readonly finished: number | null;
  readonly prompt_tokens: number; readonly cached_tokens: number; readonly output_tokens: number; readonly preemptions: number; readonly outcome: string;
}

/** A call or an engine that could have been chosen; `score`: by which they were ordered, highest first; null where the rule has no number. */
export type DecisionCandidate =
  | { readonly call: string; readonly program: string; readonly ordinal: number; readonly agent: string; /** Seconds since it arrived. */ readonly waited: number; readonly score: number | null; readonly terms: Readonly<Record<string, number>> }
  | { readonly engine: number; readonly score: number | null; readonly terms: Readonly<Record<string, number>> };

/** One line of --decisions, without the cell that is put in front where a file holds several. docs/receipts.md says what each member is. */
export interface DecisionLine {
  readonly replication: number; readonly time: number; readonly kind: 'grant' | 'route' | 'preempt' | 'refuse'; readonly place: 'gate' | 'engine';
  readonly call: string; readonly program: string; readonly ordinal: number; readonly agent: string; readonly engine: number | null;
  readonly chosen: string | number | null; readonly waiting: number; readonly candidates: readonly DecisionCandidate[];
  readonly age: number; readonly tie: number | null; readonly reason: string;
  /** Share of the calls that are told of; absent: all. */
  readonly sample?: number;
}
