// The trail of decisions: kept one by one up to a limit, told apart by a digest beyond it, and as bytes without loss.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTable } from '../../src/dispatch/calls.ts';
import { DecisionTrail } from '../../sim/measure/decision-trail.ts';
import { decodeTrail, differenceOf, TrailWriter } from '../../sim/measure/trail-code.ts';

const encodeTrail = (program: Int32Array, rest: Int32Array | undefined): Uint8Array => {
  const out = new TrailWriter();
  program.forEach((value, i) => { out.add(value, rest === undefined ? 0 : rest[i]!); });
  return out.bytes();
};
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const runs = fc.array(fc.tuple(int32, fc.integer({ min: 1, max: 9 })), { maxLength: 60 }).map((all) => Int32Array.from(all.flatMap(([value, times]) => Array<number>(times).fill(value))));

describe('a trail as bytes', () => {
  it('comes back whatever it holds', () => {
    fc.assert(fc.property(runs, fc.boolean(), (program, hasRest) => {
      const rest = hasRest ? program.map((value, i) => (i % 3 === 0 ? value : ~value)) : undefined;
      expect(decodeTrail(encodeTrail(program, rest))).toEqual({ program, rest: rest?.some((value) => value !== 0) ? rest : undefined });
    }), { numRuns: 300 });
  });
  it('of an order of arrival takes a few bytes, however long', () => { expect(encodeTrail(Int32Array.from({ length: 100_000 }, (_, i) => i), undefined).length).toBeLessThan(16); });
  it('of a mixed order takes one or two bytes a decision', () => {
    const program = Int32Array.from({ length: 5000 }, (_, i) => i + ((i * 7919) % 61));
    expect(encodeTrail(program, undefined).length).toBeLessThan(10_000);
  });
  it('that was cut or damaged is none, and never takes long', () => {
    const bytes = encodeTrail(Int32Array.from([5, 6, 7, 7, 7, 90]), Int32Array.from([0, 0, 3, 3, 3, 3]));
    for (let end = 0; end < bytes.length; end++) expect(decodeTrail(bytes.subarray(0, end))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => { const trail = decodeTrail(noise); expect(trail === undefined || trail.program.length <= 2 ** 26).toBe(true); }), { numRuns: 300 });
  });
});

describe('two trails side by side', () => {
  const trail = (...program: number[]) => ({ program: Int32Array.from(program), rest: undefined });
  it('differ position by position', () => { expect(differenceOf(trail(1, 2, 3, 4), trail(1, 3, 2, 4))).toEqual({ compared: 4, differ: 2, first: 1 }); });
  it('differ where only one of them goes on', () => { expect(differenceOf(trail(1, 2), trail(1, 2, 3, 4))).toEqual({ compared: 4, differ: 2, first: 2 }); });
  it('differ by the engine alone too', () => { expect(differenceOf(trail(1, 2), { ...trail(1, 2), rest: Int32Array.from([0, 1]) })).toEqual({ compared: 2, differ: 1, first: 1 }); });
  it('that are equal have no first difference', () => { expect(differenceOf(trail(1, 2), { ...trail(1, 2), rest: new Int32Array(2) })).toEqual({ compared: 2, differ: 0, first: -1 }); });
});

describe('the trail of a replication', () => {
  const made = (grants: readonly (readonly [number, number, number, number])[], most?: number) => {
    const calls = new CallTable(), trail = new DecisionTrail({ calls, engines: 4, gateDecides: true, ...(most === undefined ? {} : { most }) });
    for (const [program, ordinal, engine, waiting] of grants) {
      const call = calls.allocate(program, ordinal, 0);
      trail.grant(call, engine, waiting);
      calls.release(call);
    }
    return trail;
  };
  const grants = Array.from({ length: 3000 }, (_, i) => [i, i % 5, i % 4, 1 + (i % 3)] as const);

  it('counts decisions, and those at which one call waited', () => {
    expect(made(grants).counts(7, [])).toMatchObject({ count: 3000, alone: 1000, engines: 4, picks: 7 });
  });
  it('has a digest over all decisions, kept or not', () => {
    expect(made(grants, 10).counts(0, []).digest).toBe(made(grants, 10).counts(0, []).digest);
    expect(made([...grants.slice(0, 2999), [2999, 4, 0, 1]], 10).counts(0, []).digest).not.toBe(made(grants, 10).counts(0, []).digest);
    expect(made([...grants.slice(0, 2999), [2999, 4, 0, 1]]).counts(0, []).digest).not.toBe(made(grants).counts(0, []).digest);
  });
  it('keeps no more than it may', () => {
    expect(decodeTrail(made(grants, 10).bytes())!.program).toEqual(Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(decodeTrail(made(grants).bytes())!.program).toHaveLength(3000);
  });
  it('tells another ordinal and another engine apart', () => {
    const digests = [made([[1, 0, 0, 1]]), made([[1, 1, 0, 1]]), made([[1, 0, 1, 1]]), made([[2, 0, 0, 1]])].map((trail) => trail.counts(0, []).digest);
    expect(new Set(digests).size).toBe(4);
  });
});
