// The kernel: order, rounds within an instant, horizons, refusals and the Zeno guard.
import { describe, expect, it } from 'vitest';
import { Kernel, MOST_KINDS, SUBJECT_LIMIT } from '../../sim/kernel/kernel.ts';
import { SchedlabError } from '../../src/errors.ts';

function failure(fn: () => void): SchedlabError {
  try { fn(); } catch (error) { if (error instanceof SchedlabError) return error; throw error; }
  throw new Error('nothing was thrown');
}

/** A kernel that writes down what it does: `time:subject`, and `time:dry` for the end of an instant. */
function logged(ties: 'fifo' | 'lifo' | 'shuffle' = 'fifo', seed = ''): { kernel: Kernel; log: string[]; note: number } {
  const kernel = new Kernel({ ties, seed }), log: string[] = [];
  const note = kernel.handler((subject) => log.push(`${kernel.nowUs}:${subject}`));
  kernel.onDry = (nowUs) => log.push(`${nowUs}:dry`);
  return { kernel, log, note };
}

describe('kernel', () => {
  it('takes events by time, then in the order in which they were scheduled', () => {
    const { kernel, log, note } = logged();
    kernel.schedule(5, note, 1); kernel.schedule(3, note, 2); kernel.schedule(5, note, 3); kernel.schedule(3, note, 4); kernel.schedule(0, note, 5);
    kernel.run();
    expect(log).toEqual(['0:5', '3:2', '3:4', '5:1', '5:3']);
    expect(kernel.events).toBe(5);
  });

  it('orders events and deadlines of one instant by one sequence', () => {
    const { kernel, log, note } = logged();
    kernel.schedule(5, note, 1); kernel.scheduleDeadline(5, note, 2); kernel.schedule(5, note, 3); kernel.scheduleDeadline(5, note, 4);
    kernel.run();
    expect(log).toEqual(['5:1', '5:2', '5:3', '5:4']);
  });

  it('keeps that sequence for events and deadlines added within the instant', () => {
    const { kernel, log, note } = logged();
    const spawn = kernel.handler(() => {
      kernel.schedule(5, note, 10); kernel.scheduleDeadline(5, note, 11); kernel.schedule(5, note, 12); kernel.scheduleDeadline(5, note, 13);
    });
    kernel.schedule(5, note, 1); kernel.scheduleDeadline(5, spawn, 0); kernel.schedule(5, note, 2);
    kernel.run();
    expect(log).toEqual(['5:1', '5:2', '5:10', '5:11', '5:12', '5:13']);
  });

  it.each([['fifo', 'abc'], ['lifo', 'cba']] as const)('goes through ties in mode %s as %s, events and deadlines alike', (ties, order) => {
    const { kernel, log, note } = logged(ties);
    kernel.schedule(1, note, 0); kernel.scheduleDeadline(1, note, 1); kernel.schedule(1, note, 2);
    kernel.run();
    expect(log.map((entry) => 'abc'[Number(entry.slice(2))]).join('')).toBe(order);
  });

  it('shuffles ties by the seed and leaves the times alone', () => {
    const order = (seed: string): string => {
      const { kernel, log, note } = logged('shuffle', seed);
      for (let i = 0; i < 40; i++) if (i % 3 === 0) kernel.scheduleDeadline(i >> 3, note, i); else kernel.schedule(i >> 3, note, i);
      kernel.run();
      expect(log.map((entry) => Number(entry.split(':')[0]))).toEqual(Array.from({ length: 40 }, (_, i) => i >> 3));
      return log.join(' ');
    };
    expect(order('a')).toBe(order('a'));
    expect(order('a')).not.toBe(order('b'));
  });

  it('never takes a cancelled deadline and takes a stale handle for a no-op', () => {
    const { kernel, log, note } = logged();
    const first = kernel.scheduleDeadline(4, note, 1), second = kernel.scheduleDeadline(5, note, 2);
    expect(kernel.cancelDeadline(first)).toBe(true);
    expect(kernel.cancelDeadline(first)).toBe(false);
    kernel.run();
    expect(log).toEqual(['5:2']);
    expect(kernel.cancelDeadline(second)).toBe(false);
    expect(kernel.pending).toBe(0);
  });

  it('calls onDry once at the end of an instant, and only when asked', () => {
    const { kernel, log, note } = logged();
    const ask = kernel.handler((subject) => { log.push(`${kernel.nowUs}:ask${subject}`); kernel.dirty = true; });
    kernel.schedule(1, ask, 1); kernel.schedule(1, note, 2); kernel.schedule(1, ask, 3); kernel.schedule(2, note, 4);
    kernel.run();
    expect(log).toEqual(['1:ask1', '1:2', '1:ask3', '1:dry', '2:4']);
    expect(kernel.rounds).toBe(1);
  });

  it('takes what onDry schedules at the same microsecond as the next round of the instant', () => {
    const { kernel, log, note } = logged();
    let rounds = 0;
    kernel.onDry = (nowUs) => {
      log.push(`${nowUs}:dry`);
      if (++rounds === 3) return;
      kernel.schedule(nowUs, note, rounds);
      kernel.dirty = true;
    };
    kernel.schedule(7, note, 0); kernel.schedule(8, note, 9);
    kernel.dirty = true;
    kernel.run();
    expect(log).toEqual(['0:dry', '0:1', '0:dry', '0:2', '0:dry', '7:0', '8:9']);
  });

  it('runs the last instant dry when no event is left', () => {
    const { kernel, log } = logged();
    const ask = kernel.handler(() => { kernel.dirty = true; });
    kernel.schedule(3, ask, 0);
    kernel.run();
    expect(log).toEqual(['3:dry']);
  });

  it('takes events at exactly the horizon, leaves later ones, and stands at the horizon', () => {
    const { kernel, log, note } = logged();
    kernel.schedule(10, note, 1); kernel.schedule(11, note, 2); kernel.scheduleDeadline(12, note, 3);
    kernel.run(10);
    expect(log).toEqual(['10:1']);
    expect(kernel.pending).toBe(2);
    kernel.run(11.5);
    expect(log).toEqual(['10:1', '11:2']);
    expect(kernel.nowUs).toBe(11);
    kernel.run();
    expect(log).toEqual(['10:1', '11:2', '12:3']);
  });

  it('does nothing when asked to run to a time that is past', () => {
    const { kernel, log, note } = logged();
    kernel.run(10);
    kernel.schedule(10, note, 1);
    kernel.run(5);
    expect(log).toEqual([]);
    expect(kernel.nowUs).toBe(10);
  });

  it('stops after the event that asked for it, and goes on when run again', () => {
    const { kernel, log, note } = logged();
    const stop = kernel.handler(() => kernel.stop());
    kernel.schedule(1, note, 1); kernel.schedule(2, stop, 0); kernel.schedule(2, note, 2); kernel.schedule(3, note, 3);
    kernel.run(100);
    expect(log).toEqual(['1:1']);
    expect(kernel.nowUs).toBe(2);
    kernel.run(100);
    expect(log).toEqual(['1:1', '2:2', '3:3']);
  });

  it('does by steps exactly what it does in one run', () => {
    const script = (drive: (kernel: Kernel) => void): string => {
      const { kernel, log, note } = logged();
      const work = kernel.handler((subject) => {
        log.push(`${kernel.nowUs}:w${subject}`);
        kernel.dirty = true;
        if (subject > 0) { kernel.schedule(kernel.nowUs + (subject % 3), work, subject - 1); kernel.cancelDeadline(kernel.scheduleDeadline(kernel.nowUs + 1, note, subject)); kernel.scheduleDeadline(kernel.nowUs, note, subject); }
      });
      for (let i = 0; i < 10; i++) kernel.schedule(i % 4, work, i);
      drive(kernel);
      return `${log.join(' ')} ${kernel.events} ${kernel.rounds}`;
    };
    expect(script((kernel) => { while (kernel.step()); })).toBe(script((kernel) => kernel.run()));
  });

  it('carries every kind and the largest subject through the payload', () => {
    const kernel = new Kernel(), seen: string[] = [];
    for (let kind = 0; kind < MOST_KINDS; kind++) kernel.handler((subject) => seen.push(`${kind}:${subject}`));
    kernel.schedule(1, 15, SUBJECT_LIMIT - 1); kernel.schedule(2, 0, 0); kernel.scheduleDeadline(3, 15, SUBJECT_LIMIT - 1);
    kernel.run();
    expect(seen).toEqual([`15:${SUBJECT_LIMIT - 1}`, '0:0', `15:${SUBJECT_LIMIT - 1}`]);
  });

  it('refuses a seventeenth kind of event', () => {
    const kernel = new Kernel();
    for (let kind = 0; kind < MOST_KINDS; kind++) kernel.handler(() => {});
    expect(failure(() => kernel.handler(() => {})).code).toBe('ERR_INVARIANT');
  });

  it.each([
    ['in the past', 9, 0], ['not a number', NaN, 0], ['infinite', Infinity, 0], ['a fraction', 10.5, 0], ['beyond 2^53', 2 ** 54, 0],
    ['of a negative subject', 11, -1], ['of a subject too large', 11, SUBJECT_LIMIT], ['of a fractional subject', 11, 0.5],
  ])('refuses an event that is %s', (_, atUs, subject) => {
    const kernel = new Kernel(), kind = kernel.handler(() => {});
    kernel.run(10);
    for (const schedule of [() => kernel.schedule(atUs, kind, subject), () => { kernel.scheduleDeadline(atUs, kind, subject); }]) {
      const error = failure(schedule);
      expect(error.code).toBe('ERR_INVARIANT');
      expect(error.message).toContain('now 10 µs');
    }
    expect(kernel.pending).toBe(0);
  });

  it('refuses a kind that has no handler', () => {
    expect(failure(() => new Kernel().schedule(0, 0, 0)).message).toContain('kind 0');
  });

  it('gives up on an instant that never ends, and names it and the kinds that go round', () => {
    const kernel = new Kernel({ zenoLimit: 1000 });
    const pingPong = kernel.handler(function pingPong(subject) { kernel.schedule(kernel.nowUs, 0, subject); });
    kernel.schedule(42, pingPong, 0);
    const error = failure(() => kernel.run());
    expect(error.code).toBe('ERR_ZENO');
    expect(error.message).toContain('1000 events at 42 µs');
    expect(error.message).toContain('0 (pingPong)');
    expect(error.details['kinds']).toEqual([0]);
  });

  it('gives up on rounds that never end', () => {
    const kernel = new Kernel({ zenoLimit: 1000 });
    const ask = kernel.handler(() => { kernel.dirty = true; });
    kernel.onDry = () => { kernel.dirty = true; };
    kernel.schedule(8, ask, 0);
    const error = failure(() => kernel.run());
    expect(error.code).toBe('ERR_ZENO');
    expect(error.message).toContain('1000 rounds at 8 µs');
  });

  it('counts events per instant, not in all, for that guard', () => {
    const kernel = new Kernel({ zenoLimit: 10 });
    const tick = kernel.handler((left) => { if (left > 0) kernel.schedule(kernel.nowUs + 1, tick, left - 1); });
    kernel.schedule(0, tick, 10_000);
    for (let i = 0; i < 9; i++) kernel.schedule(5, tick, 0);
    kernel.run();
    expect(kernel.events).toBe(10_010);
  });

  it('keeps exact order beyond 2^32 microseconds', () => {
    const { kernel, log, note } = logged();
    const late = 2 ** 52;
    kernel.schedule(late + 1, note, 2); kernel.schedule(late, note, 1); kernel.schedule(2 ** 33, note, 0);
    kernel.run();
    expect(log).toEqual([`${2 ** 33}:0`, `${late}:1`, `${late + 1}:2`]);
  });
});
