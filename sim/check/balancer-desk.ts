// A balancer at the desk: asked among the engines that may take a call, and told what became of it and of the engines.
import fc from 'fast-check';
import type { Balancer, BalancerDefinition } from '../../src/balancers/balancer.ts';
import { LoadBoard } from '../../src/dispatch/load-board.ts';
import type { ParamValues } from '../../src/options.ts';
import { seededRandom } from '../../src/random.ts';
import { Violation } from './clauses.ts';
import { Desk, type Known, type Ways } from './desk.ts';
import { Guard, type Watcher } from './guard.ts';

export interface BalancerUnderCheck { readonly definition: BalancerDefinition; readonly options: ParamValues; readonly watcher: Watcher }

export type BalancerStep =
  /** A call looks for an engine; `full`: bits of engines without a free place. */
  | { readonly do: 'pick'; readonly gapUs: number; readonly agent: number; readonly promptTokens: number; readonly full: number }
  | { readonly do: 'finish'; readonly gapUs: number; readonly which: number }
  | { readonly do: 'down' | 'up'; readonly gapUs: number; readonly engine: number }
  | { readonly do: 'add'; readonly gapUs: number }
  | { readonly do: 'blocks'; readonly gapUs: number; readonly engine: number; readonly blocks: readonly number[]; readonly isStored: boolean };

/** `refreshUs`: how old the balancer's view may be. */
export interface BalancerHistory { readonly refreshUs: number; /** Which random stream the balancer gets. */ readonly luck: number; readonly steps: readonly BalancerStep[] }

const gapUs = fc.constantFrom(0, 1, 500_000, 1_000_000), engine = fc.nat(3);
const some = (weight: number, arbitrary: fc.Arbitrary<BalancerStep>): fc.WeightedArbitrary<BalancerStep> => ({ weight, arbitrary });

export const balancerHistories: fc.Arbitrary<BalancerHistory> = fc.record({
  refreshUs: fc.constantFrom(0, 0, 2_000_000), luck: fc.nat(9),
  steps: fc.array(fc.oneof(
    some(8, fc.record({ do: fc.constant('pick' as const), gapUs, agent: fc.nat(4), promptTokens: fc.constantFrom(0, 100), full: fc.constantFrom(0, 0, 0, 1, 2, 4, 5) })),
    some(4, fc.record({ do: fc.constant('finish' as const), gapUs, which: fc.nat(7) })),
    some(1, fc.record({ do: fc.constantFrom('down' as const, 'up' as const), gapUs, engine })),
    some(1, fc.record({ do: fc.constant('add' as const), gapUs })),
    some(1, fc.record({ do: fc.constant('blocks' as const), gapUs, engine, blocks: fc.array(fc.nat(5), { maxLength: 3 }), isStored: fc.boolean() })),
  ), { maxLength: 40, size: 'max' }),
});

const MOST_ENGINES = 5;

export class BalancerDesk {
  readonly desk: Desk;
  readonly picks: { readonly line: number; readonly name: string }[] = [];
  readonly #balancer: Balancer;
  readonly #guard: Guard;
  readonly #board: LoadBoard;
  readonly #up: boolean[] = [true, true, true];
  /** Longer than any question, so that a look beyond `count` finds what is no candidate. */
  readonly #candidates = new Int32Array(MOST_ENGINES + 1).fill(MOST_ENGINES);

  constructor({ definition, options, watcher }: BalancerUnderCheck, refreshUs: number, ways: Ways) {
    this.desk = new Desk(ways);
    this.#board = new LoadBoard(3, refreshUs);
    this.#guard = new Guard(this.desk.calls, watcher, ways.watchesReads === true, [{ name: 'candidates', values: () => this.#candidates }], this.desk.lines);
    this.#balancer = this.#guard.user('create', () => definition.create({ calls: this.desk.calls, random: seededRandom(`${ways.seed}/balancer`), options }));
  }

  play({ steps }: BalancerHistory): void {
    for (const step of steps) { this.desk.advance(step.gapUs, false); this.#board.touch(this.desk.nowUs); this.#step(step); }
  }

  #step(step: BalancerStep): void {
    const { desk } = this, balancer = this.#balancer, nowUs = desk.nowUs;
    switch (step.do) {
      case 'pick': this.#pick(step); break;
      case 'finish': { const calls = desk.present; if (calls.length > 0) this.#finish(calls[step.which % calls.length]); break; }
      case 'down': case 'up': {
        const isUp = step.do === 'up';
        if (step.engine >= this.#up.length || this.#up[step.engine] === isUp) break;
        this.#up[step.engine] = isUp;
        desk.tell(`engine ${step.engine} ${isUp ? 'takes calls again' : 'goes down'}`);
        this.#guard.user(isUp ? 'engineUp' : 'engineDown', () => { if (isUp) balancer.engineUp?.(step.engine, nowUs); else balancer.engineDown?.(step.engine, nowUs); });
        break;
      }
      case 'add': {
        if (this.#up.length >= MOST_ENGINES) break;
        const added = this.#up.push(true) - 1;
        this.#board.resize(this.#up.length);
        desk.tell(`engine ${added} is added`);
        this.#guard.user('engineUp', () => { balancer.engineUp?.(added, nowUs); });
        break;
      }
      case 'blocks':
        if (step.engine >= this.#up.length) break;
        this.#guard.user(step.isStored ? 'blocksStored' : 'blocksRemoved', () => { if (step.isStored) balancer.blocksStored?.(step.engine, step.blocks, nowUs); else balancer.blocksRemoved?.(step.engine, step.blocks, nowUs); });
        break;
    }
  }

  #pick({ agent, promptTokens, full }: Extract<BalancerStep, { do: 'pick' }>): void {
    const { desk } = this, count = this.#list(full);
    if (count === 0) return;
    const call = desk.open({ agent, pin: -1, weight: 1, promptTokens, continues: false, more: false, distinct: false }), among = Array.from(this.#candidates.subarray(0, count));
    // One candidate is no question: the dispatcher takes it and tells.
    const engine = count === 1 ? among[0] : this.#ask(call, among);
    desk.tell(`${call.name} (agent ${agent}) among engines ${among.join(', ')}: engine ${engine}`);
    this.picks.push({ line: desk.lines.length - 1, name: `engine ${engine}` });
    call.state = 'runs';
    desk.calls.engine[call.slot] = engine;
    this.#board.runningNow[engine]++;
    this.#guard.user('routed', () => { this.#balancer.routed?.(call.slot, engine, desk.nowUs); });
    if (this.#balancer.explain) for (const [name, value] of Object.entries(this.#guard.user('explain', () => this.#balancer.explain!(call.slot, engine, this.#board)))) if (typeof value !== 'number' || Number.isNaN(value)) throw new Violation('numbers', `explain tells ${name} as ${String(value)}`);
  }

  #ask(call: Known, among: readonly number[]): number {
    const { desk } = this, answer: unknown = this.#guard.user('pick', () => this.#balancer.pick(call.slot, this.#candidates, among.length, this.#board, desk.nowUs));
    const said = `among engines ${among.join(', ')} pick answers ${String(answer)}`;
    if (typeof answer !== 'number' || !Number.isInteger(answer)) throw new Violation('numbers', `${call.name} (agent ${call.agent}): ${said}`);
    if (among.includes(answer)) return answer;
    throw this.#up[answer] === false ? new Violation('engines', `${call.name} (agent ${call.agent}): ${said}, which is down`) : new Violation('candidates', `${call.name} (agent ${call.agent}): ${said}`);
  }

  /** Engines that are up and have room, ascending; of those that are up where none has. */
  #list(full: number): number {
    const up = this.#up.flatMap((isUp, e) => (isUp ? [e] : [])), free = up.filter((e) => ((full >> e) & 1) === 0), listed = free.length > 0 ? free : up;
    listed.forEach((e, i) => { this.#candidates[i] = e; });
    return listed.length;
  }

  #finish(call: Known): void {
    const { desk } = this, engine = desk.calls.engine[call.slot];
    desk.present.splice(desk.present.indexOf(call), 1);
    call.state = 'over';
    this.#board.runningNow[engine]--;
    desk.tell(`${call.name} ends on engine ${engine}`);
    this.#guard.user('finished', () => { this.#balancer.finished?.(call.slot, engine, desk.nowUs); });
    desk.calls.release(call.slot);
  }
}
