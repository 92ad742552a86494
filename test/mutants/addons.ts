// Mutants of add-ons: at least one for each promise.
import type { Mutant } from './mutant.ts';

const pause = 'test/addons/program-pause.test.ts', ttl = 'test/addons/kv-ttl.test.ts', worlds = 'test/addons/worlds.test.ts', gate = 'test/addons/gate.test.ts';
const of = (file: string, test: string, kills: string, name: string, was: string, is: string): Mutant => ({ name, file: `${file}.ts`, was, is, test, kills });
const book = 'src/addons/pause-book', ttlBook = 'src/addons/ttl-book', rule = 'src/addons/ttl-rule';

export const addons: readonly Mutant[] = [
  of(book, pause, 'leaves usage at the target', 'program-pause: stops pausing at the first threshold', 'this.usage(nowUs) > pauseToTokens', 'this.usage(nowUs) > pauseAtTokens'),
  of(book, pause, 'leaves usage at the target', 'program-pause: nobody with a call is marked', 'for (const heap of [this.#acting, this.#reasoning])', 'for (const heap of [this.#acting])'),
  of(book, pause, 'less than a period after', 'program-pause: pauses before it lets in', 'this.#pause(nowUs, this.#resume(nowUs, letIn));', 'this.#pause(nowUs, new Set()); this.#resume(nowUs, letIn);'),
  of(book, pause, 'decides as its plainest form', 'program-pause: what is larger than the memory never goes on', 'if (!isAlone && this.usage', 'if (this.usage'),
  of(book, pause, 'old large program before a young small one', 'program-pause: no age in the order', 'this.#rules.ageingTokensPerUs * row.heldUs', '0 * row.heldUs'),
  of(book, pause, 'half after each half-life', 'program-pause: programs in tools count whole', "return us === 0 || this.#rules.halfLifeUs === Infinity ? 1", "return us >= 0 ? 1"),
  of(book, pause, 'decides as its plainest form', 'program-pause: no buffer for a program that goes on', 'this.usage(nowUs) + tokensOf(row) + bufferTokens > resumeTokens', 'this.usage(nowUs) + tokensOf(row) > resumeTokens'),
  of(book, pause, 'decides as its plainest form', 'program-pause: new programs pass those that are held', 'const fits = this.#heldSince.size === 0 && (', 'const fits = ('),
  of(book, pause, 'after the time-out however full', 'program-pause: nobody goes on by time', '>= resumeTimeoutUs) {', '>= Infinity) {'),
  of(book, pause, 'lets every program go on', 'program-pause: nobody is woken for a check', 'this.wakeUs = (Math.floor(nowUs / everyUs) + 1) * everyUs;', 'this.wakeUs = Infinity;'),
  of(rule, ttl, 'starts cold with ln B', 'kv-ttl: the cold start is B itself', 'Math.round(meanUs * Math.log(gainUs / meanUs))', 'Math.round(gainUs)'),
  of(rule, ttl, 'decides as its plainest form', 'kv-ttl: holding is free', '* gainUs - sorted[i];', '* gainUs;'),
  of(rule, ttl, 'forgets tool times', 'kv-ttl: old tool times are never forgotten', 'if (this.#last.length === this.#window)', 'if (this.#last.length < 0)'),
  of(rule, ttl, 'how far turns foretell', 'kv-ttl: turns always foretell', 'if (!(made > 0 && left > 0)) return 1;', 'if (made >= 0) return 1;'),
  of(ttlBook, ttl, 'never come back', 'kv-ttl: a tool that never comes back is not counted', 'this.#learn(row.tool, Infinity);', ''),
  of(ttlBook, ttl, 'while the next call of its program waits', 'kv-ttl: a pin expires while its call waits', 'row.toolUs = -1;\n    this.#ends.remove(row.at);', 'row.toolUs = -1;'),
  of(ttlBook, ttl, 'never pins more than its budget', 'kv-ttl: no budget', ' || !this.#makeRoom(row, known.tokens)) return false;', ') return false;'),
  of(ttlBook, ttl, 'the latest program first', 'kv-ttl: the earliest program gives way first', 'this.#latest.push(row.at, -row.programUs, -program);', 'this.#latest.push(row.at, row.programUs, program);'),
  of(ttlBook, ttl, 'very instant of the end', 'kv-ttl: gone in the instant of its end', 'this.#ends.nextUs >= nowUs', 'this.#ends.nextUs > nowUs'),
  of(ttlBook, ttl, 'then those of the tool', 'kv-ttl: tools are not told apart', 'own !== undefined && own.count > samples ? own : this.#all', 'this.#all'),
  of('sim/engine/batch/kv-cache', worlds, 'end every call once', 'kv-ttl: pins hold up whoever waits', 'tokens) > pool.free - spare) if (this.makeRoom?.() !== true) return false;', 'tokens) > pool.free - spare) return false;'),
  of('sim/engine/batch/retainer', worlds, 'leave engines empty', 'kv-ttl: blocks of a call that is served stay', 'this.#held.delete(program);\n    this.#parts.kv.pool.release(blocks);', 'this.#held.delete(program);'),
  of('src/addons/admission-gate', gate, 'waits outside until its program is let in', 'admission: held calls reach the policy', 'else hold(call);', 'else { hold(call); inner.arrive(call, nowUs); }'),
  of('src/dispatch/core', worlds, 'leave engines empty', 'admission: a place that waits for a program counts as idle', 'if (!(policy.held! > 0)) this.idleness', 'this.idleness'),
];
