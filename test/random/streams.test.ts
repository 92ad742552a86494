// Named streams and children: independent by name, by seed and by entity; the statistics are loose enough to hold for ever, as all seeds are fixed.
import { describe, expect, it } from 'vitest';
import { Streams } from '../../sim/random/streams.ts';

function draws(n: number, draw: (i: number) => number): Float64Array { return Float64Array.from({ length: n }, (_, i) => draw(i)); }

function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (v: Float64Array): number => v.reduce((sum, value) => sum + value, 0) / v.length;
  const mx = mean(x), my = mean(y);
  let xy = 0, xx = 0, yy = 0;
  for (let i = 0; i < x.length; i++) { xy += (x[i]! - mx) * (y[i]! - my); xx += (x[i]! - mx) ** 2; yy += (y[i]! - my) ** 2; }
  return xy / Math.sqrt(xx * yy);
}

/** Chi-square of equal frequency in `cells` cells, as a number of standard deviations from what is expected. */
function unevenness(values: Float64Array, cells: number): number {
  const counts = new Array<number>(cells).fill(0);
  for (const value of values) counts[Math.floor(value * cells)]!++;
  const expected = values.length / cells;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chi - (cells - 1)) / Math.sqrt(2 * (cells - 1));
}

const N = 20_000;

describe('streams', () => {
  it('give the same numbers for the same seed and name, and others for another', () => {
    const first = (seed: string, name: string): number[] => { const stream = new Streams(seed).stream(name); return [stream.next(), stream.next(), stream.at(3).next()]; };
    expect(first('1', 'arrivals')).toEqual(first('1', 'arrivals'));
    expect(first('1', 'arrivals')).not.toEqual(first('2', 'arrivals'));
    expect(first('1', 'arrivals')).not.toEqual(first('1', 'service'));
  });

  it('are the same object when asked for twice', () => {
    const streams = new Streams('1');
    expect(streams.stream('a')).toBe(streams.stream('a'));
  });

  it('are not moved by what others draw, nor by which was opened first', () => {
    const one = new Streams('x'), two = new Streams('x');
    one.stream('noise').next(); one.stream('a').next();
    const a = two.stream('a');
    two.stream('noise'); a.next();
    expect(one.stream('a').next()).toBe(a.next());
  });

  it('are uniform', () => {
    const stream = new Streams('uniform').stream('s');
    expect(unevenness(draws(N, () => stream.next()), 100)).toBeLessThan(4);
  });

  it('have no serial correlation', () => {
    const stream = new Streams('serial').stream('s');
    const values = draws(N + 1, () => stream.next());
    expect(Math.abs(correlation(values.slice(0, N), values.slice(1)))).toBeLessThan(0.02);
  });

  it('are uncorrelated between names, and between seeds that follow each other', () => {
    const of = (seed: string, name: string): Float64Array => { const stream = new Streams(seed).stream(name); return draws(N, () => stream.next()); };
    const base = of('1', 'arrivals');
    for (const other of [of('1', 'service'), of('1', 'arrivals2'), of('2', 'arrivals'), of('11', 'arrivals')]) expect(Math.abs(correlation(base, other))).toBeLessThan(0.02);
  });

  it('have uniform and uncorrelated first draws over seeds that follow each other', () => {
    const n = 5000, firsts = draws(n, (seed) => new Streams(String(seed)).stream('arrivals').next());
    expect(unevenness(firsts, 50)).toBeLessThan(4);
    expect(Math.abs(correlation(firsts.slice(0, n - 1), firsts.slice(1)))).toBeLessThan(0.04);
  });
});

describe('children of a stream', () => {
  const stream = new Streams('children').stream('service');

  it('have uncorrelated first draws for entities that follow each other', () => {
    const firsts = draws(N + 1, (entity) => stream.at(entity).next());
    expect(Math.abs(correlation(firsts.slice(0, N), firsts.slice(1)))).toBeLessThan(0.02);
    expect(Math.abs(correlation(firsts, Float64Array.from(firsts, (_, i) => i)))).toBeLessThan(0.02);
  });

  it('have uniform first draws, second draws, and pairs of the two', () => {
    const firsts = new Float64Array(N), seconds = new Float64Array(N), pairs = new Float64Array(N);
    for (let entity = 0; entity < N; entity++) {
      const child = stream.at(entity);
      firsts[entity] = child.next();
      seconds[entity] = child.next();
      pairs[entity] = (Math.floor(firsts[entity]! * 10) + seconds[entity]!) / 10;
    }
    for (const values of [firsts, seconds, pairs]) expect(unevenness(values, 100)).toBeLessThan(4);
    expect(Math.abs(correlation(firsts, seconds))).toBeLessThan(0.02);
  });

  it('are uniform for strided entities as well', () => {
    for (const stride of [2, 10, 1024, 65_536]) expect(unevenness(draws(N, (i) => stream.at(i * stride).next()), 100)).toBeLessThan(4);
  });

  it('are uncorrelated with the same entity of another stream and of another seed', () => {
    const firsts = (seed: string, name: string): Float64Array => { const s = new Streams(seed).stream(name); return draws(N, (entity) => s.at(entity).next()); };
    const base = firsts('1', 'service');
    for (const other of [firsts('1', 'think'), firsts('2', 'service')]) expect(Math.abs(correlation(base, other))).toBeLessThan(0.02);
  });

  it('give the same numbers in whatever order they are opened', () => {
    const forward = draws(100, (entity) => stream.at(entity).next());
    const backward = draws(100, (i) => stream.at(99 - i).next()).reverse();
    expect(backward).toEqual(forward);
  });

  it('leave the stream of their own name where it was', () => {
    const plain = new Streams('same').stream('s'), busy = new Streams('same').stream('s');
    plain.next(); busy.next();
    busy.at(5).next(); busy.at(6).next();
    expect(busy.next()).toBe(plain.next());
  });

  it('differ for entities beyond 2^32', () => {
    const entities = [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52];
    expect(new Set(entities.map((entity) => stream.at(entity).next())).size).toBe(entities.length);
  });
});

describe('draw counts', () => {
  it('count the draws of a stream and of its children, names in order', () => {
    const streams = new Streams('1');
    const b = streams.stream('b');
    b.next(); b.next(); b.at(9).next();
    streams.stream('a');
    expect(streams.drawCounts()).toEqual({ a: 0, b: 3 });
    expect(Object.keys(streams.drawCounts())).toEqual(['a', 'b']);
  });
});

describe('golden values', () => {
  it('of streams and children stay: a change here changes every result', () => {
    const streams = new Streams('golden'), arrivals = streams.stream('arrivals'), service = streams.stream('service');
    expect([arrivals.next(), arrivals.next()]).toEqual([0.3599757195582485, 0.7767744319186709]);
    expect([service.at(0).next(), service.at(1).next(), service.at(2 ** 40).next()]).toEqual([0.964324287699652, 0.9149658487032035, 0.9992842565779849]);
  });
});
