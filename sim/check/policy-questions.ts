// What is asked of a policy at the desk, and what its answers are held against.
import type { Policy } from '../../src/policies/policy.ts';
import { Violation } from './clauses.ts';
import type { Desk, Known } from './desk.ts';
import type { Guard } from './guard.ts';

/** A policy with what it is held against. `asks`: how often every question is put. */
export interface Questioned { readonly policy: Policy; readonly desk: Desk; readonly guard: Guard; readonly asks: number }

/** `waiting` against the history's own count. `clause`: the one that a wrong count breaks here. */
export function readWaiting({ policy, desk, guard }: Questioned, clause: string): void {
  const waiting: unknown = guard.user('waiting', () => policy.waiting), counted = desk.waiting().length;
  if (typeof waiting !== 'number' || !Number.isInteger(waiting)) throw new Violation('numbers', `waiting is ${String(waiting)}`);
  if (waiting !== counted) throw new Violation(clause, `waiting is ${waiting}, and ${counted} call${counted === 1 ? ' waits' : 's wait'}`);
}

/** Puts the question `first`, as often as the play says, and answers the call; nothing for −1. `when`: of a question that nobody grants. */
export function readAnswer(at: Questioned, when: string | undefined): Known | undefined {
  const { policy, desk, guard } = at, asked = when === undefined ? '' : `${when}, `;
  const ask = (): unknown => guard.user('first', () => policy.first(desk.admits, desk.nowUs));
  const answer = ask();
  if (typeof answer !== 'number' || !Number.isInteger(answer)) throw new Violation('numbers', `${asked}first answers ${String(answer)}`);
  for (let i = 1; i < at.asks; i++) {
    const again = ask();
    if (again !== answer) throw new Violation('asked-twice', `${asked}first answers ${desk.describe(answer)}, and asked again ${desk.describe(again)}`);
  }
  if (answer === -1) {
    const idle = desk.present.find((call) => desk.mayGo(call));
    if (idle) throw new Violation('never-idle', `${asked}first answers −1, and ${idle.name} waits and may go`);
    return undefined;
  }
  return candidate(at, answer, `${asked}first answers`);
}

/** The call behind an answer of `first`, which must wait and may go. */
function candidate({ desk }: Questioned, answer: number, said: string): Known {
  const call = answer < 0 ? undefined : desk.bySlot[answer];
  if (call === undefined) throw new Violation('waiting-only', `${said} ${answer}, which is no call that it was told of`);
  if (call.state !== 'waits') throw new Violation(call.state === 'over' && desk.lines.some((line) => line.includes(` ${call.name} is cancelled`)) ? 'cancel' : 'waiting-only', `${said} ${call.name}, which ${call.state === 'runs' ? 'runs' : 'is over'}`);
  if (!desk.mayGo(call)) throw new Violation('open-only', `${said} ${call.name}, which ${desk.calls.pin[call.slot] < 0 ? 'no engine has room for' : `only engine ${desk.calls.pin[call.slot]} may serve, and that has no room`}`);
  return call;
}

/** The whole walk, or its first `places`. Every call must be one that waits or runs, none twice; asked twice, the same. */
export function readWalk(at: Questioned, places: number): Known[] {
  const { desk } = at, shown = walked(at, places), again = walked(at, places);
  if (shown.map((call) => call.name).join() !== again.map((call) => call.name).join()) throw new Violation('asked-twice', `walk shows ${namesOf(shown)}, and asked again ${namesOf(again)}`);
  if (shown.length < Math.min(places, desk.present.length)) {
    const missing = desk.present.find((call) => !shown.includes(call));
    throw new Violation('walk-whole', `walk shows ${namesOf(shown)} and leaves out ${missing?.name ?? ''}, which ${missing?.state ?? ''}`);
  }
  return shown;
}

const namesOf = (calls: readonly Known[]): string => calls.map((call) => call.name).join(', ') || 'no call';

function walked({ policy, desk, guard }: Questioned, places: number): Known[] {
  const seen: unknown[] = [];
  let told = false, late = false;
  // A walk that never ends is cut by throwing: one more than there are calls is one too many.
  guard.user('walk', () => policy.walk((call) => {
    if (told) late = true;
    seen.push(call);
    if (seen.length > desk.present.length + 1) throw new Violation('walk-whole', `walk shows more calls than the ${desk.present.length} that wait or run`);
    return !(told = seen.length >= places);
  }, desk.nowUs));
  if (late) throw new Violation('walk-whole', 'walk goes on after visit answered false');
  return seen.map((slot, i) => {
    if (typeof slot !== 'number' || !Number.isInteger(slot)) throw new Violation('numbers', `walk shows ${String(slot)}`);
    const call = slot < 0 ? undefined : desk.bySlot[slot];
    if (call === undefined) throw new Violation('walk-whole', `walk shows ${slot}, which is no call that it was told of`);
    if (call.state === 'over') throw new Violation(desk.lines.some((line) => line.includes(` ${call.name} is cancelled`)) ? 'cancel' : 'walk-whole', `walk shows ${call.name}, which is over`);
    if (seen.indexOf(slot) < i) throw new Violation('walk-whole', `walk shows ${call.name} twice`);
    return call;
  });
}

/** The first waiting call of a walk is the one that `first` has just answered; where some may not go, the walk's order is that of another question. */
export function agree(at: Questioned, answer: Known | undefined): void {
  const shown = readWalk(at, Infinity), next = shown.find((call) => call.state === 'waits');
  if (next !== answer && shown.every((call) => call.state === 'runs' || at.desk.mayGo(call))) throw new Violation('walk-first', `first answers ${answer?.name ?? 'no call'}, and walk shows ${namesOf(shown)}, of which ${next?.name ?? 'no call'} is the first that waits`);
}

/** A call that was cancelled shows up nowhere. */
export function present(at: Questioned, gone: Known): void {
  const shown = readWalk(at, Infinity);
  if (shown.includes(gone)) throw new Violation('cancel', `walk shows ${gone.name}, which was cancelled`);
}

/** Terms behind the rank of a call; every one a number. */
export function termsOf({ policy, desk, guard }: Questioned, call: Known): Readonly<Record<string, number>> {
  if (!policy.explain) return {};
  const terms = guard.user('explain', () => policy.explain!(call.slot, desk.nowUs));
  for (const [name, value] of Object.entries(terms)) if (typeof value !== 'number' || Number.isNaN(value)) throw new Violation('numbers', `explain tells ${name} of ${call.name} as ${String(value)}`);
  return terms;
}

/** All that a receipt of a grant asks, in its order. */
export function askReceipts({ policy, desk, guard }: Questioned): void {
  guard.user('candidates', () => policy.candidates?.(desk.admits, () => true, desk.nowUs));
  if (policy.explain) for (const call of desk.waiting()) guard.user('explain', () => policy.explain!(call.slot, desk.nowUs));
  guard.user('answered', () => policy.answered?.(desk.nowUs));
  guard.user('tally', () => policy.tally?.());
}
