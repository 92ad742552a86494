// What alpha is in force: given, guarded, tuned.
import { describe, expect, it } from 'vitest';
import { resolveAlpha } from '../../src/loco/alpha.ts';
import { OverloadGuard } from '../../src/loco/guard.ts';
import { AlphaTuner } from '../../src/loco/tuner.ts';

describe('resolveAlpha', () => {
  it('knows three presets and defaults to balanced', () => {
    expect([{}, { optimizeFor: 'latency' }, { optimizeFor: 'balanced' }, { optimizeFor: 'throughput' }, { alpha: 0 }, { alpha: 1 }].map((o) => resolveAlpha(o))).toEqual([0.25, 0, 0.25, 0.5, 0, 1]);
  });

  it('refuses both at once', () => { expect(() => resolveAlpha({ alpha: 0.25, optimizeFor: 'balanced' })).toThrow(/not both/); });

  it('lists the presets where the name is unknown', () => { expect(() => resolveAlpha({ optimizeFor: 'latancy' })).toThrow(/Did you mean "latency".*balanced, latency, throughput/); });

  it('refuses what lies outside 0 to 1', () => { for (const alpha of [-0.1, 1.5, NaN]) expect(() => resolveAlpha({ alpha })).toThrow(/from 0 to 1/); });
});

describe('OverloadGuard', () => {
  it('leaves the default alone while all that comes is served', () => {
    const guard = new OverloadGuard();
    expect(guard.limit(0.25)).toBe(0.25);
    for (let t = 0; t < 300; t++) { guard.arrived(); expect(guard.limit(0.25)).toBe(0.25); guard.granted(); guard.tick(); }
  });

  it('caps alpha at half of s/(1 + s)', () => {
    const guard = new OverloadGuard();
    for (let t = 0; t < 200; t++) { for (let i = 0; i < 5; i++) guard.arrived(); expect(guard.servedShare()).toBeCloseTo(0.2, 12); guard.granted(); guard.tick(); }
    expect(guard.limit(0.25, 0)).toBeCloseTo(0.5 * 0.2 / 1.2, 12);
    expect(guard.limit(0.01)).toBe(0.01);
  });

  it('forgets what is older than its window', () => {
    const guard = new OverloadGuard(10);
    for (let i = 0; i < 50; i++) guard.arrived();
    for (let t = 0; t < 9; t++) guard.tick();
    expect(guard.servedShare(0)).toBe(0);
    guard.tick();
    expect(guard.servedShare(0)).toBe(1);
  });
});

describe('AlphaTuner', () => {
  it('goes down where waits differ much', () => { expect(new AlphaTuner().update(0.98, 1)).toBe(0.24); });

  it('goes up where the queue grew, and starts to at the eighth sample of this series', () => {
    const tuner = new AlphaTuner(), series = [10, 10, 10, 10, 10, 13, 13, 13, 13, 13].map((total) => tuner.update(0, total));
    expect(series.map((alpha) => Math.round(alpha * 100))).toEqual([25, 25, 25, 25, 25, 25, 25, 26, 27, 28]);
  });

  it('stays where a threshold is just met', () => {
    const tuner = new AlphaTuner();
    tuner.update(0.5, 10);
    expect(tuner.update(0.5, 12)).toBe(0.25);
  });

  it('keeps within its bounds, jumping down to the largest where it started above', () => {
    const high = new AlphaTuner({ alpha: 0.9 });
    high.update(0, 1);
    expect(high.update(0, 10)).toBe(0.5);
    expect(new AlphaTuner({ alpha: 0.005 }).update(1, 1)).toBe(0);
  });
});
