// The preempting engine tells its policy of one instant in one order, whichever kernel event came first.
import { describe, expect, it } from 'vitest';
import { fcfs } from '../../src/policies/fcfs.ts';
import { definePolicy, type Policy } from '../../src/policies/policy.ts';
import type { TieMode } from '../../sim/kernel/event-queue.ts';
import { modelOf, play } from '../worlds/scripted-model.ts';

/** Programs of one agent each. 3 comes first and takes longest, so that the order of the walk is not that of the keys. */
const PROGRAMS = [
  { arrivalUs: 0, calls: [{ serviceUs: 4000, outputTokens: 4 }] }, { arrivalUs: 0, calls: [{ serviceUs: 3000, outputTokens: 3 }] },
  { arrivalUs: 1000, calls: [{ serviceUs: 3000, outputTokens: 3 }] }, { arrivalUs: 1000, calls: [{ serviceUs: 2000, outputTokens: 2 }] }, { arrivalUs: 1000, calls: [{ serviceUs: 9000, outputTokens: 9 }] },
];

/** What a policy is told, in words: `finish 0 at 4000`. */
async function told(ties: TieMode): Promise<{ said: string[]; digests: string[] }> {
  const said: string[] = [];
  const policy = definePolicy({
    ...fcfs, name: 'listener',
    create: (parts) => {
      const own = fcfs.create(parts), { program } = parts.calls, { finish, walk } = own;
      own.progress = (call, tokens, at) => { said.push(`progress ${program[call]} ${tokens} at ${at}`); };
      own.finish = (call, well, at) => { said.push(`finish ${program[call]} at ${at}`); finish.call(own, call, well, at); };
      // Newest first among those that run, so that a walk differs from the keys.
      own.walk = (visit, at) => { const all: number[] = []; walk.call(own, (call) => { all.push(call); return true; }, at); for (const call of all.reverse()) if (!visit(call)) return; };
      return own as Policy;
    },
  });
  const record = await play(modelOf({ programs: PROGRAMS, policy, place: 'engine', window: Infinity, engines: { slots: 5, discipline: 'preempt-resume' } }), { perturb: { ties } });
  return { said, digests: [record.orderDigest, record.resultDigest] };
}

describe('calls that end at one instant in a preempting engine', () => {
  it('are told by their keys, after the progress of all of them in walk order', async () => {
    const { said } = await told('fifo');
    expect(said.filter((line) => line.endsWith('at 3000'))).toEqual(['progress 3 2 at 3000', 'progress 1 3 at 3000', 'finish 1 at 3000', 'finish 3 at 3000']);
    expect(said.filter((line) => line.endsWith('at 4000'))).toEqual(['progress 2 3 at 4000', 'progress 0 4 at 4000', 'finish 0 at 4000', 'finish 2 at 4000']);
  });
  it('are told alike, however ties fall', async () => {
    const wanted = await told('fifo');
    for (const ties of ['lifo', 'shuffle'] as const) expect(await told(ties)).toEqual(wanted);
  });
});
