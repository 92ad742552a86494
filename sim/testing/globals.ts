// Puts the timers of the process on a test's clock for a while. The one file that changes what everybody sees, and it changes it back.

/** What a clock lends. */
export interface LentTimers {
  readonly setTimeout: unknown;
  readonly clearTimeout: unknown;
  readonly setInterval: unknown;
  readonly clearInterval: unknown;
  readonly nowMs: () => number;
}

const TIMERS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;

/** Replaces the global timers and the two clocks; the answer puts the old ones back. */
export function takeGlobals(clock: LentTimers): () => void {
  const place = globalThis as unknown as Record<string, unknown>;
  const kept = TIMERS.map((name) => [name, place[name]] as const), dateNow = Date.now, performanceNow = performance.now;
  const startMs = dateNow();
  for (const name of TIMERS) place[name] = clock[name];
  Date.now = () => startMs + Math.floor(clock.nowMs());
  performance.now = clock.nowMs;
  return () => {
    for (const [name, value] of kept) place[name] = value;
    Date.now = dateNow;
    performance.now = performanceNow;
  };
}
