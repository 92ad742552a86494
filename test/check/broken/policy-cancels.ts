// Breaks cancel: keeps a call that was cancelled while it waited.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Cancels extends Queue {
  override cancel(call: number, wasRunning: boolean, nowUs: number): void { if (wasRunning) super.cancel(call, wasRunning, nowUs); }
}

export default definePolicy({ name: 'broken-cancels', title: 'keeps a call that was cancelled while it waited', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Cancels(context) });
