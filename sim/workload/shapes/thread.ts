// A single thread: calls one after another, each with all that was said before in its prompt, and something between two of them.
import type { ProgramBuilder } from '../program-builder.ts';
import type { WholeLaw } from '../../random/whole-lognormal.ts';
import { sized, type ShapeDraws, type ShapeLimits } from './shape.ts';

interface ThreadLaws { readonly calls: WholeLaw; readonly prompt: WholeLaw; readonly output: WholeLaw }

/**
 * Writes the calls of one program. `between` writes what comes before each call but the first, and answers what the call waits for and how long it thinks.
 * The thread ends before a call that the model has no room for. O(calls).
 */
export function writeThread(builder: ProgramBuilder, laws: ThreadLaws, draws: ShapeDraws, limits: ShapeLimits, between: (before: number) => { readonly after: number; readonly thinkUs: number }): void {
  const calls = laws.calls.sample(draws.form);
  let context = 0, before = -1;
  for (let k = 0; k < calls; k++) {
    const size = sized(context, laws.prompt.sample(draws.prompts), laws.output.sample(draws.outputs), limits);
    if (!size.fits && k > 0) return;
    const { prompt, output } = size, from = k === 0 ? undefined : between(before);
    before = builder.call({ ...(from === undefined ? {} : { after: [from.after], thinkUs: from.thinkUs }), prompt, output });
    context += prompt + output;
  }
}
