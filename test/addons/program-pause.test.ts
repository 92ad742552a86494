// Program pause: as its plainest form, and its promises one by one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PauseBook, type PauseRules } from '../../src/addons/pause-book.ts';
import { pauseRules, programPause } from '../../src/addons/program-pause.ts';
import { CallTable } from '../../src/dispatch/calls.ts';
import { resolveOptions } from '../../src/options.ts';
import { OnTheEdge, PlainPause } from './pause-reference.ts';

const RUNS = Number(process.env['SCHEDLAB_PROPERTY_RUNS'] ?? 1000);
const S = 1e6;

/** One thing that happens: a call comes, a call ends, a held one is withdrawn, a program ends, or time alone passes. */
type Step = { readonly kind: 'call' | 'end' | 'drop' | 'over' | 'pass'; readonly who: number; readonly tokens: number; readonly afterUs: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('call', 'call', 'call', 'end', 'end', 'drop', 'over', 'pass'), who: fc.nat(7), tokens: fc.integer({ min: 1, max: 500 }),
  afterUs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3 * S }), fc.constant(5 * S)),
});
const rules: fc.Arbitrary<PauseRules> = fc.record({
  capacity: fc.constantFrom(300, 1000, 2500), hysteresis: fc.constantFrom(0, 0.1, 0.5), pauseTo: fc.constantFrom(0.3, 0.8, 0.95), halfLife: fc.constantFrom<number | string>(1, 7, 'none'),
  buffer: fc.constantFrom(0, 40), ageing: fc.constantFrom(0, 30, 1000), resumeTimeout: fc.constantFrom<number | string>(12, 1800, 'none'), idleLimit: fc.constantFrom<number | string>(20, 'none'),
}).map((given) => pauseRules(resolveOptions(programPause.params, given, 'test'), NaN));

/** Plays steps on the book and on its plain form side by side; `look` sees both after every check. */
function play(steps: readonly Step[], rule: PauseRules, look?: (seen: { plain: PlainPause; book: PauseBook; nowUs: number; letIn: readonly number[] }) => void): { plain: PlainPause; book: PauseBook; checks: number } {
  const calls = new CallTable(), book = new PauseBook(calls, rule), plain = new PlainPause(rule), open: { call: number; program: number }[] = [];
  // A program that ended comes back under a new number.
  const numbers = Array.from({ length: 8 }, (_, i) => i), ordinals: number[] = [];
  let nowUs = 0, checks = 0;
  const isOutside = (call: number): boolean => plain.programs.some(({ outside }) => outside.has(call));
  const check = (atUs: number): void => {
    const letIn: number[] = [];
    book.review(atUs, (program) => { letIn.push(program); });
    plain.check(atUs);
    checks++;
    expect(letIn).toEqual(plain.resumed);
    expect(book.usage(atUs)).toBeCloseTo(plain.usage(atUs), 6);
    look?.({ plain, book, nowUs: atUs, letIn });
  };
  for (const { kind, who, tokens, afterUs } of steps) {
    const untilUs = nowUs + afterUs;
    for (let tickUs = (Math.floor(nowUs / rule.everyUs) + 1) * rule.everyUs; tickUs <= untilUs; tickUs += rule.everyUs) {
      if (book.wakeUs <= tickUs) { expect(book.wakeUs).toBe(tickUs); check(tickUs); continue; }
      // Nobody is woken for a check that would do nothing.
      plain.decide(tickUs);
      expect([plain.paused, plain.resumed]).toEqual([[], []]);
    }
    nowUs = untilUs;
    const program = numbers[who]!, mine = open.filter((one) => one.program === program);
    if (kind === 'call') {
      const call = calls.allocate(program, ordinals[program] = (ordinals[program] ?? -1) + 1, 0);
      calls.promptTokens[call] = tokens;
      open.push({ call, program });
      expect(book.arrive(call, nowUs)).toBe(plain.arrive(call, program, tokens, nowUs));
    } else if (kind === 'end' || kind === 'drop') {
      const one = mine.find(({ call }) => isOutside(call) === (kind === 'drop'));
      if (one === undefined) continue;
      open.splice(open.indexOf(one), 1);
      calls.outputTokens[one.call] = tokens;
      if (kind === 'drop') { book.withdraw(one.call, nowUs); plain.withdraw(one.call); } else { book.finish(one.call, true, nowUs); plain.ended(one.call, calls.promptTokens[one.call]! + tokens, nowUs); }
      calls.release(one.call);
    } else if (kind === 'over') {
      for (const { call } of mine) calls.release(call);
      for (const one of mine) open.splice(open.indexOf(one), 1);
      book.programEnd(program, nowUs);
      plain.end(program);
      numbers[who] = Math.max(...numbers) + 1;
    }
    expect(book.usage(nowUs)).toBeCloseTo(plain.usage(nowUs), 6);
  }
  return { plain, book, checks };
}

/** A run in which two ways of adding up could differ shows nothing. */
function playOff(edge: () => void): void { try { edge(); } catch (error) { if (!(error instanceof OnTheEdge)) throw error; fc.pre(false); } }

describe('program-pause', () => {
  it('decides as its plainest form, in any history', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), rules, (steps, rule) => { playOff(() => { play(steps, rule); }); }), { numRuns: RUNS });
  });

  it('leaves usage at the target after a check that paused, unless one program alone is left', () => {
    let paused = 0;
    fc.assert(fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), rules, (steps, rule) => {
      playOff(() => {
        play(steps, rule, ({ plain, book, nowUs }) => {
          if (plain.paused.length === 0) return;
          paused++;
          const inside = plain.programs.filter(({ state }) => state === 'in');
          expect(inside.length).toBeGreaterThan(0);
          // Those that time let in at this check are not paused in it.
          const spared = inside.filter(({ program }) => plain.resumed.includes(program));
          if (inside.length > 1 && spared.length === 0) expect(book.usage(nowUs)).toBeLessThanOrEqual(rule.pauseToTokens + 1e-6);
        });
      });
    }), { numRuns: RUNS });
    expect(paused).toBeGreaterThan(100);
  });

  it('never lets a program go on less than a period after it was paused', () => {
    let both = 0;
    fc.assert(fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), rules, (steps, rule) => {
      const pausedUs = new Map<number, number>();
      playOff(() => {
        play(steps, rule, ({ plain, nowUs, letIn }) => {
          for (const program of letIn) if (pausedUs.has(program)) { both++; expect(nowUs - pausedUs.get(program)!).toBeGreaterThanOrEqual(rule.everyUs); pausedUs.delete(program); }
          for (const program of plain.paused) pausedUs.set(program, nowUs);
        });
      });
    }), { numRuns: RUNS });
    expect(both).toBeGreaterThan(100);
  });

  it('lets every program go on, whatever its size, when those before it end', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), rules, (steps, rule) => {
      playOff(() => {
        const { plain, book } = play(steps, { ...rule, resumeTimeoutUs: Infinity });
        let nowUs = 1e12;
        // Whoever is inside ends; nobody new comes.
        for (let round = 0; plain.programs.length > 0; round++) {
          expect(round).toBeLessThan(50);
          for (const { program, state } of [...plain.programs]) if (state !== 'held') { book.programEnd(program, nowUs); plain.end(program); }
          if (plain.programs.length === 0) break;
          expect(book.wakeUs).toBeLessThan(Infinity);
          nowUs = Math.max(nowUs, book.wakeUs);
          const before = plain.programs.length;
          book.review(nowUs, () => {});
          plain.check(nowUs);
          expect(plain.programs.filter(({ state }) => state === 'held').length).toBeLessThan(before);
        }
        expect([book.usage(nowUs), book.wakeUs]).toEqual([0, Infinity]);
      });
    }), { numRuns: RUNS });
  });
});

/** A book behind which calls of given programs come and go. */
function rig(given: Readonly<Record<string, unknown>>): { book: PauseBook; call(program: number, prompt: number, nowUs: number): { slot: number; entered: boolean }; end(slot: number, output: number, nowUs: number): void; check(nowUs: number): number[] } {
  const calls = new CallTable(), book = new PauseBook(calls, pauseRules(resolveOptions(programPause.params, given, 'test'), NaN));
  let ordinal = 0;
  return {
    book,
    call(program, prompt, nowUs) { const slot = calls.allocate(program, ordinal++, 0); calls.promptTokens[slot] = prompt; return { slot, entered: book.arrive(slot, nowUs) }; },
    end(slot, output, nowUs) { calls.outputTokens[slot] = output; book.finish(slot, true, nowUs); },
    check(nowUs) { const in_: number[] = []; book.review(nowUs, (program) => { in_.push(program); }); return in_; },
  };
}

describe('program-pause by hand', () => {
  it('counts a program in a tool half after each half-life', () => {
    const { book, call, end } = rig({ capacity: 1000, buffer: 0 });
    end(call(1, 300, 0).slot, 100, 0);
    for (const [s, tokens] of [[0, 400], [1, 200], [2, 100], [3, 50]]) expect(book.usage(s! * S)).toBeCloseTo(tokens!, 9);
  });

  it('adds the buffer for each program in memory', () => {
    const { book, call } = rig({ capacity: 10_000 });
    call(1, 300, 0);
    call(2, 500, 0);
    expect(book.usage(0)).toBe(1000);
  });

  it('pauses the smallest in a tool first, then marks the smallest with a call, which leaves when that has ended', () => {
    const { book, call, end, check } = rig({ capacity: 1000, buffer: 0, halfLife: 'none' });
    const calls = [[1, 90], [2, 60], [3, 400], [4, 300]].map(([program, prompt]) => call(program!, prompt!, 0));
    end(calls[0]!.slot, 0, S);
    // Its answer takes the whole over .95.
    end(calls[1]!.slot, 60, S);
    call(2, 200, 2 * S);
    expect(check(5 * S)).toEqual([]);
    // 990: program 1 in its tool goes (900), and that is not enough; 2 is the smallest with a call.
    expect(book.usage(5 * S)).toBe(700);
    expect(call(1, 100, 6 * S).entered).toBe(false);
    expect(call(2, 100, 6 * S).entered).toBe(false);
    expect(book.metrics()['pause.paused']).toBe(2);
  });

  it('serves an old large program before a young small one, and without ageing the small one', () => {
    for (const [ageing, first] of [[100, 8], [0, 2]] as const) {
      const { book, call, check } = rig({ capacity: 9000, ageing });
      call(1, 8000, 0);
      expect(call(8, 8000, S).entered).toBe(false);
      expect(call(2, 1400, 80 * S).entered).toBe(false);
      book.programEnd(1, 81 * S);
      expect(check(85 * S)[0]).toBe(first);
    }
  });

  it('lets a program go on after the time-out however full the memory is', () => {
    const { call, check } = rig({ capacity: 1000, resumeTimeout: 20 });
    call(1, 900, 0);
    call(2, 900, S);
    expect([5, 10, 15, 20, 25].map((s) => check(s * S))).toEqual([[], [], [], [], [2]]);
  });

  it('refuses thresholds that do not go together, and a memory that nobody told', () => {
    const of = (given: Readonly<Record<string, unknown>>, capacity = 1000) => () => pauseRules(resolveOptions(programPause.params, given, 'test'), capacity);
    expect(of({ pauseTo: 0.99 })).toThrow(/pauseTo=0.99 of program-pause is above pauseAt=0.95/);
    expect(of({ hysteresis: 0.96 })).toThrow(/no program would ever go on/);
    expect(of({}, NaN)).toThrow(/Give it as capacity, in tokens: on the command line program-pause\.capacity=N/);
  });
});
