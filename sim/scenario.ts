// What a scenario is: parameters, a question, and a model that the worlds can run. Short files are the aim: see scenarios/.
import type { ParamTable, ParamValue, ParamValues } from '../src/options.ts';
import type { KnowledgeLevel, PolicyDefinition } from '../src/policies/policy.ts';
import type { BalancerDefinition } from '../src/balancers/balancer.ts';
import type { CallView } from '../src/dispatch/calls.ts';
import type { ModelAddons } from './chosen-addons.ts';
import type { PromptSource } from './engine/batch/prompts.ts';
import type { ToolPool } from '../src/programs/tools.ts';
import type { EngineSpec } from './engine/presets/engine-spec.ts';
import type { OwnMetric } from './metric.ts';
import type { DataFile } from './results.ts';
import type { AgentScript, Workload } from './workload/workload.ts';
import type { ProgramTable } from './workload/programs.ts';
import type { Streams } from './random/streams.ts';

export type Discipline = 'nonpreemptive' | 'preempt-resume' | 'ps';

/** A pool of slot engines: `count` engines of `slots` places each. */
export interface SlotPool {
  readonly kind: 'slots';
  readonly count: number;
  readonly slots: number;
  readonly discipline: Discipline;
}

/** A pool of batch engines, `count` of one kind. */
export interface BatchPool {
  readonly kind: 'batch';
  readonly count: number;
  readonly spec: EngineSpec;
  /** Where the policy fills the batch: µs that copying the KV cache of one token to or from the host takes; absent: who is preempted computes anew. */
  readonly swapUsPerToken?: number;
}

export type EnginePool = SlotPool | BatchPool;

/** A rate that a replication looks for: the highest at which `metric` is at most `target`, and no more programs are open at the end than may be. */
export interface RateSearch {
  /** Rates between which it is sought, in the unit of the scenario, and how often the bracket is halved. */
  readonly low: number;
  readonly high: number;
  readonly steps: number;
  readonly metric: string;
  readonly target: number;
  /** Share of the programs that may be open at the end; 1, the default: all of them. */
  readonly open?: number;
  /** The model at this rate. */
  at(rate: number): Model;
}

/** Everything that one replication needs, seeds aside. */
export interface Model {
  readonly engines: EnginePool;
  readonly dispatch: 'late' | 'immediate';
  /** gate: in front of the engines; engine: inside each of them; tag: as the number by which a batch engine of `scheduling: 'priority'` orders what it holds. */
  readonly place: 'gate' | 'engine' | 'tag';
  /** Calls in flight per engine; Infinity: unlimited. */
  readonly window: number;
  /** Calls that may wait; Infinity: unlimited. */
  readonly maxWaiters: number;
  readonly policy: PolicyDefinition;
  readonly policyOptions: ParamValues;
  readonly balancer: BalancerDefinition;
  readonly balancerOptions: ParamValues;
  /** What stands beside the policy; nothing where absent. The `addons` parameter of a scenario sets it. */
  readonly addons?: ModelAddons;
  /** How often a balancer's view of the engines is refreshed, in µs; 0 or absent: always fresh. */
  readonly viewRefreshUs?: number;
  /** End of the window; Infinity: until every call has ended. */
  readonly endUs: number;
  /** Length of a tick, where the scenario counts in ticks; 0: it does not. */
  readonly tickUs: number;
  /** steady: a long-run mean is asked for, so a growing queue makes the run invalid; terminating: the window is the question. */
  readonly study: 'terminating' | 'steady';
  /** Agents, by number, with the share of the whole that each is meant to get beside others, 1 where absent. A model without agents leaves it empty. */
  readonly agents: readonly { readonly name: string; readonly class: string; readonly weight?: number }[];
  readonly classes: readonly string[];
  /** Fresh programs for one replication. Every attribute of an entity comes from its own child stream. */
  workload(streams: Streams): Workload;
  /** Agents as plain async functions instead of programs; promise shell only. */
  readonly scripts?: readonly AgentScript[];
  /** Agents whose first service after `spikeUs` is the metric `first_service_ticks`. */
  readonly spike?: { readonly atUs: number; readonly class: string };
  /** What a policy may know beyond a call's own columns; none where absent. A policy that asks for more is refused. */
  readonly knowledge?: KnowledgeLevel;
  /** Coefficient of variation of what `estimate` says of a length; granted with knowledge `estimate` only. */
  readonly estimateError?: number;
  /** What a reader must know of choices that the model made from its data, such as over whom fairness is meant. */
  readonly assumptions?: readonly string[];
  /** Work that arrives per place and unit of time, where the scenario knows it: from 1 on no steady state exists. */
  readonly offeredLoad?: number;
  /** What prompts are made of, for engines with a cache; where absent, no two calls share anything. The streams are the workload's own: draw from children alone. */
  readonly prompts?: (calls: CallView, programs: ProgramTable, streams: Streams) => PromptSource;
  /** Tools that programs share; a node of a program names one by its place here. */
  readonly tools?: readonly ToolPool[];
  /** Each replication looks for the highest rate that keeps a target, and tells of the run at this rate; the model beside it says what kind of run that is. */
  readonly search?: RateSearch;
  /** What an hour of all engines costs, in money of the reader's: metrics by the hour and by program are told where it is given, costs where it is above 0. */
  readonly pricePerHour?: number;
  /** Metrics shown first and what is left out, where the engines decide that; else what the scenario says. */
  readonly headline?: readonly string[];
  readonly notSimulated?: readonly string[];
  /** True where one trace is one replication: intervals come from batch means over windows. */
  readonly traced?: boolean;
}

export interface Setup {
  readonly params: ParamValues;
  readonly policy: PolicyDefinition;
  readonly policyOptions: ParamValues;
  readonly balancer: BalancerDefinition;
  readonly balancerOptions: ParamValues;
  /** Loaded data, by parameter name (only parameters of kind `file`). */
  readonly data: Readonly<Record<string, LoadedData>>;
  /** Engines read from files, by the text that names them (`vllm:FILE`). */
  readonly engines?: Readonly<Record<string, EngineSpec>>;
}

/** A data file after reading: its checksum for the manifest, its rows in columns. Read once a process. */
export interface LoadedData { readonly file: DataFile; readonly trace: Trace }

/** A request trace in columns. Arrival in µs from the first row. */
export interface Trace {
  readonly format: string;
  readonly rows: number;
  readonly arrivalUs: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** The trace's own ids where it has them, else undefined: the row number is the id. */
  readonly ids?: readonly string[];
  /** Text fields by name, for `identity=field:NAME`, `session`, `program`. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /**
   * Contents that the prompts begin with, where the trace tells them: row r owns blocks[blockStart[r] … blockStart[r+1]). Equal numbers are
   * equal contents; −1 is content that no other call has; −2 − k is the one that contentNames[k] names. What is left of a prompt is its own.
   */
  readonly blocks?: Int32Array;
  readonly blockStart?: Int32Array;
  /** Tokens of a block, the last of a row being cut where its prompt ends. Absent: `segmentTokens` has them. */
  readonly blockTokens?: number;
  /** Tokens of each block, where they differ. */
  readonly segmentTokens?: Int32Array;
  readonly contentNames?: readonly string[];
  /** Calendar time of arrival 0, in µs since 1970, where the trace tells it. */
  readonly startUs?: number;
  /** Parents of each row, as rows, where the trace tells them: row r owns parents[parentStart[r] … parentStart[r+1]); a parent's row is less than r. */
  readonly parents?: Int32Array;
  readonly parentStart?: Int32Array;
  /** µs from the last parent's being done to the call, −1 where it arrives by the clock. Where it waits, arrivalUs is the earliest that it could be. */
  readonly afterUs?: Float64Array;
  /** µs of the tool that a call asks for: after them the call is done, and its children may go on. */
  readonly toolUs?: Float64Array;
}

export interface ScenarioDefinition {
  readonly name: string;
  /** One line for `list`. */
  readonly title: string;
  /** The situation as a question, for the report's heading. May depend on the parameters. */
  readonly question: string | ((params: ParamValues) => string);
  readonly params: ParamTable;
  /** Defaults of this scenario for parameters of the policy or balancer, by name: `{ alpha: 0.25 }`. */
  readonly defaults?: Readonly<Record<string, ParamValue>>;
  /** What `sweep` compares where neither the command nor a file gives the key a value: `{ policy: ['fcfs', 'atlas'] }`. */
  readonly sweep?: Readonly<Record<string, readonly ParamValue[]>>;
  /** Replications where none are asked for; 10. */
  readonly reps?: number;
  /** Metrics shown first, in order. */
  readonly headline: readonly string[];
  /** Metrics of its own, beside those of the dictionary; `headline` and `thresholds` may name them. */
  readonly metrics?: readonly OwnMetric[];
  /** What must hold in every cell: `METRIC < VALUE`; else the run ends with exit code 4. */
  readonly thresholds?: readonly string[];
  /** What the model leaves out, in a few words each. */
  readonly notSimulated: readonly string[];
  /** What a reader must know of the choices made, such as how agents were given to a trace. */
  assumptions?(params: ParamValues): readonly string[];
  setup(setup: Setup): Model;
}

export function defineScenario(definition: ScenarioDefinition): ScenarioDefinition { return definition; }
