// The wall clock: read here alone in the laboratory, for facts that are part of no digest.

/** Milliseconds from an arbitrary start, monotonic. */
export function wallMs(): number { return performance.now(); }

/** The present instant as ISO text. */
export function wallIso(): string { return new Date().toISOString(); }

/** Lets signals, messages and drawing happen between two replications. */
export function breathe(): Promise<void> { return new Promise((resolve) => { setImmediate(resolve); }); }
