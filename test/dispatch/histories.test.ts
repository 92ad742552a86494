// Every history of inputs: the core does what the plainly written rule does, command by command, and nothing is left at the end.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORDINALS_PER_PROGRAM } from '../../src/dispatch/calls.ts';
import { NOTHING_LEFT, Rig } from './rig.ts';
import { type RefCall, ReferenceDispatcher } from './reference.ts';

const RUNS = Number(process.env['SCHEDLAB_HISTORIES'] ?? 1000);

const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('submit' as const), program: fc.nat(5), pin: fc.constantFrom(-1, -1, -1, 0, 1, 2, 3), timeoutUs: fc.constantFrom(Infinity, Infinity, 0, 1, 4) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom('complete' as const, 'complete' as const, 'fail' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('cancel' as const), which: fc.nat(30) }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('flush' as const), dtUs: fc.constantFrom(0, 1, 1, 3) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('up' as const, 'down' as const), engine: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('window' as const), engine: fc.nat(3), window: fc.constantFrom(0, 1, 2, Infinity) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('add' as const), window: fc.constantFrom(0, 1, 2) }) },
);

describe('every history', () => {
  it('of submits, ends, failures, withdrawals, deadlines and engines that come and go is decided as the rule says', () => {
    let grants = 0, refusals = 0;
    fc.assert(fc.property(
      fc.constantFrom('late' as const, 'immediate' as const), fc.array(fc.constantFrom(0, 1, 1, 2, 3), { maxLength: 3, size: 'max' }), fc.constantFrom(Infinity, 0, 1, 3),
      fc.array(operation, { maxLength: 80, size: 'max' }), fc.boolean(),
      (dispatch, windows, maxWaiters, operations, closes) => {
        const rig = new Rig({ dispatch, windows, maxWaiters, balancer: 'round-robin' }), ref = new ReferenceDispatcher(dispatch === 'late', windows, maxWaiters);
        const ordinals = new Map<number, number>(), slots = new Map<RefCall, { slot: number; handle: number }>();
        let nowUs = 0, compared = 0;
        const live = (call: RefCall): number => { const { slot, handle } = slots.get(call)!; return rig.calls.resolve(handle) === slot ? slot : -1; };
        const compare = (): void => {
          const got = [rig.commands(), rig.log.slice(compared), rig.core.waiting, rig.core.running, ref.engines.map((_, e) => [rig.core.board.runningNow[e], rig.core.board.queuedNow[e]])];
          const wanted = [ref.commands, ref.log.slice(compared), ref.of('waiting').length, ref.of('running').length, ref.engines.map(({ queue }, e) => [ref.running(e), dispatch === 'late' ? 0 : queue.length])];
          if (JSON.stringify(got) !== JSON.stringify(wanted)) expect(got).toEqual(wanted);
          compared = ref.log.length;
        };
        const flush = (): void => { rig.core.flush(nowUs); ref.flush(nowUs); compare(); };
        for (const o of operations) {
          if (o.op === 'submit') {
            const ordinal = ordinals.get(o.program) ?? 0, call: RefCall = { id: ref.calls.length, program: o.program, ordinal, key: o.program * ORDINALS_PER_PROGRAM + ordinal, pin: o.pin, deadlineUs: nowUs + o.timeoutUs, arrivedUs: nowUs, state: 'new', engine: -1 };
            ordinals.set(o.program, ordinal + 1);
            const slot = rig.submit(o.program, { ordinal, pin: o.pin, deadlineUs: call.deadlineUs, atUs: nowUs });
            slots.set(call, { slot, handle: rig.calls.handle(slot) });
            ref.submit(call);
          } else if (o.op === 'complete' || o.op === 'fail') {
            const running = ref.of('running'), call = running[o.which % Math.max(1, running.length)];
            if (call === undefined) continue;
            if (o.op === 'complete') { ref.complete(call); rig.core.complete(live(call), 0, 0); } else { ref.fail(call); rig.core.fail(live(call)); }
          } else if (o.op === 'cancel') {
            const call = ref.calls[o.which % Math.max(1, ref.calls.length)];
            if (call === undefined || live(call) < 0) continue;
            ref.cancel(call);
            rig.core.cancel(live(call));
          } else if (o.op === 'flush') { nowUs += o.dtUs; flush(); }
          else if (o.op === 'add') { ref.add(o.window); rig.core.addEngine(o.window, nowUs); }
          else if ('engine' in o && o.engine < ref.engines.length) {
            if (o.op === 'up') { ref.up(o.engine); rig.core.engineUp(o.engine, nowUs); }
            else if (o.op === 'down') { ref.down(o.engine); rig.core.engineDown(o.engine, nowUs); }
            else if (o.op === 'window') { ref.engines[o.engine]!.window = o.window; rig.core.setWindow(o.engine, o.window); }
          }
        }
        flush();
        // Nobody waits for an engine that has room: no idle place while an admissible call waits.
        for (const call of ref.of('waiting')) {
          const fits = (e: number): boolean => ref.engines[e]!.up && ref.running(e) < ref.engines[e]!.window;
          expect(call.pin >= 0 ? fits(call.pin) : dispatch === 'late' ? ref.engines.some((_, e) => fits(e)) : call.engine >= 0 && fits(call.engine)).toBe(false);
        }
        // Drain: close or withdraw what waits, end what runs.
        if (closes) { rig.core.close(nowUs); ref.close(nowUs); compare(); }
        for (let round = 0; round < 2; round++) {
          for (const call of ref.of('waiting')) { ref.cancel(call); rig.core.cancel(live(call)); }
          for (const call of ref.of('running')) { ref.complete(call); rig.core.complete(live(call), 0, 0); }
          nowUs++;
          flush();
          if (round === 0 && maxWaiters === Infinity) expect(ref.of('waiting').length).toBe(0);
        }
        while (ref.of('running').length > 0) { for (const call of ref.of('running')) { ref.complete(call); rig.core.complete(live(call), 0, 0); } nowUs++; flush(); }
        rig.core.flush(nowUs + 1);
        expect(rig.residue()).toEqual(NOTHING_LEFT);
        const count = (word: string): number => rig.log.filter((line) => line.split(' ')[1] === word).length;
        expect(count('arrive')).toBe(count('finish') + count('drop'));
        expect(count('arrive')).toBe(ref.calls.length);
        grants += count('grant');
        refusals += count('drop');
      },
    ), { numRuns: RUNS });
    // The histories are worth something: both outcomes are common in them.
    expect(grants).toBeGreaterThan(RUNS);
    expect(refusals).toBeGreaterThan(RUNS);
  }, 120_000);
});
