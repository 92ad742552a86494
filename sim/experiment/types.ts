// The shapes of an experiment: what is asked (request), what will run (plan), how (options), what is told (progress, result).
import type { ParamValue, ParamValues } from '../../src/options.ts';
import type { MetricDefinition } from '../../src/observe/metrics.ts';
import type { PolicyDefinition } from '../../src/policies/policy.ts';
import type { BalancerDefinition } from '../../src/balancers/balancer.ts';
import type { CallLine, CodeFile, DataFile, DecisionLine, Manifest, ReplicationRecord, SummaryFile } from '../results.ts';
import type { Watch } from '../measure/watched-recorder.ts';
import type { OwnMetric } from '../metric.ts';
import type { EngineSpec } from '../engine/presets/engine-spec.ts';
import type { LoadedData, Model, ScenarioDefinition } from '../scenario.ts';
import type { TrailBook } from './trails.ts';

/** Where a value came from; later ones win. */
export type Origin = 'default' | 'scenario' | 'environment' | 'flag';

/** One value before it is checked: text of a shell or a value of code. `where` is shown in errors: `the command`, `fairness.yaml:14:5`. */
export interface GivenValue { readonly value: unknown; readonly origin: Origin; readonly where: string }

/** One swept key with its values in order. `text` is its spelling in the command (`0:0.5:0.05`), for the redo line; else the values joined. */
export interface SweptKey { readonly key: string; readonly values: readonly unknown[]; readonly text?: string; readonly where?: string }

/** How a worker finds the scenario again: a module that exports `{ [name]: ScenarioDefinition }` under `exportName`, or a scenario file. */
export type ScenarioSource =
  | { readonly kind: 'module'; readonly url: string; readonly exportName: string; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

export interface ExperimentRequest {
  readonly scenario: ScenarioDefinition;
  /** Needed for more than one worker; without it everything runs in this thread. */
  readonly source?: ScenarioSource;
  /** How the command names the scenario, for the redo line: a path where it is a file. Default: the path of `source`, else the scenario's name. */
  readonly named?: string;
  /** Version of the package; part of every cell's id. */
  readonly version: string;
  /** Values by key, precedence already settled (scenario file < environment < flags). */
  readonly given?: Readonly<Record<string, GivenValue>>;
  /** Keys that multiply, the first varying slowest. */
  readonly swept?: readonly SweptKey[];
  /** Keys that advance together: one further axis, after `swept`; all of the same length. */
  readonly zip?: readonly SweptKey[];
  /** Cells beside the grid: each is the base with these keys changed. */
  readonly also?: readonly Readonly<Record<string, unknown>>[];
  /** A cell's id, its label, or `key=value[,key=value…]` that fits exactly one cell. */
  readonly baseline?: string;
  /** Metrics to show before those of the scenario: names of the dictionary, or files that define one. */
  readonly metrics?: readonly string[];
  /** Those of them that stand in the scenario file, for the redo line. */
  readonly metricsOfFile?: readonly string[];
  /** `METRIC < VALUE`, `upper(METRIC) <= VALUE`, in base units or with s, ms, %. Beside those of the scenario. */
  readonly thresholds?: readonly string[];
}

/** One cell, resolved and checked. Plain data but for `model`. */
export interface PlannedCell {
  readonly index: number;
  /** First 12 hex digits of SHA-256 over scenario, parameters, data checksums and version. */
  readonly id: string;
  readonly label: string;
  readonly varied: ParamValues;
  /** Parameters of the scenario, of its policy and of its balancer, in one flat table. */
  readonly params: ParamValues;
  readonly model: Model;
}

export interface Plan {
  readonly scenario: ScenarioDefinition;
  readonly source: ScenarioSource | undefined;
  readonly version: string;
  readonly cells: readonly PlannedCell[];
  /** Labels of what was asked for and is the same as a cell before it: a key that its policy does not have, or a file with the same bytes. */
  readonly merged?: readonly string[];
  /** Index of the baseline cell; −1 where there is one cell. */
  readonly baseline: number;
  /** Swept, zipped and `--also` keys, in that order. */
  readonly swept: readonly string[];
  /** Every key of any cell with where its base value came from; swept keys say `flag`. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Base values of the first cell by key, as `--show-config` prints them. */
  readonly base: ParamValues;
  readonly question: string;
  readonly study: 'terminating' | 'steady';
  readonly headline: readonly string[];
  /** The dictionary's entries of the metrics of the user's. */
  readonly metrics: readonly MetricDefinition[];
  readonly thresholds: readonly Threshold[];
  readonly data: readonly DataFile[];
  /** The user's own code: the scenario, its policies, balancers and metrics. */
  readonly files: readonly CodeFile[];
  /** Engines read from files, for workers. */
  readonly engines?: Laboratory['engines'];
  readonly assumptions: readonly string[];
  /** What the models leave out. */
  readonly notSimulated: readonly string[];
  /** True where one trace is one replication. */
  readonly traced: boolean;
  /** Replications where none are asked for: the scenario's, else 1 for a trace, else 10. */
  readonly defaultReps: number;
  /** Grid axes as asked, for the redo command. */
  readonly request: ExperimentRequest;
}

/** What of a plan a summary needs; models are not. */
export type SummariseInput = Pick<Plan, 'baseline' | 'headline' | 'thresholds' | 'study' | 'traced'> & {
  readonly scenario: { readonly name: string };
  readonly cells: readonly Pick<Plan['cells'][number], 'id' | 'label' | 'varied' | 'params'>[];
};

export type ThresholdBound = 'mean' | 'upper' | 'lower';
export interface Threshold { readonly text: string; readonly metric: string; readonly bound: ThresholdBound; readonly operator: '<' | '<=' | '>' | '>='; readonly value: number }

/** What one replication is asked; the worlds implement it. */
export interface ReplicationOptions {
  readonly seed: string;
  readonly replication: number;
  readonly shell: 'auto' | 'event' | 'promise';
  readonly params: ParamValues;
  readonly cell: string;
  readonly callLine?: (line: CallLine) => void;
  readonly decisionLine?: (line: DecisionLine) => void;
  /** Share of the calls whose decisions are told; all where absent. */
  readonly decisionsSample?: number;
  /** Told of every lifecycle event. */
  readonly watch?: Watch;
  /** Keep the course of the queue: asked for the first replication of a cell. */
  readonly series?: boolean;
  /** Called every few thousand rounds; a long replication waits for it, so that its thread can hear an interrupt. What it throws ends the replication. */
  readonly breathe?: () => Promise<void>;
}
export type RunCell = (model: Model, options: ReplicationOptions) => ReplicationRecord | Promise<ReplicationRecord>;

/** What an experiment is made of beside its request; tests hand in their own. */
export interface Laboratory {
  readonly policies: Readonly<Record<string, PolicyDefinition>>;
  readonly balancers: Readonly<Record<string, BalancerDefinition>>;
  readonly runCell: RunCell;
  /** Engines read from files, by the text that names them (`vllm:FILE`). */
  readonly engines?: Readonly<Record<string, EngineSpec>>;
  /** Checksums of the user's files among the registries, by the text that names them; part of the ids of the cells that use them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Metrics of the user's, computed for every replication: by the file that defines them, those of the scenario by name. */
  readonly metrics?: Readonly<Record<string, OwnMetric>>;
  /** Reads one data file; `params` of the scenario tell what else is asked of it, such as `format`. */
  readonly readData: (path: string, params: ParamValues) => LoadedData;
  /** Throws ERR_NOT_POSSIBLE for a model that this world or shell cannot play: asked for every cell while planning. */
  readonly refuse?: (model: Model) => void;
}

/** Set by whoever listens for interrupts: 1 finish what runs and stop, 2 stop now. Read between replications. */
export interface StopSignal { stopRequested: 0 | 1 | 2 }

export interface UntilRule {
  /** Default: the first headline metric. */
  readonly metric?: string;
  /** Half-width of the interval ÷ mean that is small enough, such as 0.05. */
  readonly relative: number;
}

export interface Progress {
  readonly kind: 'start' | 'replication' | 'cell' | 'block' | 'end';
  /** Replications finished, reused ones included, and those that will run as far as known now. */
  readonly done: number;
  readonly total: number;
  /** Of `done`, those that stood in the folder already. */
  readonly reused: number;
  /** The cell of the last finished replication (`replication`), or the cell that is complete now (`cell`). */
  readonly cell?: { readonly index: number; readonly id: string; readonly label: string; readonly done: number; readonly total: number };
  /** Lifecycle events of the replications that ran here, and the wall time since the start, in seconds. */
  readonly events: number;
  readonly elapsedS: number;
  readonly workers: number;
}

export interface DecisionsFile { readonly path: string; readonly sample: number }

export interface ExperimentOptions {
  /** Default: `plan.defaultReps`. */
  readonly reps?: number;
  /** Any text; replication k runs with `${seed}/${k}` in every cell. Default "1". */
  readonly seed?: string;
  /** Threads at most, this one included where it need not listen to strangers' code. Default 1. */
  readonly jobs?: number;
  /** Run code of the user in a worker even where one is enough, so that this thread hears an interrupt whatever that code does. */
  readonly apart?: boolean;
  /** Results folder; nothing is written without one. */
  readonly outDir?: string;
  readonly resume?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: StopSignal;
  /** File for one line a call (JSON lines). */
  readonly calls?: string;
  /** File for one line a decision (JSON lines), and the share of the calls that it tells of. */
  readonly decisions?: DecisionsFile;
  /** File for the calls as trace events (JSON for ui.perfetto.dev): the first replication of each cell. */
  readonly trace?: string;
  /** With `trace`: seconds of the run from which on it is drawn; 0. */
  readonly traceFromS?: number;
  readonly shell?: 'auto' | 'event' | 'promise';
  readonly until?: UntilRule;
  /** Most replications a cell under `until`. Default 50. */
  readonly maxReps?: number;
  /** What the manifest says of the world: `sim` (default) or the endpoints. */
  readonly target?: string;
  /** The command as typed, for the manifest. */
  readonly asked?: string;
  /** ISO time of the start, for the manifest's wall facts. */
  readonly startedAt?: string;
  /** Another worker entry, for tests. */
  readonly workerUrl?: URL;
}

export interface ExperimentResult {
  readonly plan: Plan;
  readonly summary: SummaryFile;
  readonly manifest: Manifest;
  /** In (cell, replication) order. */
  readonly records: readonly ReplicationRecord[];
  readonly outDir: string | undefined;
  readonly interrupted: boolean;
  readonly reused: number;
  /** What happened on this machine and is no part of the results: damaged lines that were run again. */
  readonly warnings: readonly string[];
  /** 0 done; 3 invalid; 4 a threshold failed; 130 interrupted. */
  readonly exitCode: 0 | 3 | 4 | 130;
}

/** A results folder, read back. `torn`: lines that were dropped because they were cut or damaged. */
export interface ResultsFolder {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly summary: SummaryFile | undefined;
  readonly records: readonly ReplicationRecord[];
  readonly torn: number;
  /** What was decided in each replication, read when it is asked for. */
  readonly trails?: () => TrailBook;
}

export type { ParamValue, ParamValues };

// The functions:
//   planExperiment(request: ExperimentRequest, laboratory?: Laboratory): Plan                                     plan.ts
//   runExperiment(plan: Plan, options?: ExperimentOptions, laboratory?: Laboratory): Promise<ExperimentResult>   run.ts
//   repeatReplication(plan, cell id, replication, { seed, shell, callLine }): Promise<ReplicationRecord>         run.ts
//   laboratoryOf(laboratory, request): Promise<Laboratory>   (policy=./mine.ts; before planning)              definitions.ts
//   loadScenario(path: string): Promise<ScenarioDefinition>   (.ts, .js, .mjs; also on Node 20)                  load.ts
//   readFolder(dir: string): ResultsFolder                                                                       folder.ts
//   compareFolders(a: ResultsFolder, b: ResultsFolder, { metrics?, failOn? }): CompareResult                     compare.ts
//   redoCommand(plan, { reps, seed, shell, … }): string, quoteShell(word): string                                manifest.ts
