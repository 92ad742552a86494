// A receipt in words: who did what, when, and by which numbers. The same words for one call's life and for two runs side by side.
import { fixed } from '../../reports/numbers.ts';
import type { DecisionCandidate, DecisionLine } from '../../sim/results.ts';

type Caller = { readonly call: string; readonly agent: string };

/** A number with so many significant digits, zeros at its end left out; whole numbers as they are. */
export function figure(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return fixed(value, 0);
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(digits));
  return fixed(rounded, Math.min(12, /e-(\d+)/.test(String(rounded)) ? 12 : (String(rounded).split('.')[1] ?? '').length));
}

/** Two numbers that differ, with as many digits as it takes to see that they do. */
export function apart(a: number, b: number): readonly [string, string] {
  for (let digits = 3; digits < 17; digits++) if (figure(a, digits) !== figure(b, digits)) return [figure(a, digits), figure(b, digits)];
  return [figure(a, 17), figure(b, 17)];
}

/** An instant or a duration of simulated time, exact to the microsecond. */
export const time = (seconds: number): string => `${figure(Number(seconds.toFixed(6)), 16)} s`;

/** `call 41 of busy 1`; the number alone where there are no agents. */
export const who = ({ call, agent }: Caller): string => `call ${call}${agent === '' ? '' : ` of ${agent}`}`;

/** `41 (busy 1)`: in a table. */
export const shortWho = ({ call, agent }: Caller): string => (agent === '' ? call : `${call} (${agent})`);

export const isCall = (one: DecisionCandidate): one is Extract<DecisionCandidate, { readonly call: string }> => 'call' in one;

/** What a candidate is called in a table. */
export const nameOf = (one: DecisionCandidate): string => (isCall(one) ? shortWho(one) : `engine ${one.engine}`);

/** Tells candidates of two receipts apart or alike. */
export const keyOf = (one: DecisionCandidate): string => (isCall(one) ? `${one.program}.${one.ordinal}` : `engine ${one.engine}`);

/** What was done, as `A …` or `the gate …` goes on: `grants call 41 of busy 1 on engine 0`. */
export function deed(line: DecisionLine): string {
  const at = line.place === 'engine' ? ` inside engine ${line.engine}` : '';
  if (line.kind === 'grant') return `grants ${who(line)}${line.place === 'engine' ? at : ` on engine ${line.engine}`}`;
  if (line.kind === 'route') return `sends ${who(line)} to engine ${line.engine}`;
  if (line.kind === 'preempt') return `takes the place of ${who(line)}${line.chosen === null ? '' : ` for call ${line.chosen}`} on engine ${line.engine}`;
  return `refuses ${who(line)}: ${line.reason}`;
}

/** `tie of 3` and what else a table says of a tie. */
export const tieText = ({ tie }: DecisionLine): string => (tie === null ? 'not told' : tie <= 1 ? 'none' : `${tie} equal at the top`);

/** The best candidate that was not chosen. */
export const runnerUp = (line: DecisionLine): DecisionCandidate | undefined => line.candidates[1];

/** By which numbers: `score 0.94, the next 0.71 (44 of quiet 2)`; empty where the rule has no numbers or nobody else stood there. */
export function margin(line: DecisionLine): string {
  const [first] = line.candidates, next = runnerUp(line);
  if (first === undefined || first.score === null) return '';
  if (next === undefined || next.score === null) return `score ${figure(first.score)}`;
  if (next.score === first.score) return `score ${figure(first.score)}, as ${isCall(next) ? who(next) : nameOf(next)} has`;
  const [mine, its] = apart(first.score, next.score);
  return `score ${mine}, ${isCall(next) ? who(next) : nameOf(next)} next with ${its}`;
}
