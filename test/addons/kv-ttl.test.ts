// KV time to live: as its plainest form, and its promises one by one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kvTtl, ttlRules } from '../../src/addons/kv-ttl.ts';
import { TtlBook, type TtlRules } from '../../src/addons/ttl-book.ts';
import { resolveOptions } from '../../src/options.ts';
import { PlainTtl } from './ttl-reference.ts';

const RUNS = Number(process.env['SCHEDLAB_PROPERTY_RUNS'] ?? 1000);
const S = 1e6;

type Step = { readonly kind: 'turn' | 'end' | 'short' | 'pass'; readonly who: number; readonly tokens: number; readonly afterUs: number; readonly waitUs: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('turn', 'turn', 'turn', 'turn', 'turn', 'turn', 'end', 'short', 'pass'), who: fc.nat(5), tokens: fc.integer({ min: 1, max: 400 }),
  // Few times, so that ties and ends at the very instant come up.
  afterUs: fc.constantFrom(0, 0, S / 2, S, 2 * S, 5 * S), waitUs: fc.constantFrom(0, S, 4 * S),
});
const rules: fc.Arbitrary<TtlRules> = fc.record({ ttl: fc.constantFrom<number | string>('auto', 'auto', 'auto', 2, 0), samples: fc.constantFrom(0, 2, 5), budget: fc.constantFrom(0.3, 1), window: fc.constantFrom(3, 1000) })
  .map((given) => ttlRules(resolveOptions(kvTtl.params, given, 'test'), 1000));

interface Seen { readonly book: TtlBook; readonly plain: PlainTtl; readonly queued: ReadonlySet<number>; readonly held: ReadonlySet<number>; readonly expired: readonly number[] }

/** Turns of six programs: a tool starts, its call waits, is served, a tool starts again. What the holder of blocks would keep is kept. */
function play(steps: readonly Step[], rule: TtlRules, look?: (seen: Seen) => void): Seen {
  const book = new TtlBook(rule), plain = new PlainTtl(rule), phase = new Array<number>(6).fill(0), numbers = [0, 1, 2, 3, 4, 5], turns = new Array<number>(6).fill(0), held = new Set<number>(), queued = new Set<number>();
  let nowUs = 0, seen!: Seen;
  const settle = (): void => {
    const out: number[] = [];
    for (let program = book.due(nowUs); program >= 0; program = book.due(nowUs)) { out.push(program); held.delete(program); }
    plain.expire(nowUs);
    if (JSON.stringify(out.sort((a, b) => a - b)) !== JSON.stringify(plain.gone.sort((a, b) => a - b))) expect(out).toEqual(plain.gone);
    plain.gone = [];
    seen = { book, plain, queued, held, expired: out };
    if (book.pinnedTokens !== plain.pinnedTokens) expect(book.pinnedTokens).toBe(plain.pinnedTokens);
    look?.(seen);
  };
  settle();
  for (const { kind, who, tokens, afterUs, waitUs } of steps) {
    nowUs += afterUs;
    settle();
    const program = numbers[who]!;
    if (kind === 'turn') {
      const at = phase[who]!++ % 3;
      if (at === 0) {
        const known = { tool: who % 3 - 1, tokens, reloadUs: tokens * 10_000, programUs: program % 4 };
        const stays = book.toolStart(program, known, nowUs);
        if (stays !== plain.toolStart(program, known, nowUs)) expect(stays).toBe(!stays);
        if (stays) held.add(program); else held.delete(program);
        turns[who]!++;
      } else if (at === 1) { book.arrive(program, nowUs); plain.arrive(program, nowUs); queued.add(program); }
      else { book.schedule(program, waitUs, true); plain.schedule(program, waitUs, true); queued.delete(program); }
    } else if (kind === 'end') {
      book.programEnd(program, turns[who]!);
      plain.programEnd(program, turns[who]!);
      queued.delete(program);
      numbers[who] = Math.max(...numbers) + 1;
      phase[who] = turns[who] = 0;
    } else if (kind === 'short') {
      const out = book.giveWay();
      if (out !== plain.giveWay()) expect(out).toBe('another');
      held.delete(out);
    }
    settle();
  }
  return seen;
}

describe('kv-ttl', () => {
  it('decides as its plainest form, in any history', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), rules, (steps, rule) => { play(steps, rule); }), { numRuns: RUNS });
  });

  it('never pins more than its budget, and knows at every moment who is pinned', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), rules, (steps, rule) => {
      play(steps, rule, ({ book, plain, held }) => {
        if (book.pinnedTokens > rule.budgetTokens) expect(book.pinnedTokens).toBeLessThanOrEqual(rule.budgetTokens);
        if (held.size !== plain.pins.length) expect([...held]).toEqual(plain.pins.map(({ program }) => program));
      });
    }), { numRuns: RUNS });
  });

  it('never lets a pin expire while the next call of its program waits', () => {
    let waited = 0;
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), rules, fc.nat(5), (steps, rule, who) => {
      // Nothing but time passes after the call has come.
      const { book, held } = play([...steps.filter(({ kind }) => kind !== 'end' && kind !== 'short')], { ...rule, budgetTokens: Infinity });
      book.arrive(who, 1e9);
      if (held.has(who)) waited++;
      for (let program = book.due(1e15); program >= 0; program = book.due(1e15)) if (held.has(who)) expect(program).not.toBe(who);
    }), { numRuns: RUNS });
    expect(waited).toBeGreaterThan(RUNS / 20);
  });

  it('gives everything back when memory is short, the latest program first', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), rules, (steps, rule) => {
      const { book, plain } = play(steps, rule), expected = plain.pins.sort((a, b) => b.programUs - a.programUs || b.program - a.program).map(({ program }) => program), out: number[] = [];
      for (let program = book.giveWay(); program >= 0; program = book.giveWay()) out.push(program);
      expect(out).toEqual(expected);
      expect(book.pinnedTokens).toBe(0);
    }), { numRuns: RUNS });
  });

  it('pins nothing for programs that never come back', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 60 * S }), { minLength: 6, maxLength: 30 }), (times) => {
      const book = new TtlBook(ttlRules(resolveOptions(kvTtl.params, { samples: 5 }, 'test'), 1e6));
      let nowUs = 0;
      times.forEach((us, program) => {
        const stays = book.toolStart(program, { tool: 0, tokens: 100, reloadUs: 9 * S, programUs: nowUs }, nowUs);
        expect(stays).toBe(program <= 5);
        book.programEnd(program, 1);
        while (book.due(nowUs) >= 0) { /* let go */ }
        nowUs += us;
      });
    }), { numRuns: RUNS });
  });

  it('starts cold with ln B seconds, and with nothing where B is a second or less', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 * S }), fc.integer({ min: 0, max: 100 * S }), (reloadUs, waitUs) => {
      const book = new TtlBook(ttlRules(resolveOptions(kvTtl.params, {}, 'test'), 1e6));
      book.schedule(1, waitUs, true);
      const gainS = (reloadUs + waitUs) / S;
      expect(book.ttlUs(-1, reloadUs)).toBeCloseTo(gainS > 1 ? Math.log(gainS) * S : 0, -0.5);
    }), { numRuns: RUNS });
  });
});

describe('kv-ttl by hand', () => {
  const cold = (given: Readonly<Record<string, unknown>> = {}): TtlBook => new TtlBook(ttlRules(resolveOptions(kvTtl.params, given, 'test'), 1000));
  /** A tool that takes so long, of a program of its own. */
  const turn = (book: TtlBook, program: number, tool: number, us: number, calls = 2): void => {
    book.toolStart(program, { tool, tokens: 1, reloadUs: 0, programUs: 0 }, 0);
    book.arrive(program, us);
    book.schedule(program, 0, false);
    book.programEnd(program, calls);
  };

  it('believes the exponential prior up to 100 tool times, then all of them, then those of the tool', () => {
    const book = cold();
    for (let i = 0; i < 100; i++) turn(book, i, 0, 3 * S);
    expect(book.ttlUs(0, 10 * S)).toBe(Math.round(Math.log(10) * S));
    turn(book, 100, 0, 3 * S);
    expect([book.ttlUs(0, 10 * S), book.ttlUs(1, 10 * S)]).toEqual([3 * S, 3 * S]);
    for (let i = 0; i < 101; i++) turn(book, 200 + i, 1, 5 * S);
    expect([book.ttlUs(0, 10 * S), book.ttlUs(1, 10 * S), book.ttlUs(2, 10 * S)]).toEqual([3 * S, 5 * S, 5 * S]);
  });

  it('forgets tool times that came before the last of its window', () => {
    const book = cold({ samples: 0, window: 3 });
    for (let i = 0; i < 5; i++) turn(book, i, 0, 3 * S);
    for (let i = 5; i < 8; i++) turn(book, i, 0, S);
    expect(book.ttlUs(0, 10 * S)).toBe(S);
  });

  it('weighs the queue by how far turns foretell each other', () => {
    // Programs alike: each turn made is one less to come. Lengths without memory: half of those left end at each turn.
    const alike = cold({ samples: 0 }), forgetful = cold({ samples: 0 });
    for (let i = 0; i < 64; i++) turn(alike, i, 0, 4 * S, 5);
    let program = 0;
    for (let turns = 1; turns <= 6; turns++) for (let i = 0; i < 64 >> turns; i++) turn(forgetful, program++, 0, 4 * S, turns);
    for (const book of [alike, forgetful]) book.schedule(999, 10 * S, true);
    expect(alike.ttlUs(0, S)).toBe(4 * S);
    expect(forgetful.ttlUs(0, S)).toBe(0);
  });

  it('keeps what comes back in the very instant of the end', () => {
    const book = cold({ ttl: 2 });
    book.toolStart(1, { tool: -1, tokens: 10, reloadUs: 0, programUs: 0 }, 0);
    expect(book.due(2 * S)).toBe(-1);
    expect(book.due(2 * S + 1)).toBe(1);
    expect(book.due(2 * S + 1)).toBe(-1);
  });

  it('does not pin a late program where the budget is full of earlier ones', () => {
    const book = cold({ ttl: 2, budget: 0.5 }), start = (program: number, programUs: number): boolean => book.toolStart(program, { tool: -1, tokens: 300, reloadUs: 0, programUs }, 0);
    expect([start(1, 20), start(2, 30), start(3, 10)]).toEqual([true, false, true]);
    expect([book.due(0), book.due(0)]).toEqual([1, -1]);
  });
});
