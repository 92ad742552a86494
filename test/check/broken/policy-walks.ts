// Breaks walk-whole: shows all calls, whatever visit answers.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Walks extends Queue {
  override walk(visit: (call: number) => boolean): void { [...this.running, ...this.queue].forEach((call) => { visit(call); }); }
}

export default definePolicy({ name: 'broken-walks', title: 'shows all calls, whatever visit answers', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Walks(context) });
