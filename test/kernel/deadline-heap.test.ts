// The deadline heap: true removal by handle, stale handles without effect.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeadlineHeap } from '../../sim/kernel/deadline-heap.ts';

describe('deadline heap', () => {
  it('agrees with a sorted list under any mix of push, remove and pop', () => {
    const command = fc.record({ what: fc.constantFrom('push', 'push', 'remove', 'pop'), n: fc.nat(1000) });
    fc.assert(fc.property(fc.array(command, { maxLength: 300 }), (commands) => {
      const heap = new DeadlineHeap(1);
      let live: { timeUs: number; seq: number; handle: number }[] = [];
      const handles: number[] = [];
      let seq = 0;
      for (const { what, n } of commands) {
        if (what === 'push') {
          const timeUs = n % 10;
          const handle = heap.push(timeUs, ++seq, seq);
          handles.push(handle);
          live.push({ timeUs, seq, handle });
        } else if (what === 'remove' && handles.length > 0) {
          const handle = handles[n % handles.length]!;
          expect(heap.remove(handle)).toBe(live.some((entry) => entry.handle === handle));
          live = live.filter((entry) => entry.handle !== handle);
        } else if (what === 'pop') {
          live.sort((a, b) => a.timeUs - b.timeUs || a.seq - b.seq);
          const first = live.shift();
          expect(heap.pop()).toBe(first?.seq ?? -1);
        }
        live.sort((a, b) => a.timeUs - b.timeUs || a.seq - b.seq);
        expect(heap.size).toBe(live.length);
        expect(heap.peekUs()).toBe(live[0]?.timeUs ?? Infinity);
        if (live.length > 0) expect(heap.peekSeq()).toBe(live[0]!.seq);
      }
    }), { numRuns: 100 });
  });

  it('gives every entry a handle of its own, also when a slot is used again', () => {
    const heap = new DeadlineHeap();
    const handles = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      const handle = heap.push(i, i, i);
      expect(handle).toBeGreaterThan(0);
      handles.add(handle);
      heap.remove(handle);
    }
    expect(handles.size).toBe(1000);
    expect(heap.size).toBe(0);
  });

  it('takes a stale, foreign or invented handle for a no-op', () => {
    const heap = new DeadlineHeap();
    const old = heap.push(1, 1, 1);
    expect(heap.pop()).toBe(1);
    const fresh = heap.push(2, 2, 2);
    for (const handle of [old, 0, -1, 1.5, NaN, Infinity, 2 ** 50 + 77]) expect(heap.remove(handle)).toBe(false);
    expect(heap.size).toBe(1);
    expect(heap.remove(fresh)).toBe(true);
    expect(heap.remove(fresh)).toBe(false);
  });

  it('holds no more entries than are alive, however many were cancelled', () => {
    const heap = new DeadlineHeap();
    for (let i = 0; i < 100_000; i++) heap.remove(heap.push(i + 1e6, i, i & 1023));
    expect(heap.size).toBe(0);
    expect(heap.peekUs()).toBe(Infinity);
  });

  it('is empty after clear, and handles given before are stale', () => {
    const heap = new DeadlineHeap();
    const handle = heap.push(1, 1, 1);
    heap.push(0, 2, 2);
    heap.clear();
    expect(heap.size).toBe(0);
    expect(heap.remove(handle)).toBe(false);
  });
});
