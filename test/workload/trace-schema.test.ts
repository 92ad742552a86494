// The published schema and the reader agree: what the one takes as a line, the other takes.
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFault, parseHeader, parseRow } from '../../sim/workload/traces/schedlab-row.ts';
import { timestampUs } from '../../sim/workload/traces/timestamp.ts';
import { traceSchema } from '../../src/cli/schema/trace.ts';

const validate = new Ajv2020({ strict: false }).compile(traceSchema());

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 4 });
/** Mostly right, now and then of another kind. */
const mostly = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 12, arbitrary: value as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.constantFrom<unknown>('', null, -1, 1.5, 'x', [], {}, true, 3e9, 1e10) });
const content = fc.oneof(fc.string({ maxLength: 3 }), fc.nat(9), fc.constant(null));
const row = fc.record({
  id: maybe(mostly(fc.oneof(fc.nat(9), fc.string({ minLength: 1, maxLength: 3 })))), program: maybe(mostly(fc.constantFrom('p', 1))), agent: maybe(mostly(fc.string())), tenant: maybe(mostly(fc.nat())), class: maybe(mostly(fc.string())),
  parents: maybe(mostly(fc.array(fc.oneof(fc.nat(9), fc.constant('a')), { maxLength: 2 }))), arrival: maybe(mostly(fc.double({ min: 0, max: 9e9, noNaN: true }))), after_s: maybe(mostly(fc.nat(9))),
  prompt: maybe(mostly(fc.array(mostly(fc.tuple(content, mostly(fc.nat(99)))), { maxLength: 3 }))), output_tokens: maybe(mostly(fc.nat(99))), tool_s: maybe(mostly(fc.nat(9))),
  fields: maybe(mostly(fc.dictionary(fc.constantFrom('a', 'program', 'x y'), mostly(fc.string())))), typo: fc.constantFrom<unknown>(1, ...new Array<undefined>(19).fill(undefined)),
}).map((call) => JSON.parse(JSON.stringify(call)) as Readonly<Record<string, unknown>>);

describe('the schema of schedlab/trace@1', () => {
  it('takes a call exactly where the reader does', () => {
    let taken = 0;
    fc.assert(fc.property(row, (call) => {
      const isRead = !isFault(parseRow(call));
      if (isRead) taken++;
      expect(validate(call), JSON.stringify([call, validate.errors])).toBe(isRead);
    }), { numRuns: 20_000 });
    // The generator is worth its name only if both happen.
    expect(taken).toBeGreaterThan(100);
  });

  it.each([
    [{ schema: 'schedlab/trace@1' }, true], [{ schema: 'schedlab/trace@1', start: '2026-11-21T14:02:00Z', block_tokens: 512, source: { format: 'mooncake', sha256: '0'.repeat(64) } }, true],
    [{ schema: 'schedlab/trace@2' }, false], [{ schema: 'schedlab/trace@1', block_tokens: -1 }, false], [{ schema: 'schedlab/trace@1', more: 1 }, false], [{ schema: 'schedlab/trace@1', source: 'x' }, false], [{ schema: 'schedlab/trace@1', source: { format: 'mooncake', sha256: 'x' } }, false],
  ])('takes a header exactly where the reader does: %j', (header, isTaken) => {
    expect([validate(header), !isFault(parseHeader(header, timestampUs))]).toEqual([isTaken, isTaken]);
  });
});
