// The process table: what it charges, what it answers, what it frees; held against maps and arrays.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_DUPLICATE, ANSWER_LATE, ANSWER_TAKEN, ANSWER_UNKNOWN } from '../../src/programs/answers.ts';
import { ProcessTable } from '../../src/programs/process-table.ts';
import { SERVICE_UNITS } from '../../src/programs/service-meter.ts';
import { NaiveTable } from './naive-table.ts';

const CALLS = 8, PROGRAMS = 4, ENGINES = [0, 1, 31, 32, 63, 64, 70];
const call = fc.nat(CALLS - 1), program = fc.nat(PROGRAMS - 1), tokens = fc.nat(50);
const step = fc.record({
  gapUs: fc.integer({ min: 1, max: 2000 }),
  does: fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('arrive' as const), call, program, ordinal: fc.nat(9), prompt: fc.nat(300), parents: fc.array(fc.nat(8), { maxLength: 3 }) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('start' as const), call, engine: fc.constantFrom(...ENGINES) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('progress' as const), call, tokens }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop' as const), call }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('end' as const), call, cached: fc.nat(300), output: tokens }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('open' as const), program }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), program }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reap' as const), limitUs: fc.nat(6000) }) },
  ),
});

describe('the process table', () => {
  it('is what maps and arrays are, after any history, in every unit of service', () => {
    fc.assert(fc.property(fc.constantFrom(...SERVICE_UNITS), fc.constantFrom('scalar', 'parents', 'sum'), fc.array(step, { maxLength: 60 }), (unit, mode, steps) => {
      const table = new ProcessTable({ meter: { unit, outputWeight: 3 }, keepsCalls: true }), naive = new NaiveTable(unit, 3), { rows } = table;
      let nowUs = 0;
      for (const { gapUs, does } of steps) {
        nowUs += gapUs;
        switch (does.kind) {
          case 'arrive': {
            const answer = table.arrive(does.call, does.program, does.ordinal, does.prompt, nowUs);
            let inherited = 0;
            if (answer === ANSWER_TAKEN) {
              const row = table.row[does.call]!;
              if (mode === 'parents') expect(table.fromParents(does.call, does.parents)).toBeCloseTo(naive.fromParents(does.program, does.parents), 6);
              inherited = mode === 'parents' ? table.fromParents(does.call, does.parents) : mode === 'sum' ? rows.service[row]! : rows.critical[row]!;
              table.inherits(does.call, inherited);
            }
            expect(answer).toBe(naive.arrive(does.call, does.program, does.ordinal, does.prompt, inherited, nowUs));
            break;
          }
          case 'start': expect(table.start(does.call, does.engine, nowUs)).toBe(naive.start(does.call, does.engine, nowUs)); break;
          case 'progress': expect(table.progress(does.call, does.tokens, nowUs)).toBe(naive.progress(does.call, does.tokens, nowUs)); break;
          case 'stop': expect(table.stop(does.call, nowUs)).toBe(naive.stop(does.call, nowUs)); break;
          case 'end': expect(table.end(does.call, does.cached, does.output, nowUs)).toBe(naive.end(does.call, does.cached, does.output, nowUs)); break;
          case 'open': expect(table.open(does.program, nowUs)).toBe(naive.open(does.program, nowUs)); break;
          case 'close': expect(table.close(does.program)).toBe(naive.close(does.program)); break;
          case 'reap': expect(table.reap(nowUs, does.limitUs)).toBe(naive.reap(nowUs, does.limitUs)); break;
        }
        if (rows.open !== naive.programs.size) throw new Error(`${rows.open} programs are open, and should be ${naive.programs.size}`);
        for (let p = 0; p < PROGRAMS; p++) {
          const row = rows.find(p), has = naive.programs.has(p);
          const got = row < 0 ? [] : [rows.service[row]!, rows.critical[row]!, rows.waitUs[row]!, rows.runUs[row]!, rows.active[row]!, rows.lastArrivalUs[row]!, rows.lastCompletionUs[row]!, ...ENGINES.map((e) => Number(rows.hasUsed(row, e)))];
          const wanted = !has ? [] : [naive.service(p), naive.critical(p), naive.waitUs(p), naive.runUs(p), naive.active(p), naive.lastArrivalUs(p), naive.lastCompletionUs(p), ...ENGINES.map((e) => Number(naive.programs.get(p)!.engines.has(e)))];
          // Sums of fractions in another order differ in their last bits.
          if (got.length !== wanted.length || got.some((value, i) => Math.abs(value - wanted[i]!) > 1e-6)) expect(got).toEqual(wanted);
        }
      }
    }), { numRuns: 1000 });
  });

  it('answers a completion that comes twice, too late, or of nobody, and charges it once', () => {
    const table = new ProcessTable(), { rows } = table;
    expect(table.end(3, 0, 10, 0)).toBe(ANSWER_UNKNOWN);
    table.arrive(3, 7, 0, 100, 0);
    table.start(3, 0, 5);
    expect([table.end(3, 0, 10, 9), table.end(3, 0, 10, 9)]).toEqual([ANSWER_TAKEN, ANSWER_DUPLICATE]);
    expect(rows.service[rows.find(7)]).toBe(10);
    expect([table.close(7), table.close(7)]).toEqual([ANSWER_TAKEN, ANSWER_UNKNOWN]);
    expect(table.end(3, 0, 10, 12)).toBe(ANSWER_LATE);
    expect([...table.answered]).toEqual([4, 1, 1, 2]);
  });

  it('charges nobody for a call whose program was closed while it ran, not even who has its row now', () => {
    const table = new ProcessTable(), { rows } = table;
    table.arrive(0, 1, 0, 0, 0);
    table.start(0, 0, 0);
    table.close(1);
    table.open(2, 1);
    expect(rows.find(2)).toBe(table.row[0]);
    expect(table.progress(0, 5, 2)).toBe(ANSWER_LATE);
    expect(table.end(0, 0, 50, 3)).toBe(ANSWER_LATE);
    expect([rows.service[0], rows.critical[0], rows.active[0], rows.ended[0]]).toEqual([0, 0, 0, 0]);
  });

  it('reaps who was silent for the limit and no other: neither who runs nor who never made a call and is young', () => {
    const table = new ProcessTable(), { rows } = table;
    table.open(0, 0);
    table.arrive(1, 1, 0, 0, 0);
    table.arrive(2, 2, 0, 0, 0);
    table.end(2, 0, 0, 50);
    table.open(3, 60);
    expect(table.reap(99, 100)).toBe(0);
    expect(table.reap(100, 100)).toBe(1);
    expect([0, 1, 2, 3].map((p) => rows.find(p) >= 0)).toEqual([false, true, true, true]);
    expect(table.reap(1_000_000, 100)).toBe(2);
    expect([rows.open, rows.reaped, rows.find(1) >= 0]).toEqual([1, 3, true]);
  });

  it('hands its rows out again: a hundred thousand programs one after another take one row', () => {
    const table = new ProcessTable({ keepsCalls: true }), { rows } = table;
    for (let p = 0; p < 100_000; p++) {
      table.arrive(p % 3, p, 0, 10, p);
      table.inherits(p % 3, 0);
      table.start(p % 3, 0, p);
      table.end(p % 3, 0, 4, p);
      table.close(p);
    }
    expect([rows.open, rows.program.length]).toEqual([0, 64]);
  });

  it('charges a prompt only where it was computed', () => {
    const table = new ProcessTable({ meter: { unit: 'weighted', outputWeight: 2 } }), { rows } = table;
    table.arrive(0, 0, 0, 1000, 0);
    table.start(0, 0, 0);
    table.end(0, 900, 10, 5);
    expect(rows.service[0]).toBe(120);
    table.arrive(1, 0, 1, 1000, 6);
    table.end(1, 0, 0, 7);
    expect(rows.service[0]).toBe(120);
  });
});
