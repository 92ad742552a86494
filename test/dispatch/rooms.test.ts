// Which engines have room, and the classes of calls that may go.
import { describe, expect, it } from 'vitest';
import { Rooms } from '../../src/dispatch/rooms.ts';

const listed = (rooms: Rooms, n: number): number[] => [...rooms.candidates.subarray(0, n)];

describe('rooms', () => {
  it('open class 0 while any engine has room, and class e + 1 while engine e has', () => {
    const rooms = new Rooms([1, 2, 0]);
    expect([rooms.withRoom, [...rooms.admits.open]]).toEqual([2, [1, 1, 1, 0]]);
    rooms.update(0, 1); rooms.update(1, 2);
    expect([rooms.withRoom, [...rooms.admits.open]]).toEqual([0, [0, 0, 0, 0]]);
    rooms.update(1, 1);
    expect([rooms.withRoom, [...rooms.admits.open], listed(rooms, rooms.listWithRoom())]).toEqual([1, [1, 0, 1, 0], [1]]);
  });

  it('change their version when and only when something opens or closes', () => {
    const rooms = new Rooms([3]), before = rooms.admits.version;
    rooms.update(0, 1); rooms.update(0, 2);
    expect(rooms.admits.version).toBe(before);
    rooms.update(0, 3);
    expect(rooms.admits.version).toBe(before + 1);
    rooms.update(0, 3);
    expect(rooms.admits.version).toBe(before + 1);
  });

  it('take an engine that is down for full', () => {
    const rooms = new Rooms([1, 1]);
    rooms.up[0] = 0;
    rooms.update(0, 0);
    expect([listed(rooms, rooms.listWithRoom()), listed(rooms, rooms.listUp())]).toEqual([[1], [1]]);
  });

  it('add an engine that is down until told otherwise', () => {
    const rooms = new Rooms([]);
    expect(rooms.admits.open[0]).toBe(0);
    expect(rooms.add(2)).toBe(0);
    expect([rooms.count, rooms.withRoom, rooms.listUp(), [...rooms.all.open]]).toEqual([1, 0, 0, [1, 1]]);
    rooms.up[0] = 1;
    rooms.update(0, 0);
    expect([rooms.withRoom, [...rooms.admits.open]]).toEqual([1, [1, 1]]);
  });
});
