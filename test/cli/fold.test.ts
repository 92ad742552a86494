// Text for terminals: nothing is wider than it but words that are, and nothing is lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entry, fold, hang } from '../../src/cli/fold.ts';
import { main } from '../../src/cli/front.ts';
import { width } from '../../src/cli/table.ts';
import { verbNames } from '../../src/cli/verbs.ts';
import { fakeIo } from './fake-io.ts';

const words = fc.array(fc.stringMatching(/^[a-zé漢]{1,12}$/), { minLength: 1, maxLength: 30 });

describe('folding', () => {
  it('keeps every word in its order, and every line that has room for its words within the width', () => {
    fc.assert(fc.property(words, fc.integer({ min: 24, max: 90 }), (list, columns) => {
      const lines = fold(list.join(' '), columns);
      expect(lines.join(' ')).toBe(list.join(' '));
      expect(lines.every((line) => width(line) <= columns)).toBe(true);
      expect(hang(list.join(' '), columns).split('\n').map((line) => line.trim()).join(' ')).toBe(list.join(' '));
      expect(entry('  left', list.join(' '), 10, columns).split('\n').every((line) => width(line) <= Math.max(columns, 30))).toBe(true);
    }));
  });
  it('hangs what follows under the first line', () => { expect(hang('error: one two three four five six', 25)).toBe('error: one two three four\n  five six'); });
  it('puts an entry beside its name, or under it where that leaves no room', () => {
    expect(entry('  name', 'what it does, in a few words more', 8, 36)).toBe('  name  what it does, in a few words\n        more');
    expect(entry('  a-long-name', 'what it does', 16, 36)).toBe('  a-long-name\n      what it does');
  });
});

describe('on a terminal', () => {
  const said = async (argv: readonly string[], columns: number): Promise<string> => {
    const io = { ...fakeIo({ isTTY: true, columns }), width: columns };
    expect(await main(argv, io)).toBe(0);
    return io.out() + io.err();
  };
  const texts = [['--help'], ...verbNames().map((verb) => [verb, '--help']), ['list'], ...['scenarios', 'policies', 'balancers', 'addons', 'engines', 'programs', 'metrics'].map((kind) => ['list', kind]), ['validate', 'loco-fairness']];
  it.each(texts)('%s %s fits into 80 and into 60 columns', async (...argv) => {
    for (const columns of [80, 60]) {
      // Commands to copy stay whole.
      const wide = (await said(argv, columns)).split('\n').filter((line) => width(line) > columns && !/^ {2}schedlab /.test(line) && !/^schedlab \w+ /.test(line));
      expect(wide).toEqual([]);
    }
  });
  it('elsewhere a list is one line each', async () => {
    const io = fakeIo();
    await main(['list', 'metrics'], io);
    expect(io.out().trim().split('\n').every((line) => /^(metric|†|\*|[a-z])/.test(line))).toBe(true);
  });
});
