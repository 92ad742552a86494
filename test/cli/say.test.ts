// How errors speak: what, where, what next; a stack for bugs only.
import { describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { clean, errorText, sayError, sentences } from '../../src/cli/say.ts';
import { fakeIo } from './fake-io.ts';

describe('an error', () => {
  it('says what happened on one line, and what to do on the next', () => {
    expect(errorText(new SchedlabError('ERR_USAGE', 'unknown verb "rnu". Did you mean "run"? Valid: run, sweep.'))).toBe('error: unknown verb "rnu"\n  Did you mean "run"? Valid: run, sweep.\n');
  });
  it('parts sentences at a period before a capital, not inside a number', () => {
    expect(sentences('alpha is 0.25. Write 0.5.')).toEqual(['alpha is 0.25', 'Write 0.5.']);
    expect(sentences('alone.')).toEqual(['alone', '']);
  });
  it('folds the second line at the width of the terminal', () => {
    const text = errorText(new SchedlabError('ERR_USAGE', `short. Valid: ${Array.from({ length: 30 }, (_, i) => `name${i}`).join(', ')}.`), 60);
    expect(text.split('\n').every((line) => line.length <= 60)).toBe(true);
  });
  it('answers the exit code of its table', () => {
    const io = fakeIo();
    expect(sayError(new SchedlabError('ERR_TARGET', 'no answer. Start it.'), io)).toBe(3);
    expect(io.err()).not.toContain('at ');
  });
  it('shows a stack for a bug, and says that it is one', () => {
    const io = fakeIo();
    expect(sayError(new TypeError('x is not a function'), io)).toBe(1);
    expect(io.err()).toContain('this is a bug in schedlab');
    expect(io.err()).toMatch(/\n +at /);
  });
  it('is no bug where the file system refuses', () => {
    const io = fakeIo();
    expect(sayError(Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write', path: '/data/x' }), io)).toBe(2);
    expect(io.err()).toBe('error: cannot write /data/x: no space left on the device\n  Check the path and try again.\n');
  });
  it('never passes control characters on to the terminal', () => { expect(clean('a\u001b[31mb\r\u0007')).toBe('a\\x1b[31mb\\x0d\\x07'); });
});
