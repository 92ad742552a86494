// The Clock port in virtual time, driven without promises.
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../sim/kernel/kernel.ts';
import { VirtualClock } from '../../sim/kernel/virtual-clock.ts';

function world(): { kernel: Kernel; clock: VirtualClock; log: string[]; note: (what: string) => () => void } {
  const kernel = new Kernel(), clock = new VirtualClock(kernel), log: string[] = [];
  return { kernel, clock, log, note: (what) => () => { log.push(`${clock.now()}:${what}`); } };
}

describe('virtual clock', () => {
  it('calls timers at their time, in the order in which they were set', () => {
    const { kernel, clock, log, note } = world();
    clock.setTimer(20, note('b')); clock.setTimer(10, note('a')); clock.setTimer(20, note('c'));
    kernel.run();
    expect(log).toEqual(['10:a', '20:b', '20:c']);
    expect(clock.armed).toBe(0);
  });

  it('rounds fractions up, so that no wake-up comes before its cause, and takes negative delays for zero', () => {
    const { kernel, clock, log, note } = world();
    clock.setTimer(10.001, note('a')); clock.setTimer(-5, note('b'));
    kernel.run();
    expect(log).toEqual(['0:b', '11:a']);
  });

  it('forgets a cleared timer and takes a stale id for a no-op', () => {
    const { kernel, clock, log, note } = world();
    const first = clock.setTimer(10, note('a'));
    clock.clearTimer(first);
    const second = clock.setTimer(10, note('b'));
    clock.clearTimer(first);
    clock.clearTimer(0); clock.clearTimer(-1); clock.clearTimer(12345);
    kernel.run();
    expect(log).toEqual(['10:b']);
    clock.clearTimer(second);
    expect(kernel.pending).toBe(0);
  });

  it('lets a timer be cleared from a timer of the same instant', () => {
    const { kernel, clock, log, note } = world();
    clock.setTimer(10, () => { log.push('a'); clock.clearTimer(later); });
    const later = clock.setTimer(10, note('never'));
    kernel.run();
    expect(log).toEqual(['a']);
  });

  it('lets a timer arm itself anew', () => {
    const { kernel, clock, log } = world();
    const tick = (): void => { log.push(String(clock.now())); if (log.length < 4) clock.setTimer(5, tick); };
    clock.setTimer(5, tick);
    kernel.run();
    expect(log).toEqual(['5', '10', '15', '20']);
  });

  it('settles when no event of the microsecond is left, not before', () => {
    const { kernel, clock, log, note } = world();
    clock.setTimer(10, () => { clock.settle(note('settled')); clock.setTimer(0, note('later in the instant')); });
    clock.setTimer(10, note('b'));
    clock.setTimer(11, note('next instant'));
    kernel.run();
    expect(log).toEqual(['10:b', '10:later in the instant', '10:settled', '11:next instant']);
  });

  it('calls each settle callback once, and one added by another in the next round', () => {
    const { kernel, clock, log, note } = world();
    clock.settle(() => {
      note('first')();
      clock.settle(() => { note('second round')(); clock.settle(note('third round')); });
      clock.setTimer(0, note('event between'));
    });
    clock.settle(note('also first'));
    kernel.run();
    expect(log).toEqual(['0:first', '0:also first', '0:event between', '0:second round', '0:third round']);
    expect(kernel.rounds).toBe(3);
  });

  it('asks for a hop wherever it calls production code', () => {
    const { kernel, clock } = world();
    const hops = (act: () => void): boolean => { kernel.promisesDirty = false; act(); kernel.run(); return kernel.promisesDirty; };
    const own = kernel.handler(() => {});
    expect(hops(() => kernel.schedule(kernel.nowUs + 1, own, 0))).toBe(false);
    expect(hops(() => clock.setTimer(1, () => {}))).toBe(true);
    expect(hops(() => clock.settle(() => {}))).toBe(true);
    expect(hops(() => { void clock.sleep(1); })).toBe(true);
    expect(hops(() => clock.markDirty())).toBe(true);
  });

  it('leaves onDry to whoever took it, and refuses settle on such a kernel', () => {
    const { kernel, clock } = world();
    kernel.onDry = () => {};
    expect(() => clock.settle(() => {})).toThrow('onDry is taken');
  });

  it('keeps waiters of equal names apart and names them only when asked', () => {
    const { clock } = world();
    let asked = 0;
    const end = clock.waiter('agent');
    clock.waiter(() => { asked++; return 'agent'; });
    const total = (): number => [...clock.waiterSources()].reduce((sum, source) => sum + source.count(), 0);
    expect(total()).toBe(2);
    end();
    end();
    expect(total()).toBe(1);
    expect(asked).toBe(0);
    expect([...clock.waiterSources()].flatMap((source) => source.names(5))).toEqual(['agent']);
    expect(asked).toBe(1);
  });
});
