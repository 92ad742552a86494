// One step of a batch that a policy fills.
import type { OrderedRequest } from './ordered-parts.ts';
import { StepPlan } from './step-plan.ts';
import type { SilentStep } from './step-scheduler.ts';

export class OrderedPlan extends StepPlan<OrderedRequest> implements SilentStep<OrderedRequest> {
  /** Of a step of decoders alone. */
  get decoders(): number { return this.requests.length; }
  get decodeContext(): number { return this.contexts.reduce((sum, context) => sum + context, 0); }

  admit(request: OrderedRequest, hit: number): void {
    if (request.preemptions > 0) { this.resumed.push(request); this.resumedHits.push(hit); return; }
    this.admitted.push(request);
    this.admittedHits.push(hit);
    request.cachedTokens = hit;
  }

  take(request: OrderedRequest, tokens: number): void {
    this.add(request, tokens);
    request.lastStep = this.step;
  }

  /** Tokens are computed once scheduled; who has caught up samples. */
  close(): void {
    this.requests.forEach((request, i) => {
      request.computed += this.tokens[i];
      if ((this.samples[i] = request.computed === request.known + request.inFlight)) request.inFlight++;
    });
  }

  /** Becomes the step `to`, of the same decoders. */
  advance(to: number): void {
    for (let i = 0; i < this.contexts.length; i++) this.contexts[i] += to - this.step;
    this.step = to;
    for (const list of [this.admitted, this.admittedHits, this.resumed, this.resumedHits, this.preempted]) list.length = 0;
  }
}
