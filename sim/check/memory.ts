// Whether a policy or a balancer keeps what is over: tens of thousands of calls come and go, and what is held afterwards is weighed.
import { CALL_ENDED, CALL_RUNNING, CALL_WAITING, CallTable } from '../../src/dispatch/calls.ts';
import { LoadBoard } from '../../src/dispatch/load-board.ts';
import { knowledgeAsked, KNOWS_NOTHING } from '../../src/policies/policy.ts';
import { seededRandom } from '../../src/random.ts';
import type { BalancerUnderCheck } from './balancer-desk.ts';
import type { PolicyUnderCheck } from './policy-desk.ts';
import type { Shown } from './search.ts';

/** Bytes in use, garbage collected before. */
export type HeapMeter = () => number;

const CALLS = 60_000;
/** Bytes a call from which on something is kept: the smallest thing that can be kept of a call is a number in a list. */
const LEAST = 4;

/** Weighs twice, because one growth may be an accident of the heap. */
async function heldPerCall(heap: HeapMeter, batch: (from: number) => void): Promise<number> {
  // What was left to a promise is done before it is weighed: its fault is another.
  const weighed = async (n: number): Promise<number> => { batch(n * CALLS); await Promise.resolve(); return heap(); };
  const start = await weighed(0), middle = await weighed(1);
  if ((middle - start) / CALLS < LEAST) return 0;
  const end = await weighed(2), last = await weighed(3);
  return Math.max(0, (last - start) / (3 * CALLS)) >= LEAST && last > end - CALLS * LEAST ? (last - start) / (3 * CALLS) : 0;
}

interface End { readonly how: string; readonly waits?: boolean; readonly isCancelled?: boolean; readonly tool?: boolean }

/** The shortest first: a history with a tool is shown where it takes one. */
const ENDS: readonly End[] = [{ how: 'ends' }, { how: 'is cancelled while it waits', waits: true, isCancelled: true }, { how: 'is cancelled while it runs', isCancelled: true }, { how: 'ends', tool: true }];

function shownAs({ how, tool = false }: End, bytes: number): Shown {
  return {
    why: `${Math.round(bytes)} bytes are held for every call that ${how}${tool ? ' and whose program uses a tool then' : ''}, after all of them are over`,
    lines: ['a call arrives', `it ${how}`, ...(tool ? ['a tool of its program starts', 'the tool ends'] : []), 'its program is over', `… and so on, ${CALLS} times with as many programs and 5 agents`],
  };
}

export async function heldByPolicy({ definition, options }: PolicyUnderCheck, heap: HeapMeter): Promise<Shown | undefined> {
  for (const end of ENDS) {
    const calls = new CallTable(4), admits = { open: new Uint8Array(2).fill(1), version: 0 };
    const policy = definition.create({ calls, random: seededRandom('check'), knowledge: { ...KNOWS_NOTHING, level: knowledgeAsked(definition, options), outputTokens: () => 40, programTokens: () => 40 }, options });
    let nowUs = 0;
    const bytes = await heldPerCall(heap, (from) => {
      for (let program = from; program < from + CALLS; program++) {
        const call = calls.allocate(program, 0, program % 5);
        calls.arrivedUs[call] = ++nowUs;
        calls.state[call] = CALL_WAITING;
        policy.arrive(call, nowUs);
        if (end.waits !== true) {
          policy.first(admits, nowUs);
          calls.state[call] = CALL_RUNNING;
          calls.engine[call] = 0;
          calls.grantedUs[call] = nowUs;
          policy.grant(call, nowUs);
        }
        nowUs += 1000;
        calls.state[call] = CALL_ENDED;
        if (end.isCancelled === true) policy.cancel(call, end.waits !== true, nowUs); else { calls.outputTokens[call] = 40; policy.finish(call, true, nowUs); }
        if (end.tool === true) { policy.toolStart?.(program, nowUs); policy.toolEnd?.(program, nowUs += 1000); }
        policy.programEnd?.(program, nowUs);
        calls.release(call);
      }
    });
    if (bytes > 0) return shownAs(end, bytes);
  }
  return undefined;
}

export async function heldByBalancer({ definition, options }: BalancerUnderCheck, heap: HeapMeter): Promise<Shown | undefined> {
  const calls = new CallTable(4), board = new LoadBoard(3, 0), candidates = Int32Array.of(0, 1, 2);
  const balancer = definition.create({ calls, random: seededRandom('check'), options });
  let nowUs = 0;
  const bytes = await heldPerCall(heap, (from) => {
    for (let program = from; program < from + CALLS; program++) {
      const call = calls.allocate(program, 0, program % 5);
      board.touch(nowUs += 1000);
      const engine = balancer.pick(call, candidates, 3, board, nowUs);
      calls.engine[call] = engine;
      balancer.routed?.(call, engine, nowUs);
      balancer.finished?.(call, engine, nowUs);
      calls.release(call);
    }
  });
  return bytes > 0 ? shownAs({ how: 'ends' }, bytes) : undefined;
}
