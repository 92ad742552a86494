// A toy engine of tokens: a step writes a token for every running call, and a call begins when the pool has room for the whole of its length. Nothing is preempted.
import { CallTable, type CallSlot } from '../../src/dispatch/calls.ts';
import { seededRandom } from '../../src/random.ts';
import { makePolicy } from './fair-rig.ts';

export interface Demand { readonly seed: number; readonly agents: number; /** Tokens that the pool holds. */ readonly poolTokens: number; /** Longest prompt, and longest output. */ readonly longest: number; /** Work offered ÷ what the engine can do, roughly; agent 1 offers twice as much as agent 0, agent 2 three times. */ readonly load: number; readonly steps: number; /** One call at a time. */ readonly isAlone?: boolean }

export interface Served {
  /** U = max(wp · longest prompt, wq · pool). */ readonly unit: number;
  /** Largest difference of counters of agents that wait. */ readonly spread: number;
  readonly hasFallen: boolean;
  /** Largest difference of service of two agents over a window in which both wait. */ readonly gap: number;
  /** Service by agent. */ readonly served: readonly number[];
  /** Calls as they began. */ readonly order: readonly number[];
}

const OPEN = { open: Uint8Array.of(1), version: 0 };

export function serve(name: string, given: Readonly<Record<string, number | string>>, { seed, agents, poolTokens, longest, load, steps, isAlone = false }: Demand): Served {
  const calls = new CallTable(), { policy } = makePolicy(name, given, calls), draw = seededRandom(`tokens/${seed}`), length = (): number => 1 + Math.floor(draw() * longest);
  const output: number[] = [], left: number[] = [], number: number[] = [], waiting = new Array<number>(agents).fill(0), newest = new Array<CallSlot>(agents).fill(-1), running: CallSlot[] = [], order: number[] = [], served = new Array<number>(agents).fill(0);
  // Calls a step that the pool could take: each holds it for its output.
  const perStep = (load * (isAlone ? 1 : Math.max(1, poolTokens / (longest + 1)))) / (longest / 2);
  let free = poolTokens, made = 0, gap = 0, spread = 0, hasFallen = false;
  const counters = new Array<number>(agents).fill(0), low = new Map<string, number>(), high = new Map<string, number>();
  const look = (): void => {
    for (let f = 0; f < agents; f++) for (let g = f + 1; g < agents; g++) {
      const pair = `${f}/${g}`, apart = served[f]! - served[g]!;
      if (waiting[f] === 0 || waiting[g] === 0) { low.delete(pair); high.delete(pair); continue; }
      low.set(pair, Math.min(low.get(pair) ?? apart, apart)); high.set(pair, Math.max(high.get(pair) ?? apart, apart));
      gap = Math.max(gap, high.get(pair)! - low.get(pair)!);
    }
  };
  const counted = (): void => {
    if (name !== 'vtc') return;
    const now: number[] = [];
    // An agent is served oldest call first, so that its newest waits as long as any does.
    for (let agent = 0; agent < agents; agent++) if (waiting[agent]! > 0) { const counter = policy.explain!(newest[agent]!, 0)['counter']!; if (counter < counters[agent]!) hasFallen = true; counters[agent] = counter; now.push(counter); }
    if (now.length > 1) spread = Math.max(spread, Math.max(...now) - Math.min(...now));
  };
  for (let step = 0; step < steps; step++) {
    for (let due = perStep; due > 0; due--) {
      if (due < 1 && draw() >= due) break;
      const agent = Math.floor((Math.sqrt(1 + 4 * agents * (agents + 1) * draw()) - 1) / 2), call = calls.allocate(made, 0, agent);
      calls.promptTokens[call] = length(); calls.arrivedUs[call] = step; output[call] = left[call] = length(); number[call] = made++;
      policy.arrive(call, step);
      waiting[agent]!++;
      newest[agent] = call;
    }
    look();
    while (policy.waiting > 0 && !(isAlone && running.length > 0)) {
      const call = policy.first(OPEN, step), needs = calls.promptTokens[call]! + output[call]!;
      if (needs > free) break;
      free -= needs;
      policy.grant(call, step);
      served[calls.agent[call]!]! += calls.promptTokens[call]!;
      waiting[calls.agent[call]!]!--; running.push(call); order.push(number[call]!);
      look(); counted();
    }
    for (const call of [...running]) {
      policy.progress?.(call, 1, step);
      served[calls.agent[call]!]! += 2;
      if (--left[call]! > 0) continue;
      running.splice(running.indexOf(call), 1);
      free += calls.promptTokens[call]! + output[call]!;
      calls.outputTokens[call] = output[call]!;
      policy.finish(call, true, step);
      calls.release(call);
    }
    look(); counted();
  }
  return { unit: Math.max(longest, 2 * poolTokens), spread, hasFallen, gap, served, order };
}
