// What one step of the bulk scheduler decided: prompts one by one, decoders by their number and the sum of their context.
import type { StepLoad } from '../cost/step-load.ts';
import type { BulkRequest } from './bulk-request.ts';
import { empty } from './lists.ts';
import type { ProcessedStep } from './step-scheduler.ts';

/** Reused by the scheduler: copy what must stay. */
export class BulkPlan {
  step = 0;
  decoders = 0;
  decodeContext = 0;
  /** Prompts, in order: tokens and context of each. */
  readonly requests: BulkRequest[] = [];
  readonly tokens: number[] = [];
  readonly contexts: number[] = [];
  readonly admitted: BulkRequest[] = [];
  readonly admittedHits: number[] = [];
  readonly resumed: BulkRequest[] = [];
  readonly resumedHits: number[] = [];
  readonly preempted: BulkRequest[] = [];
  /** Whose prompt is complete with this step. */
  readonly complete: BulkRequest[] = [];
  /** Who samples its last token in this step: asynchronous scheduling only. Emptied when its result is processed. */
  readonly last: BulkRequest[] = [];
  readonly extraUs = 0;

  get isEmpty(): boolean { return this.decoders === 0 && this.requests.length === 0; }

  clear(step: number): void {
    this.step = step;
    // Most steps hold decoders alone.
    if (this.requests.length === 0 && this.preempted.length === 0) return;
    empty(this.requests);
    empty(this.tokens);
    empty(this.contexts);
    empty(this.complete);
    empty(this.preempted);
    empty(this.admitted);
    empty(this.admittedHits);
    empty(this.resumed);
    empty(this.resumedHits);
  }

  /** Tokens of a prompt, after `context` of them. */
  add(request: BulkRequest, tokens: number, context: number): void {
    this.requests.push(request);
    this.tokens.push(tokens);
    this.contexts.push(context);
  }

  /** Comes in, for the first time or again, with a hit of so many tokens. */
  admit(request: BulkRequest, hit: number): void {
    if (request.preemptions > 0) { this.resumed.push(request); this.resumedHits.push(hit); return; }
    this.admitted.push(request);
    this.admittedHits.push(hit);
    request.cachedTokens = hit;
  }

  load(into: StepLoad): StepLoad {
    into.clear();
    if (this.decoders > 0) into.addDecoders(this.decoders, this.decodeContext);
    for (let i = 0; i < this.requests.length; i++) into.addSequence(this.tokens[i], this.contexts[i], this.requests[i].promptTokens);
    into.addSamplers(this.decoders + this.complete.length);
    return into;
  }
}

/** What processing a result did. Reused. */
export class BulkResult implements ProcessedStep<BulkRequest> {
  readonly caughtUp: BulkRequest[] = [];
  readonly begun: BulkRequest[] = [];
  readonly finished: BulkRequest[] = [];

  clear(): void {
    if (this.caughtUp.length + this.begun.length + this.finished.length === 0) return;
    empty(this.caughtUp);
    empty(this.begun);
    empty(this.finished);
  }
}
