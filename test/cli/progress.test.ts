// Progress: one rewritten line on a terminal, one line a cell elsewhere.
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../sim/experiment/types.ts';
import { barLine, duration, progressTeller, rate } from '../../src/cli/progress.ts';
import { fakeIo } from './fake-io.ts';

const progress: Progress = { kind: 'replication', done: 84, total: 100, reused: 0, cell: { index: 3, id: 'x', label: 'alpha=0.75', done: 4, total: 20 }, events: 3_780_000, elapsedS: 3.15, workers: 2 };

describe('progress', () => {
  it('is a bar, a count, the cell, the speed and the time left', () => { expect(barLine(progress, 100)).toBe('████████████████░░░░  84/100  alpha=0.75  1.2 M events/s  0.6 s left'); });
  it('never wraps: the speed goes first, then the cell, then the bar', () => {
    expect(barLine(progress, 60)).toBe('████████████████░░░░  84/100  alpha=0.75  0.6 s left');
    expect(barLine(progress, 45)).toBe('████████████████░░░░  84/100  0.6 s left');
    expect(barLine(progress, 30)).toBe('84/100  0.6 s left');
    expect(barLine(progress, 10)).toBe('84/100');
  });
  it('is one line a cell without a terminal', () => {
    const io = fakeIo();
    const teller = progressTeller(io);
    teller.tell(progress);
    teller.tell({ ...progress, kind: 'cell' });
    expect(io.err()).toBe('84/100  alpha=0.75  4 replications  3.1 s\n');
  });
  it('leaves the terminal line empty at the end', () => {
    const io = fakeIo({ isTTY: true });
    const teller = progressTeller(io);
    teller.tell(progress);
    teller.tell({ ...progress, kind: 'end' });
    expect(io.err().endsWith('\r\u001b[2K')).toBe(true);
  });
  it.each([[0.0123, '12 ms'], [0.6, '0.6 s'], [42, '42 s'], [200, '3.3 min'], [9000, '2.5 h']])('shows %s seconds as %s', (s, text) => { expect(duration(s)).toBe(text); });
  it.each([[1.2e6, '1.2 M events/s'], [45_000, '45 k events/s'], [12, '12 events/s']])('shows %s a second as %s', (n, text) => { expect(rate(n)).toBe(text); });
});
