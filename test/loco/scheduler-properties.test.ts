// What holds for every history of the LOCO scheduler, and that it decides as the policy of the laboratory does.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDispatcher } from '../../src/dispatch/create.ts';
import { LocoScheduler, type LocoLease } from '../../src/loco/index.ts';
import { loco } from '../../src/policies/loco.ts';
import { ManualClock } from '../conform/manual-clock.ts';

const AGENTS = ['a', 'b', 'c'];
const agent = fc.constantFrom(...AGENTS);
const operation = fc.oneof(
  fc.record({ op: fc.constant('submit' as const), agent, weight: fc.constantFrom(0, 0.1, 1, 3) }),
  fc.record({ op: fc.constant('acquire' as const), agent, timeoutMs: fc.constantFrom(undefined, 0, 1, 5), keepTask: fc.boolean() }),
  fc.record({ op: fc.constant('release' as const), which: fc.nat(9) }),
  fc.record({ op: fc.constant('fail' as const), which: fc.nat(9) }),
  fc.record({ op: fc.constant('abort' as const), which: fc.nat(9) }),
  fc.record({ op: fc.constant('settle' as const) }),
  fc.record({ op: fc.constant('pass' as const), ms: fc.constantFrom(1, 3) }),
);

describe('every history of submits, calls, releases, failures, time-outs and signals', () => {
  test('never exceeds the capacity, leaves no place idle while somebody waits, ends every call once, counts every release', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(operation, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 4 }), fc.constantFrom(undefined, 2, 6),
      async (operations, capacity, maxWaiters, limit) => {
        const clock = new ManualClock(), holding: LocoLease[] = [], controllers: AbortController[] = [];
        const scheduler = new LocoScheduler({ capacity, maxWaiters, clock, ...(limit === undefined ? {} : { budget: { limit } }) });
        let begun = 0, granted = 0, refused = 0, releases = 0, submitted = 0, served = 0;
        for (const id of AGENTS) scheduler.registerAgent(id);
        const end = (which: number, error: unknown): void => {
          if (holding.length === 0) return;
          const [lease] = holding.splice(which % holding.length, 1);
          expect([lease.release({ error }), lease.release()]).toEqual([true, false]);
          releases++;
        };
        const quiet = (): void => {
          expect(scheduler.holders).toBe(holding.length);
          expect(scheduler.holders).toBeLessThanOrEqual(capacity);
          expect(scheduler.waiters).toBe(begun - granted - refused);
          expect(scheduler.waiters).toBeLessThanOrEqual(maxWaiters);
          if (scheduler.waiters > 0) expect(scheduler.holders).toBe(capacity);
          expect(scheduler.tick).toBe(releases);
          const queued = AGENTS.reduce((n, id) => n + scheduler.pending(id).length, 0);
          expect(queued).toBeLessThanOrEqual(submitted - served);
          for (const id of AGENTS) expect(scheduler.budget?.spent(id) ?? 0).toBeLessThanOrEqual((limit ?? 0) + 1e-9);
        };
        for (const o of operations) {
          if (o.op === 'submit') { scheduler.submit(o.agent, { weight: o.weight }); submitted++; }
          else if (o.op === 'acquire') {
            const controller = new AbortController();
            controllers.push(controller);
            begun++;
            scheduler.acquireStart(o.agent, { timeoutMs: o.timeoutMs, keepTask: o.keepTask, signal: controller.signal })
              .then((lease) => { granted++; if (lease.task) served++; holding.push(lease); }, () => { refused++; });
          } else if (o.op === 'release') end(o.which, undefined);
          else if (o.op === 'fail') end(o.which, new Error('failed'));
          else if (o.op === 'abort') controllers[o.which % Math.max(1, controllers.length)]?.abort();
          else { if (o.op === 'pass') await clock.advance(o.ms * 1000); else await clock.settled(); quiet(); }
        }
        await clock.advance(10_000);
        quiet();
        while (holding.length > 0) { end(0, undefined); await clock.settled(); quiet(); }
        expect([scheduler.waiters, scheduler.holders]).toEqual([0, 0]);
        expect(granted + refused).toBe(begun);
        for (const id of AGENTS) expect(scheduler.budget?.reserved(id) ?? 0).toBe(0);
      },
    ), { numRuns: 150 });
  });
});

describe('tasks queued apart, each with its call', () => {
  test('are served in the order in which the policy of the laboratory serves calls', async () => {
    const call = fc.record({ agent: fc.nat(3), atMs: fc.nat(12), holdMs: fc.integer({ min: 1, max: 6 }), weight: fc.constantFrom(0.1, 1, 2, 5) });
    await fc.assert(fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 25 }), fc.constantFrom(0, 0.25, 0.7, 1), fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 2 }),
      async (calls, alpha, guard, autoTune, capacity) => {
        const byScheduler = async (clock: ManualClock, order: number[]): Promise<void> => {
          const scheduler = new LocoScheduler({ alpha, guard, autoTune, capacity, clock, ties: 'registration', maxWaiters: Infinity });
          for (let i = 0; i < 4; i++) scheduler.registerAgent(`${i}`);
          calls.forEach((c, i) => clock.setTimer(c.atMs * 1000, () => {
            void scheduler.run(`${c.agent}`, { weight: c.weight }, () => { order.push(i); return sleep(clock, c.holdMs); });
          }));
          await clock.advance(1e6);
        };
        const byPolicy = async (clock: ManualClock, order: number[]): Promise<void> => {
          const dispatcher = createDispatcher({ clock, windows: [capacity], policy: loco, policyOptions: { alpha, guard, autoTune, ties: 'registration' } });
          calls.forEach((c, i) => clock.setTimer(c.atMs * 1000, () => {
            void dispatcher.run({ agent: c.agent, weight: c.weight }, () => { order.push(i); return sleep(clock, c.holdMs); });
          }));
          await clock.advance(1e6);
        };
        const ours: number[] = [], theirs: number[] = [];
        await byScheduler(new ManualClock(), ours);
        await byPolicy(new ManualClock(), theirs);
        expect(ours).toHaveLength(calls.length);
        expect(ours).toEqual(theirs);
      },
    ), { numRuns: 100 });
  });
});

function sleep(clock: ManualClock, ms: number): Promise<void> { return new Promise((resolve) => { clock.setTimer(ms * 1000, resolve); }); }
