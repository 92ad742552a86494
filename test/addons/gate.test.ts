// An admission in front of a dispatcher as applications use it: who is held, who is let in, and what becomes of those who give up.
import { describe, expect, it } from 'vitest';
import { programPause } from '../../src/addons/program-pause.ts';
import { createDispatcher } from '../../src/dispatch/create.ts';
import type { Dispatcher } from '../../src/dispatch/dispatcher.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import { TestClock } from '../../sim/testing/test-clock.ts';

interface Rig { readonly clock: TestClock; readonly dispatcher: Dispatcher }

/** A memory of 1000 tokens, checks every 5 s, four places. */
function rig(): Rig {
  const clock = new TestClock(), dispatcher = createDispatcher({ clock, windows: [4], admission: programPause, admissionOptions: { buffer: 0 }, cacheTokens: 1000 });
  return { clock, dispatcher };
}

const played = (body: (rig: Rig) => Promise<void>): Promise<void> => { const one = rig(); return one.clock.run(() => body(one)); };

describe('a dispatcher with an admission', () => {
  it('a call waits outside until its program is let in, though places are free', () => played(async ({ clock, dispatcher }) => {
    const first = dispatcher.acquire({ program: 1, ordinal: 0, promptTokens: 800 });
    let second: Lease | undefined;
    void dispatcher.acquire({ program: 2, ordinal: 0, promptTokens: 500 }).then((lease) => { second = lease; });
    const lease = await first;
    await clock.sleep(20_000);
    expect([second, dispatcher.waiting, dispatcher.running, dispatcher.core.policies[0]!.waiting]).toEqual([undefined, 1, 1, 0]);
    lease.release({ outputTokens: 10 });
    dispatcher.programEnd(1);
    await clock.sleep(5_001);
    expect([second?.isHeld, dispatcher.waiting, dispatcher.core.idleness.found]).toEqual([true, 0, false]);
    second!.release();
  }));

  it('lets a held call be withdrawn, expire or be shut down, and keeps nothing of it', () => played(async ({ clock, dispatcher }) => {
    const lease = await dispatcher.acquire({ program: 1, promptTokens: 900 }), controller = new AbortController(), ends: string[] = [];
    const held = (request: object): void => { void dispatcher.acquire({ promptTokens: 300, ...request }).catch((error: { code: string }) => { ends.push(error.code); }); };
    held({ program: 2, signal: controller.signal });
    held({ program: 3, timeoutMs: 1000 });
    held({ program: 4 });
    await clock.sleep(1);
    controller.abort();
    await clock.sleep(2_000);
    await dispatcher.shutdown(0);
    await clock.sleep(1);
    expect([ends, dispatcher.core.policies[0]!.held]).toEqual([['ERR_CANCELLED', 'ERR_TIMEOUT', 'ERR_SHUTDOWN'], 0]);
    lease.release();
  }));

  it('refuses an admission that nobody told how much memory there is', () => {
    expect(() => createDispatcher({ admission: programPause })).toThrow(/Give it as capacity/);
    expect(() => createDispatcher({ admission: programPause, cacheTokens: 1000, admissionOptions: { pauseTo: 2 } })).toThrow(/above pauseAt/);
  });
});
