// Breaks again: keeps what agents were served in the module, for all runs together.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

const served = new Map<number, number>();

class Shared extends Queue {
  override grant(call: number, nowUs: number): void { const agent = this.calls.agent[call]; served.set(agent, (served.get(agent) ?? 0) + 1); super.grant(call, nowUs); this.sort(); }
  override before(a: number, b: number): number { return (served.get(this.calls.agent[a]) ?? 0) - (served.get(this.calls.agent[b]) ?? 0); }
}

export default definePolicy({ name: 'broken-shared', title: 'keeps what agents were served in the module, for all runs together', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Shared(context) });
