// What is found out about a trace, as files and pages hold it: base units (seconds, tokens), null where there is nothing to tell.

/** The file that was read. */
export interface TraceFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly format: string;
  readonly units: string;
  readonly rowsRead: number;
  readonly rowsDropped: number;
  /** Why rows were dropped, how many, and the line where each reason was met first. */
  readonly drops: readonly { readonly reason: string; readonly rows: number; readonly firstLine: number }[];
}

/** Values of one quantity over all calls. */
export interface Spread {
  readonly n: number;
  readonly mean: number;
  /** Of the population (÷ n). */
  readonly sd: number;
  /** Squared coefficient of variation: variance ÷ squared mean; null where the mean is 0. */
  readonly cv2: number | null;
  readonly min: number;
  readonly max: number;
  readonly p5: number; readonly p25: number; readonly p50: number; readonly p75: number; readonly p90: number; readonly p95: number; readonly p99: number;
  /** Share of values that are 0. */
  readonly zeros: number;
  /** False where there were too many values to keep: quantiles are then within 0.05 % of themselves. */
  readonly isExact: boolean;
  /** The distribution function: share[i] of the values are at most at[i]. At most 200 points, ascending. */
  readonly curve: { readonly at: readonly number[]; readonly share: readonly number[] };
}

export interface Dispersion {
  readonly windowS: number;
  /** Whole windows from the first arrival to the last. */
  readonly windows: number;
  /** Variance of the calls in a window (÷ windows − 1) over their mean: 1 for Poisson arrivals. */
  readonly index: number;
  /** Calls in the fullest window. */
  readonly most: number;
}

export interface ArrivalFacts {
  /** Calls that arrive by the clock. */
  readonly calls: number;
  /** From the first arrival to the last. */
  readonly spanS: number;
  /** Calendar time of the first arrival, where the trace tells it. */
  readonly start: string | null;
  /** Calls per second: gaps ÷ span. */
  readonly rate: number | null;
  /** Between one arrival and the next. */
  readonly gaps: Spread | null;
  /** Correlation of each gap with the one before. */
  readonly gapCorrelation: number | null;
  /** Distinct instants of arrival. */
  readonly instants: number;
  readonly dispersion: readonly Dispersion[];
  /** Calls a second over the span, in equal bins. */
  readonly overTime: { readonly binS: number; readonly rate: readonly number[] };
}

export interface SharingFacts {
  /** Tokens of a block; null where they differ. */
  readonly blockTokens: number | null;
  readonly blocks: number;
  readonly distinctBlocks: number;
  readonly promptTokens: number;
  /** Tokens of the longest beginning of each prompt that an earlier call had too. */
  readonly sharedTokens: number;
  /** sharedTokens ÷ promptTokens: what a cache that forgets nothing would serve. */
  readonly share: number;
  /** Share of the calls that share at least one block. */
  readonly calls: number;
  /** Share of the tokens up to each part of the file, of calls in the order of the file. */
  readonly overCalls: { readonly upTo: readonly number[]; readonly share: readonly number[] };
  /** True where there were too many blocks to remember them all: the share is then too small. */
  readonly isBound: boolean;
}

export interface ProgramFacts {
  /** The field that names them. */
  readonly by: string;
  readonly programs: number;
  readonly callsPerProgram: Spread;
  /** Calls that wait for their parents, and those of them that wait for several. */
  readonly waiting: number;
  readonly joins: number;
  /** Calls that ask for a tool, and its time. */
  readonly tools: Spread | null;
  /** Seconds from the end of the last parent to the call, where calls wait. */
  readonly after: Spread | null;
  /** Calls that arrive by the clock although they have parents. */
  readonly clocked: number;
}

/** A text field, and its most frequent values. */
export interface FieldFacts { readonly name: string; /** Null: more than can be counted. */ readonly values: number | null; readonly top: readonly { readonly value: string; readonly calls: number }[] }

export interface TraceDescription {
  readonly schema: 'schedlab/trace-description@1';
  readonly file: TraceFile;
  readonly arrivals: ArrivalFacts;
  readonly prompt: Spread;
  readonly output: Spread;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Correlation of prompt and output length; null where one of them never changes. */
  readonly lengthCorrelation: number | null;
  /** Null where the trace names no contents. */
  readonly sharing: SharingFacts | null;
  /** Null where the trace names no programs or sessions. */
  readonly programs: ProgramFacts | null;
  readonly fields: readonly FieldFacts[];
  /** What a reader must know beside the numbers. */
  readonly notes: readonly string[];
}

/** One law, fitted to the positive values of a quantity. Null where the law cannot have them, with the reason in `why`. */
export interface LawFit {
  readonly law: string;
  readonly method: string;
  /** As a scenario's parameter spells it, without the mean. */
  readonly text: string | null;
  readonly mean: number | null;
  readonly cv2: number | null;
  readonly parameters: Readonly<Record<string, number>>;
  /** Kolmogorov–Smirnov: the largest distance of its distribution function from that of the values. */
  readonly distance: number | null;
  /** Null for the values themselves too: they have no likelihood to compare. */
  readonly aic: number | null;
  readonly why: string | null;
  readonly curve: Spread['curve'] | null;
}

export interface QuantityFit {
  readonly quantity: 'gaps' | 'prompt' | 'output';
  readonly unit: string;
  readonly n: number;
  /** Share of the values that are 0; the laws are for the others. */
  readonly zeros: number;
  readonly mean: number;
  readonly cv2: number;
  /** Distance that chance alone exceeds once in twenty, for a law that was not fitted. */
  readonly chance: number;
  readonly fits: readonly LawFit[];
  readonly chosen: string;
  /** Why it was chosen. */
  readonly because: string;
  /** The chosen law with the share of zeros, and its mean. */
  readonly text: string;
  readonly chosenMean: number;
  /** Distribution function of the positive values. */
  readonly curve: Spread['curve'];
}

export interface TraceFit {
  readonly schema: 'schedlab/trace-fit@1';
  readonly file: TraceFile;
  readonly calls: number;
  readonly gaps: QuantityFit;
  readonly prompt: QuantityFit;
  readonly output: QuantityFit;
  /** What a scenario made of these laws leaves out of the trace. */
  readonly leftOut: readonly string[];
}
