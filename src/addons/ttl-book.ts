// The book of kv-ttl: what is pinned until when, what tools and queues have taught, and who gives way.
import { Deadlines } from '../dispatch/deadlines.ts';
import type { Retention, ToolStart } from './retention.ts';
import { coldTtlUs, ToolTimes, TurnMemory } from './ttl-rule.ts';

export interface TtlRules {
  /** NaN: the time that gains most. */
  readonly fixedUs: number;
  /** Tool times up to which a distribution is not believed. */
  readonly samples: number;
  readonly priorMeanUs: number;
  readonly budgetTokens: number;
  readonly window: number;
}

interface Row {
  readonly program: number;
  /** Dense number, for the heaps. */
  readonly at: number;
  readonly programUs: number;
  readonly tool: number;
  /** When its tool started; −1: it is back. */
  toolUs: number;
  /** Tokens pinned; 0: none. */
  pinned: number;
}

/** O(log pins + window of tool times) a tool, O(log pins) any other event. */
export class TtlBook implements Retention {
  pinnedTokens = 0;
  readonly #rules: TtlRules;
  readonly #rows = new Map<number, Row>();
  readonly #byAt: (Row | undefined)[] = [];
  readonly #free: number[] = [];
  /** Pins by their end; those whose next call waits have none. Pins by the start of their program, the latest first. */
  readonly #ends = new Deadlines();
  readonly #latest = new Deadlines();
  readonly #leaving: number[] = [];
  readonly #all: ToolTimes;
  readonly #byTool = new Map<number, ToolTimes>();
  readonly #turns = new TurnMemory();
  /** Calls that came back to a cache that had lost them, and what they waited in all. */
  #lost = 0;
  #lostWaitUs = 0;
  #pins = 0;
  #kept = 0;
  #expired = 0;
  #gaveWay = 0;

  constructor(rules: TtlRules) {
    this.#rules = rules;
    this.#all = new ToolTimes(rules.window);
  }

  arrive(program: number, nowUs: number): void {
    const row = this.#rows.get(program);
    if (row === undefined || row.toolUs < 0) return;
    this.#learn(row.tool, nowUs - row.toolUs);
    row.toolUs = -1;
    this.#ends.remove(row.at);
  }

  schedule(program: number, waitUs: number, isFollowUp: boolean): void {
    const row = this.#rows.get(program);
    if (row !== undefined && row.pinned > 0) this.#kept++;
    else if (isFollowUp) { this.#lost++; this.#lostWaitUs += waitUs; }
    if (row !== undefined) this.#forget(row);
  }

  toolStart(program: number, known: ToolStart, nowUs: number): boolean {
    const earlier = this.#rows.get(program);
    // Whoever holds the blocks replaces them.
    if (earlier !== undefined) { this.#unpin(earlier); this.#drop(earlier); }
    const row: Row = { program, at: this.#free.pop() ?? this.#byAt.length, programUs: known.programUs, tool: known.tool, toolUs: nowUs, pinned: 0 };
    this.#byAt[row.at] = row;
    this.#rows.set(program, row);
    const ttlUs = this.ttlUs(known.tool, known.reloadUs);
    if (ttlUs <= 0 || known.tokens <= 0 || !this.#makeRoom(row, known.tokens)) return false;
    row.pinned = known.tokens;
    this.pinnedTokens += known.tokens;
    this.#ends.push(row.at, nowUs + ttlUs, program);
    this.#latest.push(row.at, -row.programUs, -program);
    this.#pins++;
    return true;
  }

  programEnd(program: number, calls: number): void {
    if (calls > 0) this.#turns.add(calls);
    const row = this.#rows.get(program);
    if (row === undefined) return;
    // The tool never brought it back.
    if (row.toolUs >= 0) this.#learn(row.tool, Infinity);
    this.#forget(row);
  }

  due(nowUs: number): number {
    const leaving = this.#leaving.pop();
    if (leaving !== undefined) return leaving;
    // Whoever comes back in the very instant of the end still finds its blocks.
    if (this.#ends.size === 0 || this.#ends.nextUs >= nowUs) return -1;
    this.#expired++;
    return this.#letGo(this.#ends.first);
  }

  giveWay(): number {
    if (this.#latest.size === 0) return -1;
    this.#gaveWay++;
    return this.#letGo(this.#latest.first);
  }

  metrics(): Readonly<Record<string, number>> { return { 'ttl.pins': this.#pins, 'ttl.kept': this.#kept, 'ttl.expired': this.#expired, 'ttl.gave_way': this.#gaveWay }; }

  /** How long a prefix stays that takes `reloadUs` to compute again, as far as is known now; 0: not at all. */
  ttlUs(tool: number, reloadUs: number): number {
    const { fixedUs, samples, priorMeanUs } = this.#rules, waitUs = this.#lost === 0 ? 0 : this.#lostWaitUs / this.#lost, own = this.#byTool.get(tool);
    if (!Number.isNaN(fixedUs)) return fixedUs;
    if (this.#all.count <= samples) return coldTtlUs(waitUs + reloadUs, priorMeanUs);
    return (own !== undefined && own.count > samples ? own : this.#all).bestUs(waitUs * this.#turns.eta + reloadUs);
  }

  /** Within the budget the latest program gives way, be it this one. */
  #makeRoom(row: Row, tokens: number): boolean {
    while (this.pinnedTokens + tokens > this.#rules.budgetTokens) {
      if (this.#latest.size === 0) return false;
      const latest = this.#byAt[this.#latest.first]!;
      if (latest.programUs < row.programUs || (latest.programUs === row.programUs && latest.program < row.program)) return false;
      this.#leaving.push(this.giveWay());
    }
    return true;
  }

  #learn(tool: number, us: number): void {
    this.#all.add(us);
    if (tool < 0) return;
    let own = this.#byTool.get(tool);
    if (own === undefined) this.#byTool.set(tool, own = new ToolTimes(this.#rules.window));
    own.add(us);
  }

  #forget(row: Row): void {
    if (row.pinned > 0) this.#leaving.push(row.program);
    this.#unpin(row);
    this.#drop(row);
  }

  #letGo(at: number): number {
    const row = this.#byAt[at]!;
    this.#unpin(row);
    return row.program;
  }

  #unpin(row: Row): void {
    this.pinnedTokens -= row.pinned;
    row.pinned = 0;
    this.#ends.remove(row.at);
    this.#latest.remove(row.at);
  }

  #drop(row: Row): void {
    this.#rows.delete(row.program);
    this.#byAt[row.at] = undefined;
    this.#free.push(row.at);
  }
}
