// What a balancer is shown, and how old it is.
import { describe, expect, it } from 'vitest';
import { LoadBoard } from '../../src/dispatch/load-board.ts';
import { Rig } from './rig.ts';

describe('the load board', () => {
  it('shows the present where it is always fresh', () => {
    const board = new LoadBoard(2, 0);
    board.touch(5);
    board.runningNow[1] = 3; board.queuedNow[1] = 2;
    expect([board.inFlight(1), board.running(1), board.waiting(1), board.ageUs(), board.inFlight(0)]).toEqual([5, 3, 2, 0, 0]);
    expect(board.kvUse()).toBeNaN();
  });

  it('shows the counts as they were at the last multiple of the interval, though nothing happened then', () => {
    const board = new LoadBoard(1, 10);
    const set = (atUs: number, running: number): void => { board.touch(atUs); board.runningNow[0] = running; };
    set(3, 1);
    expect([board.running(0), board.ageUs()]).toEqual([0, 3]);
    set(12, 2);
    expect([board.running(0), board.ageUs()]).toEqual([1, 2]);
    set(45, 7);
    expect([board.running(0), board.ageUs()]).toEqual([2, 5]);
    board.touch(50);
    expect([board.running(0), board.ageUs()]).toEqual([7, 0]);
  });

  it('keeps what it showed when engines are added', () => {
    for (const refreshUs of [0, 10]) {
      const board = new LoadBoard(1, refreshUs);
      board.touch(0); board.runningNow[0] = 4; board.touch(10);
      board.resize(3);
      expect([board.running(0), board.running(2)]).toEqual([4, 0]);
      board.runningNow[2] = 1; board.touch(20);
      expect(board.running(2)).toBe(1);
    }
  });

  it('is not shown changes that an engine going down makes in the first instant of an interval', () => {
    const seen: number[] = [];
    const rig = new Rig({ dispatch: 'immediate', windows: [0, 0, 0], viewRefreshUs: 10, balancer: { pick: (_call, candidates, count, view) => { seen.push(view.waiting(0), view.ageUs(0)); return candidates[count - 1]!; } } });
    for (const p of [0, 1]) rig.submit(p, { atUs: 1, pin: -1 });
    rig.flush(1);
    expect([...rig.core.board.queuedNow]).toEqual([0, 0, 2]);
    rig.core.engineDown(2, 10);
    // Both calls are routed by what was true when the interval began.
    expect([...rig.core.board.queuedNow]).toEqual([0, 2, 0]);
    expect([rig.core.board.waiting(2), rig.core.board.ageUs()]).toEqual([2, 0]);
    expect(seen).toEqual([0, 1, 0, 1, 0, 0, 0, 0]);
  });
});
