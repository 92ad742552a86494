// The samples and counts of one class of calls. Times in µs, ratios plain.
import { Samples } from './samples.ts';

export class ClassSamples {
  arrived = 0; completed = 0; rejected = 0; failed = 0; cancelled = 0; preemptions = 0;
  promptTokens = 0; cachedTokens = 0; outputTokens = 0;
  /** Served calls: arrival to start of service. */
  readonly wait = new Samples();
  /** Calls that were not served while they were watched: arrival to the end of the window, or to the moment when they were withdrawn. */
  readonly unserved = new Samples();
  readonly response = new Samples();
  readonly ttft = new Samples();
  readonly tpot = new Samples();
  readonly e2e = new Samples();
  readonly programTime = new Samples();
  readonly slowdown = new Samples();
  readonly tokenLatency = new Samples();
}
