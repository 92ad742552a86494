// The scripted engine keeps the contract of engines: what tests build on is tested itself.
import { describe, expect, it } from 'vitest';
import type { Clock, TimerId } from '../../src/clock.ts';
import { CallTable } from '../../src/dispatch/calls.ts';
import { ScriptedEngine, type ScriptStep } from '../../src/engines/scripted.ts';
import { Reports } from './rig.ts';

/** Time that moves when the test says so. */
class HandClock implements Clock {
  #nowUs = 0;
  #next = 1;
  readonly #timers = new Map<TimerId, { readonly dueUs: number; readonly fn: () => void }>();
  now(): number { return this.#nowUs; }
  setTimer(delayUs: number, fn: () => void): TimerId { this.#timers.set(this.#next, { dueUs: this.#nowUs + Math.ceil(delayUs), fn }); return this.#next++; }
  clearTimer(id: TimerId): void { this.#timers.delete(id); }
  settle(fn: () => void): void { this.setTimer(0, fn); }
  get armed(): number { return this.#timers.size; }
  runUntil(endUs: number): void {
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.dueUs <= endUs).sort((a, b) => a[1].dueUs - b[1].dueUs || a[0] - b[0])[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#nowUs = Math.max(this.#nowUs, due[1].dueUs);
      due[1].fn();
    }
    this.#nowUs = endUs;
  }
}

function rig(script: readonly ScriptStep[]) {
  const clock = new HandClock(), reports = new Reports(), calls = new CallTable();
  const engine = new ScriptedEngine({ engine: 0, clock, events: reports, calls, script: () => script });
  const call = calls.allocate(0, 0, 0);
  return { clock, reports, calls, engine, call };
}

describe('a scripted engine', () => {
  it('plays every step of a call at its time', () => {
    const { clock, reports, calls, engine, call } = rig([{ afterUs: 10, does: 'schedule' }, { afterUs: 25, does: 'tokens', total: 1 }, { afterUs: 30, does: 'preempt' }, { afterUs: 40, does: 'schedule' }, { afterUs: 70, does: 'finish', outputTokens: 5, cachedTokens: 2 }]);
    clock.runUntil(100);
    engine.submit(call, 100);
    expect(engine.signals()).toMatchObject({ running: 0, waiting: 1 });
    clock.runUntil(1000);
    expect(reports.all).toEqual([
      { what: 'scheduled', call, atUs: 110 }, { what: 'tokens', call, total: 1, atUs: 125 }, { what: 'preempted', call, atUs: 130 },
      { what: 'scheduled', call, atUs: 140 }, { what: 'finished', call, outputTokens: 5, cachedTokens: 2, atUs: 170 },
    ]);
    expect([calls.scheduledUs[call], calls.firstTokenUs[call]]).toEqual([110, 125]);
    expect(clock.armed).toBe(0);
  });

  it('serves at once where its script has no queue, and fails where it says so', () => {
    const { clock, reports, calls, engine, call } = rig([{ afterUs: 5, does: 'fail', reason: 'dropped' }]);
    engine.submit(call, 0);
    expect(engine.signals()).toMatchObject({ running: 1, waiting: 0 });
    expect(calls.scheduledUs[call]).toBe(0);
    clock.runUntil(10);
    expect(reports.all).toEqual([{ what: 'failed', call, reason: 'dropped', atUs: 5 }]);
  });

  it('reports nothing of a call that was aborted', () => {
    const { clock, reports, engine, call } = rig([{ afterUs: 5, does: 'finish', outputTokens: 1 }]);
    engine.submit(call, 0);
    engine.abort(call);
    engine.abort(call);
    clock.runUntil(10);
    expect(reports.all).toEqual([]);
    expect([engine.submitted, engine.aborted]).toEqual([[call], [call]]);
  });

  it('can be told by hand to end a call', () => {
    const { clock, reports, engine, call } = rig([]);
    engine.submit(call, 0);
    clock.runUntil(7);
    expect(engine.finish(call, 3)).toBe(true);
    expect(engine.fail(call, 'late')).toBe(false);
    expect(reports.all).toEqual([{ what: 'finished', call, outputTokens: 3, cachedTokens: 0, atUs: 7 }]);
  });

  it('refuses a call twice and steps out of order', () => {
    const { engine, call } = rig([]);
    engine.submit(call, 0);
    expect(() => { engine.submit(call, 0); }).toThrow('submitted to an engine once');
    const bad = rig([{ afterUs: 5, does: 'preempt' }, { afterUs: 1, does: 'preempt' }]);
    expect(() => { bad.engine.submit(bad.call, 0); }).toThrow('in order of time');
  });
});
