// The order digest: equal streams, and only those, have equal digests.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderDigest } from '../../sim/kernel/digest.ts';

type Row = readonly [timeUs: number, kind: number, a: number, b: number];

function digest(rows: readonly Row[]): string {
  const d = new OrderDigest();
  for (const row of rows) d.mix(...row);
  expect(d.count).toBe(rows.length);
  return d.hex();
}

const row = fc.tuple(fc.integer({ min: 0, max: 2 ** 53 - 1 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

describe('order digest', () => {
  it('is 16 hexadecimal digits, whatever was mixed in', () => {
    fc.assert(fc.property(fc.array(row, { maxLength: 20 }), (rows) => { expect(digest(rows)).toMatch(/^[0-9a-f]{16}$/); }));
  });

  it('changes with every bit of every field, at any place in the stream', () => {
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(124), (rows, at, bit) => {
      const changed = rows.map((r) => [...r] as [number, number, number, number]);
      const target = changed[at % rows.length]!;
      // Bits 0 to 52 of the time, 8 of the kind, 32 each of a and b.
      if (bit < 53) { const high = Math.floor(target[0] / 2 ** bit); target[0] += (high % 2 === 0 ? 1 : -1) * 2 ** bit; }
      else if (bit < 61) target[1] ^= 1 << (bit - 53);
      else if (bit < 93) target[2] ^= 1 << (bit - 61);
      else target[3] ^= 1 << (bit - 93);
      expect(digest(changed)).not.toBe(digest(rows));
    }), { numRuns: 2000 });
  });

  it('depends on the order of two different events', () => {
    fc.assert(fc.property(row, row, (x, y) => {
      fc.pre(x.some((value, i) => value !== y[i]));
      expect(digest([x, y])).not.toBe(digest([y, x]));
    }));
  });

  it('tells streams of equal rows but different length apart', () => {
    expect(new Set(Array.from({ length: 50 }, (_, n) => digest(Array.from({ length: n }, () => [0, 0, 0, 0] as const)))).size).toBe(50);
  });

  it('has no collision among 100,000 small neighbouring events', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 100_000; i++) {
      const d = new OrderDigest();
      d.mix(i % 25, Math.floor(i / 25) % 4, Math.floor(i / 100) % 100, Math.floor(i / 10_000));
      seen.add(d.hex());
    }
    expect(seen.size).toBe(100_000);
  });

  it('gives each output bit to about half of the streams', () => {
    const ones = new Array<number>(64).fill(0), n = 4000;
    for (let i = 0; i < n; i++) {
      const bits = BigInt(`0x${digest([[i, 1, i & 7, 0]])}`);
      for (let bit = 0; bit < 64; bit++) if ((bits >> BigInt(bit)) & 1n) ones[bit]!++;
    }
    for (const count of ones) expect(Math.abs(count - n / 2)).toBeLessThan(4.5 * Math.sqrt(n) / 2);
  });

  it('can be read in the middle without harm', () => {
    const a = new OrderDigest(), b = new OrderDigest();
    for (let i = 0; i < 10; i++) { a.mix(i, 1, 2, 3); a.hex(); b.mix(i, 1, 2, 3); }
    expect(a.hex()).toBe(b.hex());
  });

  it('keeps its golden values: a change here changes every published digest', () => {
    expect(digest([])).toBe('7fa6e59969e6d573');
    expect(digest([[0, 0, 0, 0]])).toBe('709e194a0c5095ba');
    expect(digest([[1_000_000, 3, 42, -1], [2 ** 40 + 5, 255, 2 ** 31 - 1, 7]])).toBe('fbf76dd5685745ee');
  });
});
