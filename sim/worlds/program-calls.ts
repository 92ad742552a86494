// One call of a program as an application makes it: acquire, work, release. The same on virtual time and on the machine's clock.
import type { Clock } from '../../src/clock.ts';
import type { Dispatcher } from '../../src/dispatch/dispatcher.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import { SchedlabError } from '../../src/errors.ts';
import { idOf, type RunningProgram } from '../workload/programs.ts';
import type { ProgramBook } from './program-book.ts';
import type { Stage } from './stage.ts';

const US_PER_MS = 1000;

export interface ProgramCallParts {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly stage: Stage;
  readonly book: ProgramBook;
  readonly ids: string[] | undefined;
  /** Resolves with what was used when the engine has served the call to its end, with nothing where it has not. */
  serve(lease: Lease): Promise<{ readonly outputTokens: number; readonly cachedTokens: number } | undefined>;
  /** Waits before each step. */
  readonly dawdle?: (() => Promise<void>) | undefined;
}

/** A call that was refused is over; anything else that is thrown is a fault of the run. */
export const isRefusal = (error: unknown): boolean => error instanceof SchedlabError && error.exitCode === 3;

/** The program goes on when the call was served, and by the dispatcher's verdict where it was not. `isWhole`: the call is all of its program, which nobody runs. */
export async function playCall(parts: ProgramCallParts, run: RunningProgram, node: number, isWhole: boolean): Promise<void> {
  const { dispatcher, clock, stage, book, ids, dawdle } = parts, { plan } = run, cancelUs = plan.cancelUs[node]!, timeoutUs = plan.timeoutUs[node]!, pin = plan.pin[node]!, parents = run.parentOrdinals(node);
  const controller = cancelUs > 0 ? new AbortController() : undefined;
  const timer = controller ? clock.setTimer(cancelUs, () => { controller.abort(); }) : 0;
  try {
    const lease = await dispatcher.acquire({
      program: run.program, ordinal: run.ordinal(node), agent: plan.agent, callClass: plan.callClass, weight: plan.weight, promptTokens: run.promptTokens[node]!,
      ...(parents ? { parents } : {}), ...(pin >= 0 ? { engine: pin } : {}), ...(timeoutUs > 0 ? { timeoutMs: timeoutUs / US_PER_MS } : {}), ...(controller ? { signal: controller.signal } : {}),
      onSubmit: (call, handle) => {
        stage.work.set(call, run.serviceUs[node]!, plan.firstTokenUs[node]!, plan.outputTokens[node]!);
        if (ids) ids[call] = idOf(plan, node);
        run.handle[node] = handle;
        if (!isWhole) book.table.set(call, run, node);
      },
    });
    if (dawdle) await dawdle();
    const usage = await parts.serve(lease);
    if (dawdle) await dawdle();
    // Where the place was taken back, the lease has ended.
    if (!lease.isHeld) return;
    if (usage === undefined) { lease.fail(); return; }
    book.served(lease.call, usage.outputTokens);
    lease.release(usage);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  } finally {
    if (controller) clock.clearTimer(timer);
  }
}
