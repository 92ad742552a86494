// Special functions against values computed with 40 digits.
import { describe, expect, it } from 'vitest';
import { gammaQuantile, incompleteGamma, logGamma, normalQuantile, powReal } from '../../sim/random/math.ts';

/** Relative error, absolute below one. */
function error(value: number, exact: number): number { return Math.abs(value - exact) / Math.max(Math.abs(exact), 1e-300); }

describe('normal quantile', () => {
  it.each([[1e-16, -8.2220822161304356], [1e-10, -6.3613409024040562], [0.001, -3.0902323061678135], [0.07, -1.4757910281791707], [0.3, -0.52440051270804078], [0.92, 1.4050715603096326], [0.9999, 3.7190164854556806]])('at %f', (p, x) => {
    expect(error(normalQuantile(p), x)).toBeLessThan(1e-14);
  });

  it('is odd about one half, and zero there', () => {
    expect(normalQuantile(0.5)).toBe(0);
    for (const p of [0.01, 0.2, 0.49]) expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 13);
  });

  it('is rising and inverts the distribution function everywhere', () => {
    let last = -Infinity;
    for (let i = 1; i < 2000; i++) {
      const p = i / 2000, x = normalQuantile(p);
      expect(x).toBeGreaterThan(last);
      last = x;
      const half = incompleteGamma(0.5, x * x / 2, false) / 2;
      expect(error(x < 0 ? 0.5 - half : 0.5 + half, p)).toBeLessThan(1e-12);
    }
  });
});

describe('log gamma', () => {
  it.each([[0.001, 6.9071788853838537], [0.1, 2.252712651734206], [0.5, 0.57236494292470009], [1.5, -0.12078223763524522], [2.5, 0.28468287047291916], [11.9, 17.258477450595521], [12, 17.502307845873886], [100.5, 361.43554046777762], [1e6, 12815504.569147612]])('at %f', (a, exact) => {
    expect(error(logGamma(a), exact)).toBeLessThan(1e-13);
  });

  it('has no more than rounding left at its zeros', () => {
    expect(Math.abs(logGamma(1))).toBeLessThan(2e-14);
    expect(Math.abs(logGamma(2))).toBeLessThan(2e-14);
  });
});

describe('incomplete gamma function', () => {
  it.each([[0.5, 0.1, 0.34527915398142298], [2, 5, 0.9595723180054872], [100, 80, 0.017108313035133114], [100, 130, 0.99724959163269347], [10000, 10100, 0.84134875044717962]])('below, at (%f, %f)', (a, x, exact) => {
    expect(error(incompleteGamma(a, x, false), exact)).toBeLessThan(2e-11);
  });
  it.each([[0.5, 10, 7.7442164310440836e-6], [2, 50, 9.8366242246159807e-21], [100, 160, 1.4420224505352737e-7], [10000, 10400, 3.8880170573988205e-5]])('above, at (%f, %f)', (a, x, exact) => {
    expect(error(incompleteGamma(a, x, true), exact)).toBeLessThan(2e-11);
  });
  it('ends at 0 and 1', () => {
    expect(incompleteGamma(3, 0, false)).toBe(0);
    expect(incompleteGamma(3, 0, true)).toBe(1);
    expect(incompleteGamma(3, 1e4, false)).toBe(1);
  });
});

describe('gamma quantile', () => {
  const PLACES = [1e-10, 0.001, 0.3, 0.5, 0.9, 0.999999];
  const EXACT: Readonly<Record<string, readonly number[]>> = {
    0.01: [0, 5.6607381470618812e-301, 2.9174171917458721e-53, 4.4655350189103487e-31, 1.5035936230702909e-5, 7.1512534781104591],
    0.1: [6.0730483624078825e-101, 6.0730483624078825e-31, 3.5860860184109461e-6, 0.00059339110446022594, 0.26615455373883775, 9.4570270604838865],
    0.5: [7.8539816339744831e-21, 7.8539857463124494e-7, 0.074235930916272725, 0.22746821155978638, 1.3527717270477073, 11.964063488467414],
    1: [1.00000000005e-10, 0.0010005003335835335, 0.35667494393873238, 0.69314718055994531, 2.3025850929940457, 13.815510557964274],
    2.5: [0.00016167785731248467, 0.10510630131460958, 1.4999540663799531, 2.1757300955477637, 4.6181784498905592, 17.944093439836435],
    10: [0.4727220926063523, 2.9605203727437596, 8.1329282425063915, 9.6687146147141312, 14.205990292152817, 32.710340517523918],
    100: [48.883092053795954, 71.921397495000407, 94.524299358880718, 99.666864919315489, 113.01052385984448, 154.91904599503899],
    10000: [9376.9616820443875, 9693.8243858237259, 9947.3192620195836, 9999.6666686420474, 10128.367373674177, 10482.561164638856],
  };
  for (const [shape, exact] of Object.entries(EXACT)) {
    it(`of shape ${shape}`, () => {
      PLACES.forEach((u, i) => {
        const value = gammaQuantile(Number(shape), u);
        // Below the range of doubles the quantile is zero.
        if (exact[i] === 0) expect(value).toBe(0); else expect(error(value, exact[i]!)).toBeLessThan(1e-11);
      });
    });
  }

  it('is rising and finite for shapes from a millionth to a million, at the ends too', () => {
    for (const shape of [1e-6, 0.003, 0.2, 0.7, 1, 1.3, 7, 333, 1e6]) {
      let last = 0;
      for (const u of [0, 2 ** -53, 1e-9, 1e-4, 0.01, 0.1, 0.35, 0.5, 0.500001, 0.65, 0.9, 0.99, 0.9999, 1 - 1e-9, 1 - 2 ** -53]) {
        const x = gammaQuantile(shape, u);
        expect(x).toBeGreaterThanOrEqual(last);
        expect(x).toBeLessThan(Infinity);
        last = x;
      }
      expect(last).toBeGreaterThan(0);
    }
  });
});

describe('powers', () => {
  it('are those of a real exponent', () => {
    for (const [x, a] of [[2, 0.5], [10, -1.5], [0.3, 2.7], [1e6, 0.1]] as const) expect(error(powReal(x, a), Number(`${x ** a}`))).toBeLessThan(1e-14);
    expect(powReal(5, 0)).toBe(1);
    expect(powReal(0, 2)).toBe(0);
  });
});
