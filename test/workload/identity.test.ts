// Who asks in a trace: hashing, fields, and what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { assignAgents, checkIdentity, fnv1a32, parseIdentity, traceClasses } from '../../sim/workload/identity.ts';
import { readTraceBytes } from '../../sim/workload/traces/read.ts';

const read = (text: string) => readTraceBytes('t', Buffer.from(text)).trace;
const bare = read('arrival,prompt_tokens,output_tokens\n0,1,1\n1,1,1\n2,1,1\n3,1,1\n');
const named = read('id,arrival,prompt_tokens,output_tokens,session,class,agent\nx,0,1,1,s2,busy,\ny,1,1,1,s1,quiet,b\nz,2,1,1,s2,busy,b\n');

function complaint(run: () => unknown): SchedlabError {
  try { run(); } catch (error) { if (error instanceof SchedlabError) return error; throw error; }
  throw new Error('no error was thrown');
}

describe('FNV-1a', () => {
  it('gives the published values', () => {
    expect(['', 'a', 'foobar'].map(fnv1a32)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it('agrees with whole-number arithmetic on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      let hash = 0x811c9dc5n;
      for (const byte of Buffer.from(text, 'utf8')) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
      expect(fnv1a32(text)).toBe(Number(hash));
    }));
  });
});

describe('hash:N', () => {
  it('makes N agents and hashes the row number from 0 where a trace has no ids', () => {
    const { agents, agentOf, assumption } = assignAgents(bare, 'hash:7');
    expect(agents).toHaveLength(7);
    expect([...agentOf]).toEqual(['0', '1', '2', '3'].map((id) => fnv1a32(id) % 7));
    expect(assumption).toContain('7 of them');
  });

  it("hashes the trace's own id where it has one", () => {
    expect([...assignAgents(named, 'hash:1000').agentOf]).toEqual(['x', 'y', 'z'].map((id) => fnv1a32(id) % 1000));
  });

  it('makes as many agents as are asked for, up to a million', () => {
    expect(assignAgents(bare, 'hash:1').agents).toEqual([{ name: 'agent-0', class: 'all' }]);
    expect(assignAgents(bare, 'hash:1000000').agents).toHaveLength(1_000_000);
  });
});

describe('a field', () => {
  it('gives an agent to each of its values, in order of first arrival, with the class of its first call', () => {
    const { agents, agentOf } = assignAgents(named, 'session');
    expect(agents).toEqual([{ name: 's2', class: 'busy' }, { name: 's1', class: 'quiet' }]);
    expect([...agentOf]).toEqual([0, 1, 0]);
  });

  it('that is empty makes an agent of its own', () => {
    expect(assignAgents(named, 'field:agent').agents.map((agent) => agent.name)).toEqual(['(none)', 'b']);
  });

  it('that is missing is refused, naming those that exist', () => {
    const error = complaint(() => assignAgents(named, 'program'));
    expect(error).toMatchObject({ code: 'ERR_OPTION_RANGE', exitCode: 2 });
    expect(error.message).toContain('agent, class, session');
    expect(complaint(() => assignAgents(bare, 'field:constructor')).message).toContain('no text fields');
  });
});

describe('identity', () => {
  it('none leaves the calls to nobody', () => {
    const { agents, agentOf } = assignAgents(bare, 'none');
    expect(agents).toEqual([]);
    expect([...agentOf]).toEqual([0, 0, 0, 0]);
  });

  it.each(['hash:0', 'hash:1000001', 'hash:', 'hash:1.5', 'hash:-1', 'hash', 'field:', 'agent', '', 'hash:00000001'])('refuses %j', (text) => {
    expect(complaint(() => parseIdentity(text)).code).toBe('ERR_OPTION_RANGE');
    expect(checkIdentity(text)).toContain('hash:N');
  });

  it.each(['hash:1', 'hash:1000000', 'program', 'session', 'field:x y', 'none'])('accepts %j', (text) => {
    expect(checkIdentity(text)).toBeUndefined();
  });
});

describe('classes of calls', () => {
  it('are the texts of the column in order of first arrival; an empty one has a name, and none has the bracket of metric names', () => {
    expect(traceClasses(named)).toEqual(['busy', 'quiet']);
    expect(traceClasses(read('arrival,prompt_tokens,output_tokens,class\n0,1,1,b\n1,1,1,\n2,1,1,a]\n3,1,1,b\n'))).toEqual(['b', '(none)', 'a)']);
    expect(traceClasses(bare)).toEqual([]);
  });

  it('are at most a hundred', () => {
    const many = read(`arrival,prompt_tokens,output_tokens,class\n${Array.from({ length: 101 }, (_, i) => `${i},1,1,c${i}`).join('\n')}\n`);
    expect(complaint(() => traceClasses(many))).toMatchObject({ code: 'ERR_TRACE_FORMAT', message: expect.stringContaining('101 values') as string });
  });
});
