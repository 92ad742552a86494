// What counts as service: decode tokens, weighted tokens, time on the engine, or KV tokens held over time.

export const SERVICE_UNITS = ['decode', 'weighted', 'wall', 'kv'] as const;
export type ServiceUnit = (typeof SERVICE_UNITS)[number];

/**
 * decode: output tokens. weighted: prompt tokens computed + w · output tokens, so that what the cache held is not charged.
 * wall: seconds on the engine, without the time in its queue. kv: tokens held · seconds, the prompt from the start and each output token from when it is told.
 */
export interface ServiceMeter {
  readonly unit: ServiceUnit;
  /** w of `weighted`; 2, as VTC has it (arXiv 2401.00588, §5). */
  readonly outputWeight: number;
}

export const DECODE_METER: ServiceMeter = { unit: 'decode', outputWeight: 2 };

export const US_PER_S = 1_000_000;

/** Service of a call in the meter's unit, from its parts. `kvUs`: tokens held · µs. */
export function serviceOf(meter: ServiceMeter, computedPrompt: number, output: number, runUs: number, kvUs: number): number {
  switch (meter.unit) {
    case 'decode': return output;
    case 'weighted': return computedPrompt + meter.outputWeight * output;
    case 'wall': return runUs / US_PER_S;
    case 'kv': return kvUs / US_PER_S;
  }
}
