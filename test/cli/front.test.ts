// The front door: verbs, flags, help and hints; nothing here runs an experiment.
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../../src/cli/flags.ts';
import type { Flag, VerbName } from '../../src/cli/flags.ts';
import { main } from '../../src/cli/front.ts';
import { parse } from '../../src/cli/parse.ts';
import { LATER_VERBS, verbNames } from '../../src/cli/verbs.ts';
import { fakeIo } from './fake-io.ts';

async function say(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo();
  const code = await main(argv, io);
  return { code, out: io.out(), err: io.err() };
}

describe('the front door', () => {
  it('tells its version', async () => { expect(await say('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, err: '' }); });
  it.each([[[]], [['--help']], [['-h']], [['help']]])('helps with %j', async (argv) => {
    const { code, out } = await say(...argv);
    expect(code).toBe(0);
    for (const verb of verbNames()) expect(out).toContain(`  ${verb} `);
  });
  it.each(verbNames().map((verb) => [verb]))('%s tells its flags and examples', async (verb) => {
    const { code, out } = await say(verb, '--help');
    expect(code).toBe(0);
    for (const flag of FLAGS[verb] as readonly Flag[]) expect(out.includes(`--${flag.name} `) || out.includes(`--${flag.name}\n`)).toBe(!flag.later);
    expect(await say('help', verb)).toMatchObject({ code: 0, out });
  });
  it.each(['run', 'sweep', 'validate'])('%s with a scenario tells its parameters, its policy’s and its balancer’s', async (verb) => {
    const { code, out } = await say(verb, 'trace-replay', '--help'), { out: plain } = await say(verb, '--help');
    expect(code).toBe(0);
    expect(out.startsWith(plain)).toBe(true);
    for (const text of ['parameters of trace-replay, with their defaults', '  engines=1 ', 'late: one queue']) expect(out).toContain(text);
    expect((await say('help', verb, 'loco-fairness')).out).toMatch(/those of its policy loco\n  alpha=0\.25 .*\(0 to 1; |\n/s);
    expect((await say(verb, 'nosuch', '--help')).out).toBe(plain);
  });
  it('hints at the verb that was meant', async () => {
    const { code, err } = await say('swep', 'loco-fairness');
    expect(code).toBe(2);
    expect(err.replace(/\n +/g, ' ')).toBe(`error: unknown verb "swep" Did you mean "sweep"? Valid: ${[...verbNames()].sort().join(', ')}.\n`);
  });
  it.each(LATER_VERBS.map((verb) => [verb]))('says that %s is not possible yet, and lists the verbs that are', async (verb) => {
    const { code, out, err } = await say(verb, 'x', '--y');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`the verb "${verb}" is not possible yet`);
    expect(err).toMatch(/Valid: .*run, .*sweep/);
  });
  it('wants the verb first', async () => { expect(await say('--json', 'list')).toMatchObject({ code: 2, err: expect.stringContaining('where a verb is expected') as string }); });
  it.each(['constructor', '__proto__', 'toString', ''])('takes %j for no verb', async (verb) => { expect((await say(verb)).code).toBe(2); });
});

describe('flags', () => {
  const refused = (verb: VerbName, ...args: string[]): string => { try { parse(verb, args); } catch (error) { return (error as Error).message; } throw new Error('accepted'); };
  it('take their value after a space or an equals sign, and after their short name', () => {
    expect(parse('run', ['s', '--reps', '3', '--seed=x', '-j', '2', '-o=d']).text('reps')).toBe('3');
    expect(['seed', 'jobs', 'out'].map((name) => parse('run', ['s', '--reps', '3', '--seed=x', '-j2', '-o', 'd']).text(name))).toEqual(['x', '2', 'd']);
  });
  it('stay text: a seed of zeros is kept', () => { expect(parse('run', ['s', '--seed', '007']).text('seed')).toBe('007'); });
  it('leave positionals as they stand', () => { expect(parse('run', ['s', 'alpha=0.10', 'a.b=1', '5', '0x10']).positionals).toEqual(['s', 'alpha=0.10', 'a.b=1', '5', '0x10']); });
  it('collect what may be repeated', () => { expect(parse('sweep', ['s', '--zip', 'a=1', '--zip', 'b=2']).list('zip')).toEqual(['a=1', 'b=2']); });
  it('hint at the flag that was meant', () => { expect(refused('sweep', 's', '--resp', '3')).toContain('Did you mean --reps?'); });
  it('tell a parameter with dashes from a flag', () => { expect(refused('run', 's', '--alpha=0.5')).toContain('Parameters of a scenario have no dashes: alpha=0.5.'); });
  it('are refused when given twice', () => { expect(refused('run', 's', '--seed', 'a', '--seed', 'b')).toContain('given twice (a, b)'); });
  it('need their value', () => { expect(refused('run', 's', '--reps')).toContain('--reps in run needs a value. Write --reps N.'); });
  it.each(['--price-per-gpu-hour=2'])('%s is not possible yet, and says so', (flag) => { expect(refused('run', 's', flag)).toContain('not possible yet'); });
});
