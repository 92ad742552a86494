// What each agent asked for and got: counts, service and first service, in columns that grow with the agents met.

export class AgentCounts {
  count = 0;
  arrived = new Float64Array(16);
  completed = new Float64Array(16);
  /** Time on engines, in µs. */
  serviceUs = new Float64Array(16);
  /** Start of the first service; −1: none yet. */
  firstServedUs = new Float64Array(16).fill(-1);
  /** Sum of waits of every call, the unserved counted to the end, in µs, and how many. */
  waitAllUs = new Float64Array(16);
  waitAllCalls = new Float64Array(16);
  callClass = new Int32Array(16);

  /** Makes room for agents 0 … agent. */
  ensure(agent: number): void {
    if (agent < this.count) return;
    if (agent >= this.arrived.length) {
      const n = Math.max(this.arrived.length * 2, agent + 1);
      const wide = (from: Float64Array, fill = 0): Float64Array<ArrayBuffer> => { const to = new Float64Array(n).fill(fill); to.set(from); return to; };
      this.arrived = wide(this.arrived); this.completed = wide(this.completed); this.serviceUs = wide(this.serviceUs);
      this.firstServedUs = wide(this.firstServedUs, -1); this.waitAllUs = wide(this.waitAllUs); this.waitAllCalls = wide(this.waitAllCalls);
      const classes = new Int32Array(n); classes.set(this.callClass); this.callClass = classes;
    }
    this.count = agent + 1;
  }
}
