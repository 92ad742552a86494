// key=VALUES: fixed, swept, zipped and beside the grid; every slip has a message of its own.
import { describe, expect, it } from 'vitest';
import { parseAssignments } from '../../src/cli/assignments.ts';

const refused = (positionals: string[], zip: string[] = [], also: string[] = []): string => {
  try { parseAssignments(positionals, zip, also); } catch (error) { return (error as Error).message; }
  throw new Error('accepted');
};

describe('assignments', () => {
  it('one value is fixed, several are swept', () => {
    const found = parseAssignments(['policy=loco', 'alpha=0,1']);
    expect(found.fixed).toEqual({ policy: 'loco' });
    expect(found.swept).toEqual([{ key: 'alpha', values: ['0', '1'], text: '0,1' }]);
  });
  it('keys in step keep their order', () => {
    expect(parseAssignments([], ['a=1,2', 'b=x,y']).zip.map(({ key, values }) => [key, values])).toEqual([['a', ['1', '2']], ['b', ['x', 'y']]]);
  });
  it('a cell beside the grid is pairs', () => { expect(parseAssignments([], [], ['policy=fcfs,alpha=0']).also).toEqual([{ policy: 'fcfs', alpha: '0' }]); });
  it('a value may hold an equals sign', () => { expect(parseAssignments(['service=hyperexponential:cv2=10']).fixed).toEqual({ service: 'hyperexponential:cv2=10' }); });
  it('an empty value is kept for its parameter to judge', () => { expect(parseAssignments(['balancer=']).fixed).toEqual({ balancer: '' }); });

  it.each([
    [['alpha'], 'has no "="'], [['=1'], 'no name of a parameter'], [['__proto__=1'], 'no name of a parameter'], [['a b=1'], 'no name of a parameter'],
    [['a=1', 'a=2'], 'given twice'], [['reps=1,2'], 'never swept'], [['seed=1,2'], 'never swept'],
  ])('refuses %j', (tokens, why) => { expect(refused(tokens)).toContain(why); });
  it('refuses a key that is swept and zipped', () => { expect(refused(['a=1,2'], ['a=1,2', 'b=1,2'])).toContain('given twice'); });
  it('refuses lists of different lengths, with the lengths', () => { expect(refused([], ['a=1,2', 'b=x,y,z'])).toContain('a has 2, b has 3'); });
  it('refuses a zip of one key', () => { expect(refused([], ['a=1,2'])).toContain('stands alone'); });
  it('refuses a list in --also', () => { expect(refused([], [], ['a=1:3:1'])).toContain('--also makes one cell'); });
  it('refuses a grid past ten thousand cells, with the count', () => { expect(refused(['a=lin:0:1:101', 'b=lin:0:1:100'])).toContain('10100 cells (a: 101 × b: 100)'); });
});
