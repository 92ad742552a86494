// The pool in extents: states that random cases hardly reach, written down, and a plain list of blocks beside it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExtentPool, Found } from '../../../sim/engine/batch/extent-pool.ts';

/** What one request holds: pieces by their first extent and their last place. */
type Held = { extent: number; lo: number; hi: number; node: number }[];

class Desk {
  readonly pool: ExtentPool;
  readonly found = new Found();
  constructor(blocks: number) { this.pool = new ExtentPool(blocks); }
  /** A request computes blocks lo..hi of a node. */
  compute(node: number, lo: number, hi: number): Held { this.pool.take(hi - lo + 1); return [{ extent: this.pool.enter(node, lo, hi), node, lo, hi }]; }
  /** What a lookup of lo..hi finds: `extent places`, in order. */
  look(node: number, lo: number, hi: number): string[] {
    this.found.clear();
    this.pool.find(node, lo, hi, this.found);
    return this.found.extents.map((_, i) => `${this.found.from[i]}-${this.found.to[i]}`);
  }
  hit(node: number, lo: number, hi: number): Held {
    this.look(node, lo, hi);
    return this.found.extents.map((extent, i) => ({ extent: this.pool.hold(extent, this.found.from[i], this.found.to[i]), node, lo: this.found.from[i], hi: this.found.to[i] }));
  }
  free(held: Held): void { for (const { extent, hi } of held.reverse()) this.pool.release(extent, hi); }
  list(): string { return this.pool.freeList().map((one) => (one === null ? '.' : one[1])).join(' '); }
}

describe('an extent', () => {
  test('is freed and taken from its deepest block', () => {
    const desk = new Desk(8);
    desk.free(desk.compute(1, 0, 4));
    expect(desk.list()).toBe('. . . 4 3 2 1 0');
    desk.pool.take(5);
    expect([desk.list(), desk.pool.evictions, desk.look(1, 0, 4)]).toEqual(['2 1 0', 2, ['0-2']]);
  });

  test('that is hit in part stays in the free list with its upper half, at its place', () => {
    const desk = new Desk(8);
    desk.free(desk.compute(1, 0, 4));
    desk.free(desk.compute(2, 0, 1));
    const held = desk.hit(1, 0, 2);
    expect([desk.list(), desk.pool.free]).toEqual(['. 4 3 1 0', 5]);
    desk.free(held);
    expect([desk.list(), desk.look(1, 0, 9)]).toEqual(['. 4 3 1 0 2 1 0', ['0-2', '3-4']]);
  });

  test('that somebody else holds too does not grow', () => {
    const desk = new Desk(8), [mine] = desk.compute(1, 0, 1);
    desk.hit(1, 0, 1);
    desk.pool.take(1);
    expect(desk.pool.grow(mine.extent, 1, 1, 2)).toBe(false);
  });

  test('that is not the last copy to have entered does not grow: of equal blocks the first that entered is found', () => {
    const desk = new Desk(12), [first] = desk.compute(1, 0, 1), [second] = desk.compute(1, 0, 1);
    desk.pool.take(2);
    expect([desk.pool.grow(first.extent, 1, 1, 2), desk.pool.grow(second.extent, 1, 1, 2)]).toEqual([false, true]);
    // The copy that grew later is found after the one that had the block before.
    const third = desk.pool.enter(1, 2, 2);
    desk.free([{ ...second, hi: 2 }]);
    expect([desk.look(1, 0, 2), desk.found.free]).toEqual([['0-1', '2-2'], 1]);
    desk.pool.release(third, 2);
  });

  test('of another node does not grow', () => {
    const desk = new Desk(8), [mine] = desk.compute(1, 0, 1);
    expect(desk.pool.grow(mine.extent, 1, 2, 2)).toBe(false);
  });

  test('that was split grows at its last piece, and is freed in whole by who holds it from the first', () => {
    const desk = new Desk(8), [mine] = desk.compute(1, 0, 3), theirs = desk.hit(1, 0, 1);
    desk.pool.take(1);
    expect(desk.pool.grow(mine.extent, 3, 1, 4)).toBe(true);
    desk.free([{ ...mine, hi: 4 }]);
    expect(desk.list()).toBe('. . . 4 3 2');
    desk.free(theirs);
    expect(desk.list()).toBe('. . . 4 3 2 1 0');
  });
});

describe('a lookup over three copies of one content with different parts evicted', () => {
  /** A = 4..5, which entered first and has lost the rest; then B = 0..9 and C = 0..9, whole. */
  const copies = (): Desk => {
    const desk = new Desk(30);
    const a = desk.compute(1, 0, 5), b = desk.compute(1, 0, 9), c = desk.compute(1, 0, 9);
    // A is held in its upper part alone, so that its lower part can be evicted while the upper stays.
    const upper = desk.hit(1, 4, 5);
    expect(upper).toMatchObject([{ lo: 4, hi: 5 }]);
    desk.free(a);
    desk.pool.take(4 + 4);
    expect(desk.look(1, 4, 5)).toEqual(['4-5']);
    desk.free(b);
    desk.free(c);
    return desk;
  };

  test('takes each copy only up to where one that entered earlier begins', () => {
    const desk = copies();
    expect(desk.look(1, 0, 9)).toEqual(['0-3', '4-5', '6-9']);
    expect([desk.found.extents[0] === desk.found.extents[2], desk.found.extents[0] === desk.found.extents[1], desk.found.free]).toEqual([true, false, 8]);
  });

  test('finds the rest of a copy that its own first piece has split', () => {
    const desk = copies(), before = desk.pool.free, held = desk.hit(1, 0, 9);
    expect([held.map(({ lo, hi }) => `${lo}-${hi}`), before - desk.pool.free, desk.list()]).toEqual([['0-3', '4-5', '6-9'], 8, '5 4 9 8 7 6 5 4 3 2 1 0']);
    desk.free(held);
    expect(desk.pool.free).toBe(before);
    expect(desk.list()).toBe('5 4 9 8 7 6 5 4 3 2 1 0 9 8 7 6 3 2 1 0');
  });

  test('ends at the first block that nobody has, and says which', () => {
    const desk = copies();
    expect([desk.look(1, 8, 12), desk.found.missedNode, desk.found.missedAt]).toEqual([['8-9'], 1, 10]);
    expect([desk.look(2, 0, 3), desk.found.missedNode, desk.found.missedAt]).toEqual([[], 2, 0]);
  });
});

/** The same pool as a list of blocks, searched from the front. */
class Blocks {
  readonly free: { key: string | null; users: number; order: number }[];
  readonly all: { key: string | null; users: number; order: number }[] = [];
  #order = 0;
  constructor(n: number) { this.free = Array.from({ length: n }, () => ({ key: null, users: 0, order: 0 })); this.all.push(...this.free); }
  take(): (typeof this.free)[number] { const block = this.free.shift()!; block.key = null; block.users = 1; return block; }
  find(key: string): (typeof this.free)[number] | undefined { return this.all.filter((block) => block.key === key).sort((a, b) => a.order - b.order)[0]; }
  enter(block: (typeof this.free)[number], key: string): void { block.key = key; block.order = ++this.#order; }
  hold(block: (typeof this.free)[number]): void { if (block.users++ === 0) this.free.splice(this.free.indexOf(block), 1); }
  release(block: (typeof this.free)[number]): void { if (--block.users === 0) { if (block.key === null) this.free.unshift(block); else this.free.push(block); } }
}

test('any history of prompts that hit, grow and go leaves the same free list as a list of blocks', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ does: fc.constant('come' as const), node: fc.integer({ min: 1, max: 2 }), blocks: fc.integer({ min: 1, max: 9 }) }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('grow' as const), who: fc.nat(20), by: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 4, arbitrary: fc.record({ does: fc.constant('go' as const), who: fc.nat(20) }) },
  );
  fc.assert(fc.property(fc.integer({ min: 4, max: 24 }), fc.array(step, { maxLength: 60, size: 'max' }), (size, history) => {
    const desk = new Desk(size), blocks = new Blocks(size), live: { node: number; held: Held; plain: (typeof blocks.free)[number][] }[] = [];
    for (const one of history) {
      if (one.does === 'come') {
        const { node } = one, plain: (typeof blocks.free)[number][] = [];
        desk.look(node, 0, one.blocks - 1);
        if (one.blocks - desk.found.blocks + desk.found.free > desk.pool.free) continue;
        const held = desk.hit(node, 0, one.blocks - 1), hit = held.reduce((sum, { lo, hi }) => sum + hi - lo + 1, 0);
        for (let at = 0; at < one.blocks; at++) { const block = blocks.find(`${node}/${at}`); if (!block) break; plain.push(block); }
        expect(hit).toBe(plain.length);
        for (const block of plain) blocks.hold(block);
        if (hit < one.blocks) held.push(...desk.compute(node, hit, one.blocks - 1));
        for (let at = hit; at < one.blocks; at++) { const block = blocks.take(); plain.push(block); }
        for (let at = hit; at < one.blocks; at++) blocks.enter(plain[at], `${node}/${at}`);
        live.push({ node, held, plain });
      } else if (live.length > 0) {
        const who = live[one.who % live.length];
        if (one.does === 'go') { live.splice(live.indexOf(who), 1); desk.free(who.held); for (const block of who.plain.reverse()) blocks.release(block); }
        else if (one.by <= desk.pool.free) {
          const last = who.held.at(-1)!, lo = who.plain.length, hi = lo + one.by - 1;
          desk.pool.take(one.by);
          for (let at = lo; at <= hi; at++) who.plain.push(blocks.take());
          for (let at = lo; at <= hi; at++) blocks.enter(who.plain[at], `${who.node}/${at}`);
          if (desk.pool.grow(last.extent, last.hi, who.node, hi)) last.hi = hi; else who.held.push({ extent: desk.pool.enter(who.node, lo, hi), node: who.node, lo, hi });
        }
      }
      expect(desk.pool.freeList().map((block) => block && `${block[0]}/${block[1]}`)).toEqual(blocks.free.map(({ key }) => key));
    }
  }), { numRuns: 1500, seed: 3 });
});
