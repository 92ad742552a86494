// What an engine needs whose batch a policy fills, and how a request stands in it.
import type { ReceiptListener } from '../../../src/observe/lifecycle.ts';
import type { Policy } from '../../../src/policies/policy.ts';
import { BatchRequest } from './request.ts';

export interface OrderedParts {
  readonly policy: Policy;
  /** Copying the KV cache of one token to or from the host, in µs; absent: who is preempted computes anew. */
  readonly swapUsPerToken?: number | undefined;
  readonly receipts?: ReceiptListener | undefined;
}

export class OrderedRequest extends BatchRequest {
  /** Place in the policy's order, as of the last question. */
  place = 0;
  /** Output tokens that the policy has been told of, and those at which it must be told more. */
  told = 0;
  tellAt = Infinity;
  /** Lost its seat to another before it had a token since it got it: it keeps the next one until it has. */
  isOwed = false;
  /** Blocks that were freed for the rest of its prompt, and that nobody else takes. */
  reserved = 0;
  /** Tokens whose KV cache lies on the host. */
  swapped = 0;

  /** Tokens to be computed, those in flight included; 1: it decodes. */
  get pending(): number { return this.known + this.inFlight - this.computed; }
  /** Its last token is in flight. */
  get isOver(): boolean { return this.inFlight > 0 && this.outputs + this.inFlight >= this.mostOutput; }
}
