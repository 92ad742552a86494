// What one call of `schedule` decided: who computes how many tokens, who came in, who was thrown out.
import type { StepLoad } from '../cost/step-load.ts';
import type { BatchRequest } from './request.ts';

/** Reused by the scheduler when its result has been processed: copy what must stay. */
export class StepPlan<R extends BatchRequest = BatchRequest> {
  step = 0;
  /** In the order of scheduling; `tokens`, `contexts`, `samples` and `epochs` belong to it by place. */
  readonly requests: R[] = [];
  readonly tokens: number[] = [];
  /** Tokens computed before the step. */
  readonly contexts: number[] = [];
  /** The step computes its last known token, so that the next one is sampled. */
  readonly samples: boolean[] = [];
  /** Preemptions of the request when it was scheduled: a later one makes the entry that of another life. */
  readonly epochs: number[] = [];
  /** Admitted for the first time, and after a preemption; with the hit of each in tokens. */
  readonly admitted: R[] = [];
  readonly admittedHits: number[] = [];
  readonly resumed: R[] = [];
  readonly resumedHits: number[] = [];
  readonly preempted: R[] = [];
  totalTokens = 0;
  /** Copies to and from the host before the step, in µs. */
  extraUs = 0;

  get isEmpty(): boolean { return this.requests.length === 0; }

  clear(step: number): void {
    this.step = step;
    for (const list of [this.requests, this.tokens, this.contexts, this.samples, this.epochs, this.admitted, this.admittedHits, this.resumed, this.resumedHits, this.preempted]) list.length = 0;
    this.totalTokens = 0;
    this.extraUs = 0;
  }

  add(request: R, tokens: number): void {
    this.requests.push(request);
    this.tokens.push(tokens);
    this.contexts.push(request.computed);
    this.epochs.push(request.preemptions);
    this.totalTokens += tokens;
  }

  /** Takes a request out again, as if it had never been scheduled; −1 where it was not, else its tokens. */
  takeOut(request: R): number {
    const at = this.requests.indexOf(request);
    if (at < 0) return -1;
    const tokens = this.tokens[at];
    for (const list of [this.requests, this.tokens, this.contexts, this.epochs]) list.splice(at, 1);
    this.totalTokens -= tokens;
    return tokens;
  }

  /** Tells a cost model what the step carries. */
  load(into: StepLoad): StepLoad {
    into.clear();
    let samplers = 0;
    for (let i = 0; i < this.requests.length; i++) {
      into.addSequence(this.tokens[i], this.contexts[i], this.requests[i].promptTokens);
      if (this.samples[i]) samplers++;
    }
    into.addSamplers(samplers);
    return into;
  }
}

/** What processing a result did: who got a token, who ended. Reused. */
export class StepResult<R extends BatchRequest = BatchRequest> {
  readonly tokens: R[] = [];
  /** Those of them that got none since their last admission. */
  readonly caughtUp: R[] = [];
  /** Those whose first token it is; also of one that has been preempted since. */
  readonly begun: R[] = [];
  readonly finished: R[] = [];
  clear(): void { this.tokens.length = this.caughtUp.length = this.begun.length = this.finished.length = 0; }
}
