// What each agent asked for and got: one row of figures an agent, in one column, so that an event touches one cache line.

const ROW = 8;
const ARRIVED = 0, COMPLETED = 1, SERVICE_US = 2, FIRST_SERVED_US = 3, WAIT_ALL_US = 4, WAIT_ALL_CALLS = 5, CALL_CLASS = 6;

/** O(1) an event. Agents are dense numbers; rows appear when an agent is first met. */
export class AgentCounts {
  count = 0;
  #rows = new Float64Array(16 * ROW);
  /** Sum of the slowdowns of an agent's completed programs, and how many they are: apart, because programs end less often than calls. */
  #slowdowns = new Float64Array(32);

  /** Makes room for agents 0 … agent. */
  ensure(agent: number): void {
    if (agent < this.count) return;
    if ((agent + 1) * ROW > this.#rows.length) { const wide = new Float64Array(Math.max(this.#rows.length * 2, (agent + 1) * ROW)); wide.set(this.#rows); this.#rows = wide; }
    if ((agent + 1) * 2 > this.#slowdowns.length) { const wide = new Float64Array(Math.max(this.#slowdowns.length * 2, (agent + 1) * 2)); wide.set(this.#slowdowns); this.#slowdowns = wide; }
    for (let a = this.count; a <= agent; a++) this.#rows[a * ROW + FIRST_SERVED_US] = -1;
    this.count = agent + 1;
  }

  /** A call arrived. */
  arrive(agent: number, callClass: number): void {
    if (agent >= this.count) this.ensure(agent);
    const at = agent * ROW;
    this.#rows[at + ARRIVED]++;
    this.#rows[at + CALL_CLASS] = callClass;
  }

  /** A call was served, from `scheduledUs` on for `serviceUs`, after a wait; to its end or not. */
  served(agent: number, scheduledUs: number, waitUs: number, serviceUs: number, isComplete: boolean): void {
    const rows = this.#rows, at = agent * ROW;
    if (isComplete) rows[at + COMPLETED]++;
    rows[at + SERVICE_US] += serviceUs;
    rows[at + WAIT_ALL_US] += waitUs;
    rows[at + WAIT_ALL_CALLS]++;
    const firstUs = rows[at + FIRST_SERVED_US];
    if (firstUs < 0 || scheduledUs < firstUs) rows[at + FIRST_SERVED_US] = scheduledUs;
  }

  /** A call still waits at the end of the window. */
  unserved(agent: number, waitUs: number): void {
    this.#rows[agent * ROW + WAIT_ALL_US] += waitUs;
    this.#rows[agent * ROW + WAIT_ALL_CALLS]++;
  }

  /** A program of the agent ended well, so many times as late as alone. */
  slowed(agent: number, slowdown: number): void {
    this.#slowdowns[2 * agent] += slowdown;
    this.#slowdowns[2 * agent + 1]++;
  }

  /** Mean slowdown of the agent's completed programs; 0 where none has completed. */
  meanSlowdown(agent: number): number { return this.#slowdowns[2 * agent + 1] === 0 ? 0 : this.#slowdowns[2 * agent] / this.#slowdowns[2 * agent + 1]; }

  arrived(agent: number): number { return this.#rows[agent * ROW + ARRIVED]; }
  completed(agent: number): number { return this.#rows[agent * ROW + COMPLETED]; }
  /** Time on engines, in µs. */
  serviceUs(agent: number): number { return this.#rows[agent * ROW + SERVICE_US]; }
  /** Start of the first service; −1: none. */
  firstServedUs(agent: number): number { return this.#rows[agent * ROW + FIRST_SERVED_US]; }
  callClass(agent: number): number { return this.#rows[agent * ROW + CALL_CLASS]; }
  /** Mean wait of every call, the unserved counted to the end, in µs; 0 for an agent without calls. */
  waitAllMeanUs(agent: number): number {
    const calls = this.#rows[agent * ROW + WAIT_ALL_CALLS];
    return calls === 0 ? 0 : this.#rows[agent * ROW + WAIT_ALL_US] / calls;
  }
}
