// Figure 9 of Autellix: a DAG on a batch of two. ATLAS gives siblings one priority, so that ties decide its makespan, from the best to the worst.
import { describe, expect, it } from 'vitest';
import { CALL_WAITING, CallTable, type CallSlot } from '../../../src/dispatch/calls.ts';
import { resolveOptions } from '../../../src/options.ts';
import { AtlasPolicy, atlasOptions } from '../../../src/policies/atlas-policy.ts';
import { atlas } from '../../../src/policies/atlas.ts';

interface Node { readonly name: string; readonly steps: number; readonly parents: readonly string[] }

/** The root forks into four; the first two join; everything joins in the end. Siblings stand in the order in which they are listed. */
const dag = (siblings: readonly Node[]): readonly Node[] => [
  { name: 'root', steps: 2, parents: [] }, ...siblings, { name: 'join', steps: 4, parents: ['one', 'four'] }, { name: 'end', steps: 1, parents: ['join', 'two', 'five'] },
];
const SIBLINGS: readonly Node[] = [['one', 1], ['four', 4], ['two', 2], ['five', 5]].map(([name, steps]) => ({ name: String(name), steps: Number(steps), parents: ['root'] }));

/** Unit steps: what has all its parents comes, the batch is the first two of the walk, each produces a token. Ordinals are the order in the list, so that ties fall as it stands. */
function play(nodes: readonly Node[], mode: string): { readonly makespan: number; readonly inherited: Readonly<Record<string, number>> } {
  const calls = new CallTable(), policy = new AtlasPolicy(calls, atlasOptions(resolveOptions(atlas.params, { mode, bounds: '0/1/2/3/4/5/6/7/8/9/10/11/12', quanta: Array(13).fill(1000).join('/'), beta: 0 }, 'fig9')));
  const slots = new Map<string, CallSlot>(), left = new Map<string, number>(), done = new Set<string>(), running = new Set<string>(), inherited: Record<string, number> = {};
  for (let now = 0; ; now++) {
    nodes.forEach(({ name, steps, parents }, ordinal) => {
      if (slots.has(name) || !parents.every((parent) => done.has(parent))) return;
      const call = calls.allocate(0, ordinal, 0);
      calls.arrivedUs[call] = now; calls.state[call] = CALL_WAITING;
      calls.setParents(call, parents.map((parent) => nodes.findIndex((node) => node.name === parent)));
      policy.arrive(call, now);
      slots.set(name, call); left.set(name, steps);
      inherited[name] = policy.table.inherited[call]!;
    });
    if (done.size === nodes.length) return { makespan: now, inherited };
    const chosen: string[] = [];
    policy.walk((call) => { chosen.push([...slots].find(([, slot]) => slot === call)![0]); return chosen.length < 2; }, now);
    for (const name of running) if (!chosen.includes(name)) policy.preempt(slots.get(name)!, now);
    for (const name of chosen) if (!running.has(name)) policy.grant(slots.get(name)!, now);
    running.clear();
    for (const name of chosen) {
      policy.progress(slots.get(name)!, 1, now + 1);
      left.set(name, left.get(name)! - 1);
      if (left.get(name) === 0) { policy.finish(slots.get(name)!, true, now + 1); done.add(name); } else running.add(name);
    }
  }
}

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.length === 0 ? [[]] : items.flatMap((item, i) => orders(items.filter((_, k) => k !== i)).map((rest) => [item, ...rest]));
}

describe('figure 9 of Autellix', () => {
  it.each(['scalar', 'parents'])('has makespans 11 four times, 12 and 13 eight times, 14 four times over the 24 orders of siblings, mode=%s', (mode) => {
    const counts = new Map<number, number>();
    for (const siblings of orders(SIBLINGS)) { const { makespan } = play(dag(siblings), mode); counts.set(makespan, (counts.get(makespan) ?? 0) + 1); }
    expect([...counts].sort(([a], [b]) => a - b)).toEqual([[11, 4], [12, 8], [13, 8], [14, 4]]);
  });

  it('gives priorities 0, 2, 6 and 10 by parents, whatever the order', () => {
    for (const siblings of orders(SIBLINGS)) expect(play(dag(siblings), 'parents').inherited).toEqual({ root: 0, one: 2, four: 2, two: 2, five: 2, join: 6, end: 10 });
  });
});
