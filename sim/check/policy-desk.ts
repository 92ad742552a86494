// A policy at the desk: told every step of a history and asked as dispatchers and engines ask; the first broken clause ends the history.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import type { ParamValues } from '../../src/options.ts';
import { knowledgeAsked, type Knowledge, type KnowledgeLevel, type Policy, type PolicyDefinition } from '../../src/policies/policy.ts';
import { seededRandom } from '../../src/random.ts';
import { Violation } from './clauses.ts';
import { Desk, ENGINES, type Known, type Ways } from './desk.ts';
import { Guard, type Watcher } from './guard.ts';
import type { PolicyHistory, PolicyStep } from './policy-steps.ts';
import { agree, askReceipts, present, readAnswer, readWaiting, readWalk, termsOf, type Questioned } from './policy-questions.ts';

export interface PolicyUnderCheck { readonly definition: PolicyDefinition; readonly options: ParamValues; readonly watcher: Watcher }

/** One answer, for comparing two plays: who, and the terms of all that waited, where they are asked for. */
export interface Answer { readonly line: number; readonly name: string; readonly terms: ReadonlyMap<string, Readonly<Record<string, number>>> }

/** How a play looks at the answers beyond the clauses of each step. */
export interface Play extends Ways { readonly distinct?: boolean; readonly withTerms?: boolean; /** Leave out what only adds questions: walks beside `first`. */ readonly plain?: boolean; /** Engines have one place: terms tell ties for the first of a walk only. */ readonly onePlace?: boolean; /** After each answer of `first`, what a receipt asks is asked. */ readonly asksReceipts?: boolean }

export class PolicyDesk implements Questioned {
  readonly desk: Desk;
  readonly answers: Answer[] = [];
  readonly policy: Policy;
  readonly guard: Guard;
  readonly #play: Play;
  readonly #place: 'gate' | 'engine';
  /** What the engine serves, in the order of its last walk. */
  #served: Known[] = [];

  constructor({ definition, options, watcher }: PolicyUnderCheck, place: 'gate' | 'engine', play: Play) {
    const desk = this.desk = new Desk(play);
    this.#play = play;
    this.#place = place;
    this.guard = new Guard(desk.calls, watcher, play.watchesReads === true, [{ name: 'admits.open', values: () => desk.admits.open }], desk.lines);
    this.policy = this.guard.user('create', () => definition.create({ calls: desk.calls, random: seededRandom(`${play.seed}/policy`), knowledge: knowledgeOf(knowledgeAsked(definition, options), desk), options }));
  }

  /** Plays all steps, then ends everything that is left. Throws the first Violation. */
  play({ steps }: PolicyHistory): void {
    for (const step of steps) this.#step(step);
    for (const call of [...this.desk.present]) { this.desk.advance(1, false); this.#cancel(call); }
    readAnswer(this, 'when all calls are over');
    if (this.policy.metrics) for (const [name, value] of Object.entries(this.guard.user('metrics', () => this.policy.metrics!()) ?? {})) if (!Number.isFinite(value)) throw new Violation('numbers', `metrics tells ${name} as ${String(value)}`);
  }

  get nowUs(): number { return this.desk.nowUs; }
  get asks(): number { return this.#play.asks ?? 2; }

  #step(step: PolicyStep): void {
    const { desk } = this;
    desk.advance(step.gapUs, step.do === 'arrive');
    switch (step.do) {
      case 'arrive': this.#arrive(step); break;
      case 'ask': this.#ask(step.isGranted); break;
      case 'fill': this.#fill(this.#play.onePlace ? 1 : step.places, step.tokens); break;
      case 'finish': this.#finish(step); break;
      case 'cancel': { const call = pick(desk.present, step.which); if (call) this.#cancel(call); break; }
      case 'doors':
        for (let e = 0; e < ENGINES; e++) desk.door(e, (step.open >> e) & 1);
        desk.tell(`engines that take calls: ${Array.from(desk.up, (up, e) => (up ? String(e) : '')).filter((e) => e !== '').join(', ') || 'none'}`);
        break;
    }
  }

  #arrive(step: Extract<PolicyStep, { do: 'arrive' }>): void {
    const { desk, policy } = this, call = desk.open({ ...step, distinct: this.#play.distinct === true }), isNext = desk.calls.ordinal[call.slot] > 0;
    const traits = [`agent ${call.agent}`, ...(step.pin >= 0 ? [`only for engine ${step.pin}`] : []), ...(step.weight === 1 ? [] : [`weight ${step.weight}`]), ...(step.promptTokens === 0 ? [] : [`${step.promptTokens} prompt tokens`]), ...(isNext ? ['next of its program'] : [])];
    desk.tell(`${call.name} arrives (${traits.join(', ')})`);
    if (isNext && policy.toolEnd) this.guard.user('toolEnd', () => policy.toolEnd!(desk.numberOf(call.program), desk.nowUs));
    this.guard.user('arrive', () => { policy.arrive(call.slot, desk.nowUs); });
    readWaiting(this, 'waiting-count');
  }

  #ask(isGranted: boolean): void {
    if (this.#place !== 'gate') return;
    const { desk, policy } = this, call = readAnswer(this, undefined);
    this.answers.push({ line: desk.lines.length, name: call?.name ?? 'no call', terms: this.#terms() });
    if (this.#play.asksReceipts) askReceipts(this);
    // A walk may draw for places that `first` never asks about, so plays that are compared leave it out.
    if (!this.#play.plain) agree(this, call);
    if (call === undefined || !isGranted) { desk.tell(`asked who is next: ${call?.name ?? 'no call'}`); return; }
    const pin = desk.calls.pin[call.slot], engine = pin >= 0 ? pin : desk.admits.open.indexOf(1, 1) - 1;
    desk.tell(`asked who is next: ${call.name}, granted on engine ${engine}`);
    desk.start(call, engine);
    this.guard.user('grant', () => { policy.grant(call.slot, desk.nowUs); });
    readWaiting(this, 'waiting-count');
  }

  /** Terms of all that waits, as they stand at a question. */
  #terms(): Answer['terms'] { return this.#play.withTerms ? new Map(this.desk.waiting().map((one) => [one.name, termsOf(this, one)])) : new Map(); }

  #fill(places: number, tokens: number): void {
    if (this.#place !== 'engine') return;
    const { desk, policy, guard } = this;
    for (const call of this.#served) { call.untold += tokens; if (policy.needsAllProgress || call.untold >= this.#budget(call)) this.#progress(call); }
    const terms = this.#terms(), chosen = readWalk(this, places);
    this.answers.push({ line: desk.lines.length, name: chosen.map((call) => call.name).join(' ') || 'no call', terms });
    desk.tell(`an engine with ${places} place${places === 1 ? '' : 's'} asks: ${chosen.map((call) => call.name).join(', ') || 'no call'}`);
    for (const call of this.#served.filter((one) => !chosen.includes(one))) {
      this.#progress(call);
      desk.stop(call);
      desk.tell(`  ${call.name} loses its place`);
      if (policy.preempt) guard.user('preempt', () => { policy.preempt!(call.slot, desk.nowUs); });
      readWaiting(this, 'waiting-count');
    }
    for (const call of chosen) if (call.state === 'waits') {
      desk.start(call, 0);
      guard.user('grant', () => { policy.grant(call.slot, desk.nowUs); });
      readWaiting(this, 'waiting-count');
    }
    this.#served = chosen;
    for (const call of chosen) this.#budget(call);
    if (policy.nextChangeUs) {
      const at: unknown = guard.user('nextChangeUs', () => policy.nextChangeUs!(desk.nowUs));
      if (typeof at !== 'number' || !(at > desk.nowUs)) throw new Violation('numbers', `nextChangeUs answers ${String(at)} at ${desk.nowUs}: a later time, or Infinity`);
    }
  }

  #budget(call: Known): number {
    const { policy } = this;
    if (!policy.budget) return Infinity;
    const tokens: unknown = this.guard.user('budget', () => policy.budget!(call.slot)), more: unknown = this.guard.user('budget', () => policy.budget!(call.slot));
    if (typeof tokens !== 'number' || !(tokens > 0)) throw new Violation('numbers', `budget of ${call.name} is ${String(tokens)}: a number above 0, or Infinity`);
    if (more !== tokens) throw new Violation('asked-twice', `budget of ${call.name} is ${tokens}, and asked again ${String(more)}`);
    return tokens;
  }

  #progress(call: Known): void {
    const { policy, desk } = this, tokens = call.untold;
    call.untold = 0;
    call.produced += tokens;
    if (tokens > 0 && policy.progress) { desk.tell(`  ${call.name} has produced ${tokens} more token${tokens === 1 ? '' : 's'}`); this.guard.user('progress', () => { policy.progress!(call.slot, tokens, desk.nowUs); }); }
  }

  #finish({ which, well, tokens }: { which: number; well: boolean; tokens: number }): void {
    const { desk, policy } = this, call = pick(desk.runs(), which);
    if (!call) return;
    this.#progress(call);
    desk.end(call, Math.max(tokens, call.produced));
    this.#served = this.#served.filter((one) => one !== call);
    desk.tell(`${call.name} ${well ? 'ends' : 'fails'}${tokens > 0 ? ` after ${tokens} tokens` : ''}`);
    this.guard.user('finish', () => { policy.finish(call.slot, well, desk.nowUs); });
    readWaiting(this, 'waiting-count');
    this.#after(call, well);
  }

  #cancel(call: Known): void {
    const { desk, policy } = this, wasRunning = call.state === 'runs';
    if (wasRunning) this.#progress(call);
    desk.end(call, call.produced);
    this.#served = this.#served.filter((one) => one !== call);
    desk.tell(`${call.name} is cancelled while it ${wasRunning ? 'runs' : 'waits'}`);
    this.guard.user('cancel', () => { policy.cancel(call.slot, wasRunning, desk.nowUs); });
    readWaiting(this, 'cancel');
    if (!this.#play.plain) present(this, call);
    this.#after(call, false);
  }

  /** The program goes to its tools, or is over. */
  #after(call: Known, well: boolean): void {
    const { desk, policy } = this, program = desk.numberOf(call.program);
    call.more &&= well;
    desk.free(call);
    if (call.more) { if (policy.toolStart) this.guard.user('toolStart', () => { policy.toolStart!(program, desk.nowUs); }); }
    else if (policy.programEnd) this.guard.user('programEnd', () => { policy.programEnd!(program, desk.nowUs); });
  }
}

function pick(calls: readonly Known[], which: number): Known | undefined { return calls.length === 0 ? undefined : calls[which % calls.length]; }

/** What the scenario grants is what the policy declares; a question beyond it is a broken clause. */
function knowledgeOf(level: KnowledgeLevel, desk: Desk): Knowledge {
  // By what the history calls a call or a program: neither slots nor numbers may show.
  const told = (of: 'outputTokens' | 'programTokens' | 'toolUs', number: number | undefined): number => {
    if (level === 'none') throw new Violation('knowledge', `it declares knowledge: 'none' and asks for knowledge.${of}`);
    return 10 + (((number ?? 0) * 37) % 90);
  };
  return {
    level,
    outputTokens: (call: CallSlot) => told('outputTokens', desk.bySlot[call]?.order),
    programTokens: (call: CallSlot) => 3 * told('programTokens', desk.bySlot[call]?.program),
    // One time for all, since numbers of programs may not show.
    toolUs: () => told('toolUs', 0),
    cachedTokens: () => 0,
    cachedAgeUs: () => Infinity,
  };
}

