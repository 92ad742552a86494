// Breaks receipts: takes a turn for every receipt that is written.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Draws extends Queue {
  #told = 0;
  tally(): { readonly lone: number; readonly even: number; readonly guarded: number } { this.#told++; this.sort(); return { lone: 0, even: 0, guarded: 0 }; }
  override before(a: number, b: number): number { return (this.#told % 2 === 0 ? 1 : -1) * super.before(a, b); }
}

export default definePolicy({ name: 'broken-draws', title: 'takes a turn for every receipt', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Draws(context) });
