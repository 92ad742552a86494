// Errors that nobody caught, handed to the work that is under way: it stops, puts its folder in order, and the error is told as its own.

let hear: ((error: unknown) => void) | undefined;
let isLost = false;

/** For the process: true where work under way takes the error; else the process has to end with it. */
export function heard(error: unknown): boolean {
  if (hear === undefined) { isLost = true; return false; }
  hear(error);
  return true;
}

/** Lets what floats since files were loaded come up. Never resolves where something did: the process ends with it. */
export async function settled(): Promise<void> {
  await new Promise((done) => { setImmediate(done); });
  if (isLost) await new Promise(() => { /* the process is leaving */ });
}

/** The longest that work is given to stop, in ms. */
const STOP_MS = 3000;

/** The work's answer, or the error that nobody caught meanwhile: then `stop` is called first, and the work given time to end. */
export async function orStray<T>(start: () => Promise<T>, stop: () => void): Promise<T> {
  const before = hear;
  let fail: (found: { readonly error: unknown }) => void = () => { /* set below */ };
  const stray = new Promise<{ readonly error: unknown }>((done) => { fail = done; });
  hear = (error) => { fail({ error }); };
  try {
    const work = start(), first = await Promise.race([work.then((value) => ({ value })), stray]);
    if ('value' in first) return first.value;
    stop();
    await Promise.race([work.catch(() => { /* the stray is the cause */ }), new Promise((done) => { setTimeout(done, STOP_MS).unref(); })]);
    throw first.error;
  } finally {
    hear = before;
  }
}
