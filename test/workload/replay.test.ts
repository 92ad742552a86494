// A trace as programs: order, times, service, agents.
import { describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { assignAgents, traceClasses } from '../../sim/workload/identity.ts';
import { checkReplay, ReplayWorkload } from '../../sim/workload/replay.ts';
import { readTrace, readTraceBytes } from '../../sim/workload/traces/read.ts';
import { ProgramDraft } from '../../sim/workload/workload.ts';
import { sharedData } from './shared.ts';

const read = (text: string) => readTraceBytes('t', Buffer.from(text)).trace;
const trace = read('id,arrival,prompt_tokens,output_tokens,session,class\na,0,8000,50,s1,busy\nb,0.0000015,0,0,s2,quiet\nc,10,4000,1,s1,busy\n');
const rates = { prefillRate: 8000, decodeRate: 50 };

function drafts(workload: ReplayWorkload): { arrivalUs: number; program: number; agent: number; callClass: number; serviceUs: number; firstTokenUs: number; id: string }[] {
  const draft = new ProgramDraft(), out = [];
  while (workload.next(draft)) out.push({ arrivalUs: draft.arrivalUs, program: draft.program, agent: draft.agent, callClass: draft.callClass, serviceUs: draft.serviceUs[0], firstTokenUs: draft.firstTokenUs[0], id: draft.id });
  return out;
}

function complaint(run: () => unknown): SchedlabError {
  try { run(); } catch (error) { if (error instanceof SchedlabError) return error; throw error; }
  throw new Error('no error was thrown');
}

describe('a replayed trace', () => {
  it('is one program of one call a row, with service from its lengths', () => {
    const workload = new ReplayWorkload({ trace, assignment: assignAgents(trace, 'session'), ...rates });
    expect(workload.total).toBe(3);
    expect(traceClasses(trace)).toEqual(['busy', 'quiet']);
    expect(drafts(workload)).toEqual([
      { arrivalUs: 0, program: 0, agent: 0, callClass: 0, serviceUs: 2_000_000, firstTokenUs: 1_020_000, id: 'a' },
      { arrivalUs: 2, program: 1, agent: 1, callClass: 1, serviceUs: 1, firstTokenUs: 1, id: 'b' },
      { arrivalUs: 10_000_000, program: 2, agent: 0, callClass: 0, serviceUs: 520_000, firstTokenUs: 520_000, id: 'c' },
    ]);
  });

  it('has no first token later than its end, where it has no output', () => {
    const [, , last] = drafts(new ReplayWorkload({ trace: read('arrival,prompt_tokens,output_tokens\n0,1,1\n1,1,1\n2,80,0\n'), ...rates }));
    expect(last).toMatchObject({ serviceUs: 10_000, firstTokenUs: 10_000, id: '2' });
  });

  it('arrives faster by the factor of its speed and works no faster', () => {
    const slow = drafts(new ReplayWorkload({ trace, ...rates })), fast = drafts(new ReplayWorkload({ trace, ...rates, speed: 3 }));
    expect(fast.map((draft) => draft.arrivalUs)).toEqual([0, 1, 3_333_333]);
    expect(fast.map((draft) => draft.serviceUs)).toEqual(slow.map((draft) => draft.serviceUs));
  });

  it('leaves nothing of the program before in the draft', () => {
    const draft = new ProgramDraft();
    draft.length = 3; draft.pin[0] = 2; draft.timeoutUs[0] = 9; draft.cancelUs[0] = 9; draft.thinkUs[0] = 9; draft.weight = 4;
    new ReplayWorkload({ trace, ...rates }).next(draft);
    expect([draft.length, draft.pin[0], draft.timeoutUs[0], draft.cancelUs[0], draft.thinkUs[0], draft.weight]).toEqual([1, -1, 0, 0, 0, 1]);
  });

  it.each([['prefillRate', 0], ['decodeRate', -1], ['speed', NaN], ['speed', Infinity]])('refuses %s of %s', (name, value) => {
    expect(complaint(() => new ReplayWorkload({ trace, ...rates, [name]: value }))).toMatchObject({ code: 'ERR_OPTION_RANGE', exitCode: 2 });
  });

  it('refuses rates by which it would outlast the clock', () => {
    expect(complaint(() => new ReplayWorkload({ trace, prefillRate: 1e-9, decodeRate: 50 })).code).toBe('ERR_OPTION_RANGE');
    expect(complaint(() => new ReplayWorkload({ trace, ...rates, speed: 1e-12 })).code).toBe('ERR_OPTION_RANGE');
  });
});

const mooncake = sharedData('traces/mooncake-conversation.jsonl');
describe('the Mooncake conversation', () => {
  it.skipIf(mooncake.absent)(mooncake.name('replays every row in order with the service of the default rates'), () => {
    const real = readTrace(mooncake.path).trace;
    const all = drafts(new ReplayWorkload({ trace: real, assignment: assignAgents(real, 'hash:10'), ...rates }));
    expect(all).toHaveLength(12_031);
    for (let i = 0; i < all.length; i++) {
      expect(all[i].program).toBe(i);
      expect(all[i].serviceUs).toBe(Math.round((real.promptTokens[i] / 8000 + real.outputTokens[i] / 50) * 1e6));
      expect(all[i].arrivalUs).toBeGreaterThanOrEqual(all[i - 1]?.arrivalUs ?? 0);
    }
  });
});

describe('a trace of programs', () => {
  const own = (...rows: string[]) => readTraceBytes('t', Buffer.from(rows.join('\n')), 'schedlab').trace;
  const call = (id: string, more: string): string => `{"id":"${id}","program":"p","prompt":[[null,8000]],"output_tokens":50,${more}}`;
  const chains = own(call('a', '"arrival":1,"tool_s":2'), call('x', '"arrival":0,"tool_s":9').replace('"p"', '"q"'), call('b', '"parents":["a"],"after_s":0.5,"tool_s":1'), ...Array.from({ length: 20 }, (_, i) => call(`c${i}`, `"parents":["${i === 0 ? 'b' : `c${i - 1}`}"],"after_s":0`)));

  it('is chains: a call comes after its parent, the tool of that, and its own wait', () => {
    const workload = new ReplayWorkload({ trace: chains, ...rates }), draft = new ProgramDraft();
    expect(workload.total).toBe(2);
    workload.next(draft);
    expect([draft.arrivalUs, draft.length, draft.id, draft.ids]).toEqual([0, 1, 'x', []]);
    workload.next(draft);
    expect([draft.arrivalUs, draft.length, draft.id, draft.ids.slice(0, 3)]).toEqual([1_000_000, 22, 'a', ['a', 'b', 'c0']]);
    expect([...draft.thinkUs.subarray(0, 4)]).toEqual([0, 2_500_000, 1_000_000, 0]);
    expect([...draft.serviceUs.subarray(0, 22)]).toEqual(new Array(22).fill(2_000_000));
    expect(workload.next(draft)).toBe(false);
  });

  it('says which tools and which parents are not simulated', () => {
    expect(checkReplay({ trace: chains, ...rates }).join('; ')).toMatch(/21 calls of 23 come after_s .*the tool after 1 call is not simulated/);
    expect(checkReplay({ trace: own(call('a', '"arrival":1'), call('b', '"arrival":2,"parents":["a"]')), ...rates })).toEqual([expect.stringContaining('1 call with parents arrive at their recorded times')]);
    expect(checkReplay({ trace, ...rates })).toEqual([expect.stringMatching(/^open loop: /)]);
  });

  it('refuses one that changes its class, by the names of its calls', () => {
    const rows = [call('a', '"arrival":1,"class":"x"'), call('b', '"parents":["a"],"after_s":0,"class":"y"')];
    expect(complaint(() => checkReplay({ trace: own(...rows), ...rates }))).toMatchObject({ code: 'ERR_NOT_POSSIBLE', exitCode: 2, message: expect.stringMatching(/"a" and "b" of one program have different classes.*the same, or those of another class arrival times/) as string });
  });

  it('gives all calls of a program to the agent of the first, and refuses one that changes hands', () => {
    expect(new Set([...assignAgents(chains, 'hash:1000').agentOf].slice(1)).size).toBe(1);
    const changing = own(call('a', '"arrival":1,"agent":"x"'), call('b', '"parents":["a"],"after_s":0,"agent":"y"'));
    expect(complaint(() => checkReplay({ trace: changing, assignment: assignAgents(changing, 'field:agent'), ...rates })).message).toContain('have different agents');
  });

  it('gives calls that wait for each other to one agent, at however many places they begin', () => {
    const rows = own(...Array.from({ length: 9 }, (_, i) => call(`r${i}`, `"arrival":${i}`)), call('end', '"parents":["r8","r0","r4"],"after_s":0'), call('more', '"parents":["r1","r2"],"after_s":0'));
    const { agentOf } = assignAgents(rows, 'hash:100000'), of = (...ids: string[]): number => new Set(ids.map((id) => agentOf[rows.ids!.indexOf(id)])).size;
    expect([of('r0', 'r4', 'r8', 'end'), of('r1', 'r2', 'more'), of('r0', 'r1', 'r3', 'r5', 'r6', 'r7')]).toEqual([1, 1, 6]);
  });
});
