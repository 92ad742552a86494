// What each call in flight really needs of an engine: the truth that no policy sees. Columns by call slot.
import type { CallSlot } from '../../src/dispatch/calls.ts';

/** Service that counts as one token where engines or calls have no tokens: a millisecond. */
export const TOKEN_US = 1000;

/** Tokens that a call has produced once it was served for so long on a place: the first when its prompt is read, the others at equal distances. */
export function tokensBy({ serviceUs, firstTokenUs, outputTokens }: Work, call: CallSlot, servedUs: number): number {
  const output = outputTokens[call], firstUs = firstTokenUs[call], lastUs = serviceUs[call];
  if (output <= 0 || !(servedUs >= firstUs)) return 0;
  return lastUs > firstUs ? Math.min(output, 1 + Math.floor(((servedUs - firstUs) / (lastUs - firstUs)) * (output - 1))) : output;
}

export class Work {
  /** Service alone on a slot, and the part of it until the first token, in µs. */
  serviceUs = new Float64Array(64);
  firstTokenUs = new Float64Array(64);
  outputTokens = new Int32Array(64);

  set(call: CallSlot, serviceUs: number, firstTokenUs: number, outputTokens: number): void {
    if (call >= this.serviceUs.length) this.#grow(call);
    this.serviceUs[call] = serviceUs;
    this.firstTokenUs[call] = firstTokenUs;
    this.outputTokens[call] = outputTokens;
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.serviceUs.length * 2, call + 1);
    const service = new Float64Array(n); service.set(this.serviceUs); this.serviceUs = service;
    const first = new Float64Array(n); first.set(this.firstTokenUs); this.firstTokenUs = first;
    const output = new Int32Array(n); output.set(this.outputTokens); this.outputTokens = output;
  }
}
