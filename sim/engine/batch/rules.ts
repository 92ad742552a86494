// The rules of the batch engine by number, as data: what each says, what happens without it, and which engine version holds which.
import { unknownName } from '../../../src/options.ts';

/** One switch a rule; true: as the real engine does. Numbers follow the notes on vLLM V1's scheduler. */
export interface Rules {
  readonly onePhase: boolean;
  readonly arrivalOrder: boolean;
  readonly stepLimits: boolean;
  readonly runningFirst: boolean;
  readonly blocksByChunk: boolean;
  readonly newestVictim: boolean;
  readonly outputsKept: boolean;
  readonly victimToHead: boolean;
  readonly closedAfterPreemption: boolean;
  readonly manyAdmissions: boolean;
  readonly promptsChunked: boolean;
  readonly headBlocks: boolean;
  readonly joinsAtTail: boolean;
  readonly fullReservation: boolean;
  readonly loneUnthrottled: boolean;
  readonly countedWhenScheduled: boolean;
  readonly releasedAtStepEnd: boolean;
  readonly samplesWithLastChunk: boolean;
  readonly nullBlock: boolean;
  readonly oldestReused: boolean;
  readonly unhashedReusedFirst: boolean;
  readonly noSpareSlot: boolean;
  readonly lazyEviction: boolean;
  readonly sharedInUse: boolean;
  readonly copiesKept: boolean;
  readonly reverseFree: boolean;
  readonly outputsHashed: boolean;
  readonly lastTokenComputed: boolean;
  readonly publishedWhenScheduled: boolean;
  readonly resumesApart: boolean;
}

export type RuleName = keyof Rules;

export interface RuleText { readonly number: string; readonly says: string; readonly without: string }

/** Every switch, in order of its number. R17 (asynchronous), and the limits of R3, R10 and R13, are settings of the engine. */
export const RULES: Readonly<Record<RuleName, RuleText>> = {
  onePhase: { number: 'R1', says: 'a step mixes prompts and decodes', without: 'a step holds prompts, or where there are none, decodes' },
  arrivalOrder: { number: 'R2', says: 'the oldest waits at the head', without: 'the newest waits at the head (fcfs)' },
  stepLimits: { number: 'R3', says: 'a step has a token budget', without: 'a step takes any number of tokens' },
  runningFirst: { number: 'R4', says: 'running requests come before waiting ones', without: 'waiting requests come first' },
  blocksByChunk: { number: 'R5', says: 'a request takes the blocks of its next chunk', without: 'it takes the blocks of all its tokens at once' },
  newestVictim: { number: 'R6', says: 'the newest (priority: the least urgent) is preempted', without: 'the oldest (the most urgent) is' },
  outputsKept: { number: 'R7a', says: 'a preempted request keeps its outputs', without: 'it loses them and generates them again' },
  victimToHead: { number: 'R7b', says: 'a preempted request waits at the head', without: 'it waits at the tail (fcfs)' },
  closedAfterPreemption: { number: 'R8', says: 'a step that preempted admits nobody', without: 'it admits whoever fits' },
  manyAdmissions: { number: 'R9', says: 'a step admits while there is budget and a seat', without: 'a step admits one' },
  promptsChunked: { number: 'R10', says: 'a prompt takes what is left of the budget', without: 'it waits for a step with budget for all of it' },
  headBlocks: { number: 'R11', says: 'admission stops at the first that does not fit', without: 'it looks past it' },
  joinsAtTail: { number: 'R12', says: 'who is admitted runs last', without: 'it runs first' },
  fullReservation: { number: 'R13a', says: 'the whole sequence must fit at admission', without: 'its first chunk must fit' },
  loneUnthrottled: { number: 'R13b', says: 'the long-prefill threshold spares a request that is alone', without: 'it never spares anybody' },
  countedWhenScheduled: { number: 'R14', says: 'tokens count as computed once scheduled', without: 'a request waits for its result before it is scheduled again' },
  releasedAtStepEnd: { number: 'R15', says: 'who finished frees its blocks with the result', without: 'it frees them a step later' },
  samplesWithLastChunk: { number: 'R16', says: 'the step of the last prompt token samples', without: 'the last prompt token takes a step of its own' },
  nullBlock: { number: 'R18', says: 'one block is never used', without: 'all blocks are used' },
  oldestReused: { number: 'R19a', says: 'the block freed longest ago is reused first', without: 'the block freed last is' },
  unhashedReusedFirst: { number: 'R19b', says: 'freed blocks without identity are reused before all others', without: 'they queue like the others' },
  noSpareSlot: { number: 'R20', says: 'a block is taken with the token that needs it', without: 'it is taken a token early' },
  lazyEviction: { number: 'R21', says: 'a block keeps its content until it is taken', without: 'it loses it when freed' },
  sharedInUse: { number: 'R22', says: 'blocks in use are shared', without: 'only free blocks are hit' },
  copiesKept: { number: 'R23', says: 'equal blocks computed twice both stay findable', without: 'the second is never found' },
  reverseFree: { number: 'R24', says: 'the deepest block is freed first', without: 'the first block is' },
  outputsHashed: { number: 'R25', says: 'generated tokens are cached too', without: 'prompts alone are' },
  lastTokenComputed: { number: 'R26', says: 'the block of the last token is computed anew', without: 'a prompt that is cached whole computes one token' },
  publishedWhenScheduled: { number: 'R27', says: 'blocks can be hit once scheduled', without: 'once their result is processed' },
  resumesApart: { number: 'R28', says: 'hits of resumed requests are counted apart', without: 'they are counted as hits of new ones' },
};

const ALL = Object.freeze(Object.fromEntries(Object.keys(RULES).map((name) => [name, true]))) as unknown as Rules;

/** What each engine version holds. */
export const RULE_SETS = {
  'vllm-0.32': ALL,
  'vllm-0.19': Object.freeze({ ...ALL, unhashedReusedFirst: false, loneUnthrottled: false }),
} as const satisfies Record<string, Rules>;

export type RuleSetName = keyof typeof RULE_SETS;

/** Rules by number. */
export const NUMBERS: ReadonlyMap<string, RuleName> = new Map(Object.entries(RULES).map(([name, text]) => [text.number, name as RuleName]));

/**
 * A rule set, less the rules named by number or name: `ruleSet('vllm-0.32', ['R8', 'R7b'])`. A number that stands for two (`R7`) takes both.
 * @throws ERR_OPTION_UNKNOWN for a set or a rule that is not there
 */
export function ruleSet(name: string, without: readonly string[] = []): Rules {
  if (!Object.hasOwn(RULE_SETS, name)) throw unknownName('rule set', name, Object.keys(RULE_SETS), 'rules');
  const rules: Record<RuleName, boolean> = { ...RULE_SETS[name as RuleSetName] };
  for (const asked of without) {
    const found = [...NUMBERS].filter(([number, rule]) => number === asked || rule === asked || (/^R\d+$/.test(asked) && number.replace(/[ab]$/, '') === asked));
    if (found.length === 0) throw unknownName('rule', asked, [...NUMBERS.keys()], 'rules');
    for (const [, rule] of found) rules[rule] = false;
  }
  return Object.freeze(rules);
}
