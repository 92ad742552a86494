// Calendar timestamps to the microsecond, in every spelling that traces use.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasZone, timestampUs } from '../../sim/workload/traces/timestamp.ts';

describe('calendar timestamps', () => {
  it('agree with the calendar of the language on every day of four centuries that is drawn', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2299-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
      const text = date.toISOString();
      expect(timestampUs(text)).toBe(date.getTime() * 1000);
      expect(timestampUs(text.replace('T', ' ').replace('Z', ''))).toBe(date.getTime() * 1000);
    }), { numRuns: 500 });
  });

  it('keep seven digits of a fraction to the nearest microsecond', () => {
    const at = timestampUs('2023-11-16 18:17:03');
    expect(timestampUs('2023-11-16 18:17:03.9799600') - at).toBe(979_960);
    expect(timestampUs('2023-11-16 18:17:03.0000015') - at).toBe(2);
    expect(timestampUs('2023-11-16 18:17:03.0000014') - at).toBe(1);
    expect(timestampUs('2023-11-16 18:17:03.5') - at).toBe(500_000);
  });

  it('take their zone off', () => {
    const utc = timestampUs('2024-05-10 00:00:00Z');
    expect(timestampUs('2024-05-10 02:30:00+02:30')).toBe(utc);
    expect(timestampUs('2024-05-09 19:00:00-0500')).toBe(utc);
    expect([hasZone('2024-05-10 00:00:00+00:00'), hasZone('2024-05-10 00:00:00'), hasZone(5)]).toEqual([true, false, false]);
  });

  it.each(['2023-02-29 00:00:00', '2100-02-29 00:00:00', '2023-13-01 00:00:00', '2023-00-10 00:00:00', '2023-04-31 00:00:00', '2023-01-01 24:00:00', '2023-01-01 00:60:00', '2023-01-01 00:00:60', '2023-1-1 0:0:0', 'now', '', 12])('that do not exist are refused: %s', (text) => {
    expect(timestampUs(text)).toBeNaN();
  });
});
