// What a policy inside a batch engine is told, and what it answers: calls as requests, at the instant of the engine.
import type { CallTable } from '../../../src/dispatch/calls.ts';
import { candidateOf, MOST_CANDIDATES } from '../../../src/dispatch/receipts.ts';
import type { OrderedParts, OrderedRequest } from './ordered-parts.ts';

export interface DeskParts extends OrderedParts {
  readonly calls: CallTable;
  readonly clock: { readonly nowUs: number };
  readonly number: number;
}

export class PolicyDesk {
  /** Something was told since the policy was asked last. */
  hasNews = false;
  /** When the order may change by time alone. */
  changeUs = Infinity;
  readonly #parts: DeskParts;
  /** By call slot. */
  readonly #requests: (OrderedRequest | undefined)[] = [];

  constructor(parts: DeskParts) { this.#parts = parts; }

  get nowUs(): number { return this.#parts.clock.nowUs; }

  arrive(request: OrderedRequest): void {
    while (this.#requests.length <= request.tag) this.#requests.push(undefined);
    this.#requests[request.tag] = request;
    this.#parts.policy.arrive(request.tag, this.nowUs);
    this.hasNews = true;
  }

  grant(request: OrderedRequest): void { this.#parts.policy.grant(request.tag, this.nowUs); }

  /** What a running request has produced since the policy was told last. */
  tell(request: OrderedRequest): void {
    const news = request.outputs - request.told;
    if (news <= 0) return;
    request.told = request.outputs;
    this.#parts.policy.progress?.(request.tag, news, this.nowUs);
    this.hasNews = true;
  }

  /** A running request lost its seat. */
  preempt(request: OrderedRequest): void {
    this.tell(request);
    this.#parts.policy.preempt?.(request.tag, this.nowUs);
    this.hasNews = true;
  }

  cancel(request: OrderedRequest, wasRunning: boolean): void {
    if (wasRunning) this.tell(request);
    this.#requests[request.tag] = undefined;
    this.#parts.policy.cancel(request.tag, wasRunning, this.nowUs);
    this.hasNews = true;
  }

  /** Requests that ended with one step, of all of which the policy knows what they have produced: in the order of their keys. */
  finish(ended: OrderedRequest[]): void {
    const { calls, policy } = this.#parts, { key, outputTokens, cachedTokens } = calls;
    for (const { tag, outputs, cachedTokens: hit } of ended.sort((a, b) => key[a.tag] - key[b.tag])) {
      outputTokens[tag] = outputs;
      cachedTokens[tag] = hit;
      this.#requests[tag] = undefined;
      policy.finish(tag, true, this.nowUs);
    }
    this.hasNews = true;
  }

  /** The first `most` requests in the policy's order. */
  ask(running: readonly OrderedRequest[], most: number): OrderedRequest[] {
    const { policy } = this.#parts, line: OrderedRequest[] = [], { nowUs } = this;
    if (policy.needsAllProgress) for (const request of running) this.tell(request);
    policy.walk((call) => line.push(this.#requests[call]!) < most, nowUs);
    this.changeUs = Math.max(nowUs + 1, policy.nextChangeUs?.(nowUs) ?? Infinity);
    this.hasNews = false;
    return line;
  }

  /** Output tokens at which each must be told of, because the order may change then. */
  setBudgets(running: readonly OrderedRequest[]): void {
    const { policy } = this.#parts;
    if (policy.budget !== undefined) for (const request of running) request.tellAt = request.told + Math.max(1, Math.ceil(policy.budget(request.tag)));
  }

  /** Receipts of a seat that is given, and of those that are taken for it, before anything of it is told. */
  explain(request: OrderedRequest, victims: readonly OrderedRequest[], running: readonly OrderedRequest[], waiting: number): void {
    const { receipts, policy, number } = this.#parts;
    if (receipts === undefined) return;
    const { nowUs } = this, shown = (first: OrderedRequest): ReturnType<typeof candidateOf>[] => [...new Set([request.tag, first.tag, ...running.map(({ tag }) => tag)])].slice(0, MOST_CANDIDATES).map((call) => candidateOf(call, policy.explain?.(call, nowUs) ?? {}));
    const common = { atUs: nowUs, place: 'engine', engine: number, chosen: request.tag, waiting, ageUs: 0, tied: null } as const, present = running.length + waiting;
    for (const victim of victims) receipts({ ...common, kind: 'preempt', call: victim.tag, candidates: shown(victim), reason: 'behind the chosen call, which needs its seat or its blocks' });
    receipts({ ...common, kind: 'grant', call: request.tag, candidates: shown(request), reason: present === 1 ? 'the only call on the engine' : `place ${request.place + 1} of the order of ${present} calls` });
  }

  /** The receipt of a request that lost its seat because blocks ran out. */
  explainShortage(victim: OrderedRequest, running: readonly OrderedRequest[], waiting: number): void {
    const { receipts, policy, number } = this.#parts, { nowUs } = this;
    receipts?.({ atUs: nowUs, place: 'engine', engine: number, kind: 'preempt', call: victim.tag, chosen: -1, waiting, ageUs: 0, tied: null, candidates: [...running].reverse().slice(0, MOST_CANDIDATES).map(({ tag }) => candidateOf(tag, policy.explain?.(tag, nowUs) ?? {})), reason: 'last of the order where blocks ran out' });
  }
}
