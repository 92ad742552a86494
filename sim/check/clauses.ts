// The clauses of the contracts of policies and balancers, as data: what each demands, and which others must hold before it can be judged.

export interface Clause {
  readonly id: string;
  /** What holds, in a few words that go on a line of their own. */
  readonly demands: string;
  /** What to do where it does not. */
  readonly advice: string;
  /** Judged only where these hold: what breaks them breaks this one too, and says nothing new. */
  readonly needs: readonly string[];
}

const PLAIN = ['throws', 'clock', 'random'];
const CLOCK: Clause = { id: 'clock', demands: 'reads no clock and sets no timer', advice: 'Use the time that every method is handed.', needs: [] };
const RANDOM: Clause = { id: 'random', demands: 'draws from its own stream alone', advice: 'Draw from `random` of the context: it is seeded, so that a run can be repeated.', needs: [] };
const READS: Clause = { id: 'reads-only', demands: 'changes nothing that it is handed to read', advice: 'Copy what you want to change.', needs: ['throws'] };
const again = (needs: readonly string[]): Clause => ({ id: 'again', demands: 'the same history again, the same answers', advice: 'Keep all state in the object that `create` answers, none in the module.', needs });
const slots = (needs: readonly string[]): Clause => ({ id: 'slots', demands: 'no answer depends on the slot of a call', advice: 'Slots are reused in any order. Order by `calls.key` where nothing else decides.', needs });
const shells = (needs: readonly string[]): Clause => ({ id: 'shells', demands: 'equal digests through both shells', advice: 'Decide at once, in the method that tells or asks; leave nothing to a promise.', needs });

const BASE = [...PLAIN, 'reads-only', 'knowledge', 'numbers'];
const ANSWERS = [...BASE, 'asked-twice', 'waiting-only', 'open-only', 'never-idle', 'waiting-count', 'cancel', 'walk-whole'];

export const POLICY_CLAUSES: readonly Clause[] = [
  { id: 'throws', demands: 'takes every event of the contract', advice: 'Correct it there.', needs: [] },
  CLOCK, RANDOM, READS,
  { id: 'knowledge', demands: 'asks to know no more than it declares', advice: 'Declare it: knowledge: \'estimate\' or \'oracle\'. A scenario that does not grant it then refuses the policy.', needs: [] },
  { id: 'numbers', demands: 'answers whole numbers, never NaN or undefined', advice: 'Answer −1 where no call may go, Infinity where nothing changes.', needs: PLAIN },
  { id: 'asked-twice', demands: 'asked twice, the same answer', advice: 'Draw a tie once and keep the answer until there is news.', needs: BASE },
  { id: 'waiting-only', demands: 'answers a call that waits', advice: 'Take a call out of the order when it is granted, and back in when it is preempted.', needs: BASE },
  { id: 'open-only', demands: 'answers a call of an open class', advice: 'Skip calls for which `admits.open[calls.pin[call] + 1]` is 0.', needs: BASE },
  { id: 'never-idle', demands: 'answers a call while one may go', advice: 'Answer −1 only where no waiting call is of an open class.', needs: BASE },
  { id: 'waiting-count', demands: '`waiting` counts the calls that wait', advice: 'Count in arrive and preempt, count down in grant and cancel.', needs: BASE },
  { id: 'cancel', demands: 'a cancelled call leaves nothing', advice: 'Take the call out of the order, waiting or running, and count it out.', needs: BASE },
  { id: 'walk-whole', demands: 'walk shows every call once, and stops when told', advice: 'Visit what waits and what runs, and return as soon as `visit` answers false.', needs: BASE },
  { id: 'walk-first', demands: 'walk and first agree who is next', advice: 'The first waiting call of the walk that may go is the one that `first` answers.', needs: ANSWERS },
  again(ANSWERS),
  slots([...ANSWERS, 'again']),
  { id: 'receipts', demands: 'what receipts ask draws nothing and changes nothing', advice: 'Answer explain, candidates, answered and tally from what is there.', needs: [...ANSWERS, 'again'] },
  { id: 'ids', demands: 'other numbers for agents and programs change ties only', advice: 'Order by what a call is, not by its number. Where terms are equal it is a tie: tell the terms in `explain`.', needs: [...ANSWERS, 'again', 'slots'] },
  { id: 'memory', demands: 'keeps nothing of calls and programs that are over', advice: 'Forget a call in finish and cancel, a program in programEnd.', needs: ANSWERS },
  shells([...ANSWERS, 'again', 'slots']),
];

export const BALANCER_CLAUSES: readonly Clause[] = [
  { id: 'throws', demands: 'takes every event of the contract', advice: 'Correct it there.', needs: [] },
  CLOCK, RANDOM, READS,
  { id: 'numbers', demands: 'answers whole numbers, never NaN or undefined', advice: 'Answer one of candidates[0 … count).', needs: PLAIN },
  { id: 'candidates', demands: 'picks one of the candidates', advice: 'Answer one of candidates[0 … count); entries from `count` on are left over from another question.', needs: PLAIN },
  { id: 'engines', demands: 'never picks an engine that it was told is down', advice: 'Forget in engineDown what you keep of the engine.', needs: [...PLAIN, 'candidates'] },
  again([...PLAIN, 'reads-only', 'numbers', 'candidates', 'engines']),
  slots([...PLAIN, 'reads-only', 'numbers', 'candidates', 'engines', 'again']),
  { id: 'memory', demands: 'keeps nothing of calls that are over', advice: 'Forget a call in finished.', needs: [...PLAIN, 'numbers', 'candidates', 'engines'] },
  shells([...PLAIN, 'reads-only', 'numbers', 'candidates', 'engines', 'again', 'slots']),
];

export const METRIC_CLAUSES: readonly Clause[] = [
  { id: 'throws', demands: 'takes whatever a run may bring', advice: 'Times are null where they did not happen, and a run may have no call at all.', needs: [] },
  CLOCK, RANDOM, READS,
  { id: 'numbers', demands: 'answers finite numbers, or null where there is nobody', advice: 'Answer null where a division would be by nothing; a distribution answers a list.', needs: PLAIN },
  again([...PLAIN, 'reads-only', 'numbers']),
];

export const SCENARIO_CLAUSES: readonly Clause[] = [
  CLOCK, RANDOM,
  again(['clock', 'random']),
  shells(['clock', 'random', 'again']),
  { id: 'same-work', demands: 'every policy meets the same work', advice: 'Draw what an entity is from its own child stream, `stream.at(number)`, not from one that all share.', needs: ['clock', 'random', 'again'] },
];

/** A history that breaks a clause ends here. `why`: what was seen, in words. */
export class Violation {
  readonly clause: string;
  readonly why: string;
  constructor(clause: string, why: string) { this.clause = clause; this.why = why; }
}
