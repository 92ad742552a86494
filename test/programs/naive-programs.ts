// Programs by their definition: after each thing that ends, every rule is asked of every node until nothing changes. Slow, and simple enough to be believed.
import { NEED_ALL, NEED_SETTLED, NODE_CALL, NODE_TOOL, type PlanNode } from '../../src/programs/plan.ts';

export type Fate = 'pending' | 'thinking' | 'flying' | 'tool' | 'done' | 'lost' | 'withdrawn';
/** How long each attempt of a call takes, and whether it is lost; the last one holds for all further attempts. */
export type Attempts = readonly { readonly us: number; readonly isLost: boolean }[];

export interface Told { readonly fate: Fate[]; readonly metUs: number[]; readonly endUs: number[]; outcome: 'completed' | 'failed' | undefined; outcomeUs: number }

export function naiveProgram(nodes: readonly PlanNode[], attempts: readonly Attempts[]): Told {
  const n = nodes.length, fate = nodes.map((): Fate => 'pending'), asleep = nodes.map((node) => node.dormant === true), tries = nodes.map(() => 0), due = nodes.map(() => Infinity);
  const told: Told = { fate, metUs: nodes.map(() => -1), endUs: nodes.map(() => -1), outcome: undefined, outcomeUs: -1 };
  const all = [...nodes.keys()], over = (i: number): boolean => fate[i] === 'done' || fate[i] === 'lost' || fate[i] === 'withdrawn';
  const children = (i: number): number[] => all.filter((c) => nodes[c]!.parents.includes(i));
  const ready: number[] = [];
  let nowUs = 0;

  const end = (i: number, how: Fate): void => { fate[i] = how; told.endUs[i] = nowUs; due[i] = Infinity; };
  const decide = (how: 'completed' | 'failed'): void => { told.outcome ??= how; told.outcomeUs = nowUs; };
  const begin = (i: number): void => {
    const { kind, toolUs = 0 } = nodes[i]!;
    if (kind === NODE_CALL) {
      const attempt = attempts[i]![Math.min(tries[i]!++, attempts[i]!.length - 1)]!;
      fate[i] = 'flying';
      due[i] = nowUs + attempt.us;
    } else if (kind === NODE_TOOL && toolUs > 0) { fate[i] = 'tool'; due[i] = nowUs + toolUs; } else done(i);
  };
  const meet = (i: number): void => {
    told.metUs[i] = nowUs;
    fate[i] = 'thinking';
    ready.push(i);
  };
  const think = (i: number): void => {
    if ((nodes[i]!.thinkUs ?? 0) > 0) due[i] = nowUs + nodes[i]!.thinkUs!;
    else begin(i);
  };
  function done(i: number): void {
    for (const woken of nodes[i]!.wakes ?? []) asleep[woken] = false;
    end(i, 'done');
  }
  const lose = (i: number): void => { end(i, 'lost'); if (children(i).every((c) => asleep[c])) decide('failed'); };
  /** One rule that applies, or none. */
  const step = (): boolean => {
    for (const i of all) {
      if (told.outcome !== undefined) return false;
      const kids = children(i).filter((c) => !asleep[c]);
      if (!over(i) && !asleep[i] && kids.length > 0 && kids.every((c) => fate[c] !== 'pending')) { end(i, 'withdrawn'); return true; }
      if (fate[i] !== 'pending' || asleep[i]) continue;
      if (nodes[i]!.parents.length === 0) continue;
      const { parents, need: asked = NEED_ALL } = nodes[i]!, need = asked === parents.length ? NEED_ALL : asked, well = parents.filter((p) => fate[p] === 'done').length, open = parents.filter((p) => !over(p) && !asleep[p]).length, lost = parents.some((p) => fate[p] === 'lost');
      if (need > 0 ? well >= need : open === 0 && well > 0 && (need === NEED_SETTLED || !lost)) { meet(i); return true; }
      if (need === NEED_ALL ? lost : need === NEED_SETTLED ? open === 0 && well === 0 && lost : well + open < need && lost) { lose(i); return true; }
    }
    const alone = all.find((i) => fate[i] === 'pending' && !asleep[i] && nodes[i]!.parents.length === 0);
    if (alone === undefined || told.outcome !== undefined) return false;
    meet(alone);
    return true;
  };
  const rest = (): void => {
    while (step());
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
      if (fate[next] === 'thinking' && told.outcome === undefined) think(next);
      while (step());
    }
    if (told.outcome === undefined && all.every((i) => fate[i] === 'pending' || over(i))) decide('completed');
  };

  for (const i of all) if (nodes[i]!.parents.length === 0 && !asleep[i]) meet(i);
  rest();
  while (told.outcome === undefined) {
    nowUs = Math.min(...due);
    const isLoss = (i: number): boolean => fate[i] === 'flying' && attempts[i]![Math.min(tries[i]! - 1, attempts[i]!.length - 1)]!.isLost;
    // What ends well in an instant is known before what is lost in it.
    const now = all.filter((i) => due[i] === nowUs), inOrder = [...now.filter((i) => !isLoss(i)), ...now.filter(isLoss)];
    for (const i of inOrder) {
      if (due[i] !== nowUs || told.outcome !== undefined) continue;
      due[i] = Infinity;
      if (fate[i] === 'thinking') begin(i);
      else if (fate[i] === 'tool') done(i);
      else if (!isLoss(i)) done(i);
      else {
        const rule = nodes[i]!.failure!;
        let waitUs = rule.backoffUs;
        for (let k = 1; k < tries[i]!; k++) waitUs = Math.min(waitUs * rule.factor, rule.mostUs);
        if (tries[i]! < rule.attempts) { fate[i] = 'thinking'; due[i] = nowUs + Math.max(1, Math.round(Math.min(waitUs, rule.mostUs))); }
        else if (rule.then === 'branch') lose(i);
        else { end(i, 'lost'); decide('failed'); }
      }
      rest();
    }
    if (n === 0) break;
  }
  return told;
}
