// Breaks waiting-only: forgets that a call was granted until it ends.
import { definePolicy } from '../../../src/index.ts';
import { drop, Queue } from '../queue.ts';

class Granted extends Queue {
  override get waiting(): number { return this.queue.filter((call) => !this.running.includes(call)).length; }
  override grant(call: number): void { this.running.push(call); }
  override preempt(call: number): void { drop(this.running, call); }
  override finish(call: number): void { drop(this.running, call); drop(this.queue, call); }
  override cancel(call: number): void { this.finish(call); }
  override walk(visit: (call: number) => boolean): void { for (const call of new Set([...this.running, ...this.queue])) if (!visit(call)) return; }
}

export default definePolicy({ name: 'broken-granted', title: 'forgets that a call was granted until it ends', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Granted(context) });
