// Mutants of policies that order calls by one rule: at least one for each property that proves a rule.
import type { Mutant } from './mutant.ts';

const preempt = 'test/policies/preempt.test.ts', twins = 'test/policies/order/twins.test.ts', rows = 'test/policies/order/rows.test.ts', bounds = 'test/policies/order/bounds.test.ts', heaps = 'test/policies/order/ranked-calls.test.ts', groups = 'test/policies/order/ranked-groups.test.ts';
const of = (file: string, test: string, kills: string, name: string, was: string, is: string): Mutant => ({ name, file: `src/policies/${file}.ts`, was, is, test, kills });

export const order: readonly Mutant[] = [
  of('arrival-order', preempt, 'of one instant stand in the order of their arrival under fcfs', 'fcfs: a preempted call waits behind all others', 'while (next >= 0 && this.#rank[next] < this.#rank[call])', 'while (next >= 0)'),
  of('arrival-order', twins, 'are the order of arrival', 'fcfs: classes are merged newest first', 'this.#rank[call] = ++this.#last;', 'this.#rank[call] = --this.#last;'),

  of('ranked-calls', twins, 'program-fcfs {} are those', 'ranked calls: closed classes are not skipped', 'heap.length > 0 && open[k] === 1 && (best', 'heap.length > 0 && (best'),
  of('ranked-calls', heaps, 'ranked calls answer and walk', 'ranked calls: a call whose rank falls stays where it is', 'this.#rise(heap, this.#at[call]);\n    this.#sink(heap, this.#at[call]);', 'this.#rise(heap, this.#at[call]);'),
  of('ranked-calls', twins, 'sjf {} are those', 'ranked calls: a walk leaves out the second child', '      if (2 * at + 2 < heap.length) push(heap[2 * at + 2]);\n', ''),
  of('ranked-calls', twins, 'sjf {} are those', 'ranked calls: an equal takes the place of who runs', 'return this.#runs[a] === 1;', 'return this.#runs[b] === 1;'),
  of('ranked-calls', heaps, 'ranked calls answer and walk', 'ranked calls: removal inside a heap mends it downwards alone', 'this.#rise(heap, at);\n    this.#sink(heap, this.#at[last]);', 'this.#sink(heap, at);'),
  of('ranked-calls', preempt, 'of one instant stand in the order of their arrival under sjf', 'ranked calls: equals go newest first', 'return arrivedUs[a] < arrivedUs[b] ||', 'return arrivedUs[a] > arrivedUs[b] ||'),

  of('program-fcfs', rows, 'ends programs of equal calls in the order in which they came', 'program-fcfs: a program is as old as its latest call', 'if (row === undefined) this.#rows.set(program, row =', 'this.#rows.set(program, row ='),
  of('sjf', bounds, 'no swap of two neighbours', 'sjf: longest first', 'this.order.add(call, known(this.#knowledge.outputTokens(call)) +', 'this.order.add(call, 0 - known(this.#knowledge.outputTokens(call)) +'),
  of('sjf', twins, 'sjf {"promptWeight":0.5} are those', 'sjf: prompts do not count', '+ this.#promptWeight * this.calls.promptTokens[call]);', '+ 0 * this.calls.promptTokens[call]);'),
  of('srpt', bounds, 'srpt leaves no more calls in the system', 'srpt: what was produced does not count', 'Math.max(0, this.order.majorOf(call) - tokens)', 'Math.max(0, this.order.majorOf(call) - 0 * tokens)'),
  of('srpt', bounds, 'srpt leaves no more calls in the system', 'srpt: engines need not tell progress before each question', 'readonly needsAllProgress = true;', 'readonly needsAllProgress = false;'),
  of('program-srpt', twins, 'program-srpt {} are those', 'program-srpt: siblings keep the rank that they came with', 'if (tokens > 0) for (const call of row.present)', 'if (tokens > 1e9) for (const call of row.present)'),
  of('program-srpt', twins, 'program-srpt {} are those', 'program-srpt: what progress told is counted again at the end', 'tokensServed(this.calls, call, told, nowUs) - told)', 'tokensServed(this.calls, call, told, nowUs))'),
  of('program-srpt', rows, 'is srpt where every program is one call', 'program-srpt: a call is worth itself alone', 'known(this.#knowledge.programTokens(call))', 'known(this.#knowledge.outputTokens(call))'),

  of('mlfq', rows, 'is round robin with one level', 'mlfq: who sinks stands behind who arrives', 'const before = (atUs: number): number => 2 * atUs;', 'const before = (atUs: number): number => 2 * atUs + 2;'),
  of('mlfq', twins, 'mlfq {"base":2,"levels":3,"starvation":0} are those', 'mlfq: sinks past the quantum, not at it', 'used >= this.#quanta[level]; sank', 'used > this.#quanta[level]; sank'),
  of('mlfq', rows, 'is round robin with one level', 'mlfq: at the bottom nobody gives way', 'if (!sank) return;', 'if (!sank || this.#level.get(call) === level) return;'),
  of('mlfq', rows, 'brings a call that waits back on top', 'mlfq: nobody is brought back on top', 'if (dueUs > nowUs) return;', 'if (dueUs > 0) return;'),
  of('mlfq', twins, 'mlfq {"quanta":"2/5/inf","starvation":0.5} are those', 'mlfq: back on top with what was used before', 'this.#level.set(call, 0);\n      this.#used.set(call, 0);', 'this.#level.set(call, 0);'),
  of('mlfq', rows, 'is fcfs where the top level has no end', 'mlfq: every level has an end', "/^inf(inity)?$/i.test(part.trim()) ? Infinity", "/^inf(inity)?$/i.test(part.trim()) ? 2"),
  of('mlfq', 'test/policies/scaling.test.ts', 'mlfq ends every call four times as late', 'mlfq: quanta have a constant part', 'base * (1 << i)', '(base + 1) * (1 << i)'),

  of('gittins-index', rows, 'has the index that the definition has', 'gittins: looks one size ahead only', 'this.#index[i] = slope(i, hull[hull.length - 1]);', 'this.#index[i] = slope(i, i + 1);'),
  of('gittins-index', rows, 'has the index that the definition has', 'gittins: the hull keeps points that it has passed', 'while (hull.length > 1 &&', 'if (hull.length > 99 &&'),
  of('gittins', twins, 'gittins {"sizes":"empirical:1/2/4/4/9","mean":4} are those', 'gittins: the lowest index first', '0 : 0 - law.table.at(had)', '0 : law.table.at(had)'),
  of('gittins', twins, 'gittins {"sizes":"empirical:1/2/4/4/9","mean":4} are those', 'gittins: ranks do not follow what a call has had', 'this.order.move(call, this.order.valueOf(call) + tokens);', 'this.order.move(call, this.order.valueOf(call) + 0 * tokens);'),
  of('gittins', rows, 'learns sizes from calls that end', 'gittins: what was learnt changes nothing', 'this.order.renew();', 'this.#law.table = undefined;'),
  of('ranked-groups', rows, 'is fcfs where every size is the same', 'gittins: the newest is favoured', 'return arrivedUs[a] < arrivedUs[b] ||', 'return arrivedUs[a] > arrivedUs[b] ||'),
  of('ranked-groups', groups, 'ranked groups answer and walk', 'ranked groups: a renewal leaves ranks as they are', 'group.rank = this.#rankOf(group.value);', 'group.rank += 0;'),
  of('ranked-groups', groups, 'ranked groups answer and walk', 'ranked groups: a renewal leaves the heap as it is', '      groups.mendAll();\n', ''),
  of('ranked-groups', groups, 'ranked groups answer and walk', 'ranked groups: a group does not move when its head leaves', 'if (wasHead) groups.mend(group.at);', ''),

  of('hrrn', rows, 'serves any call in the end', 'hrrn: age does not count', 'return 1 + this.#ageOf(call, nowUs) / this.#estimate.get(call);', 'return 1 + 1 / this.#estimate.get(call);'),
  of('hrrn', rows, 'serves in order of arrival where all estimates are equal', 'hrrn: youngest first', 'return 1 + this.#ageOf(call, nowUs) / this.#estimate.get(call);', 'return 1 + 1 / (1 + this.#ageOf(call, nowUs)) / this.#estimate.get(call);'),
  of('hrrn', rows, 'tells ratios of at least 1', 'hrrn: the ratio leaves the size out', 'return 1 + this.#ageOf(call, nowUs) /', 'return this.#ageOf(call, nowUs) /'),
  of('hrrn', rows, 'decides the same where all sizes are larger by one factor', 'hrrn: a size has a constant part', '/ this.#estimate.get(call); }\n', '/ (5 + this.#estimate.get(call)); }\n'),
  of('hrrn', rows, 'does not notice that an engine pauses', 'hrrn: ages by time whatever is asked', "context.options['age'] === 'tokens'; }", "context.options['age'] === 'token'; }"),
  of('hrrn', twins, 'hrrn {} are those', 'hrrn: cached prompt tokens count', 'calls.promptTokens[call] - cached +', 'calls.promptTokens[call] +'),
  of('scanned-policy', twins, 'hrrn {} are those', 'scanned calls: equals go by where they stand in the list', '(own === score && this.#isOlder(call, best))', '(own === score && best < 0)'),

  of('lpm', rows, 'lets a cold call wait', 'lpm: ageing is left out', '+ this.#ageing * ((nowUs', '+ 0 * ((nowUs'),
  of('lpm', twins, 'lpm {"matchLimit":3,"ageing":2} are those', 'lpm: matches however many wait', 'this.waiting > this.#limit ? 0 :', 'this.waiting > 1e9 ? 0 :'),
  of('lpm', rows, 'lets a cold call wait', 'lpm: the oldest goes first whatever is cached', 'this.waiting > this.#limit ? this.#oldest.first(admits)', 'this.waiting >= 0 ? this.#oldest.first(admits)'),
  of('lpm', rows, 'is fcfs while more wait than it matches', 'lpm: above the limit who was granted stays the oldest', 'this.#oldest.remove(call); super.grant', 'super.grant'),
  of('priority', rows, 'serves a call of the last class after its ageing', 'priority: nobody ages', 'this.#ageingS > 0 ? this.calls', 'this.#ageingS > 1e9 ? this.calls'),
  of('priority', twins, 'priority {"by":"weight","ageing":1.5} are those', 'priority: the lightest first', ': 0 - this.calls.weight[call]; }', ': this.calls.weight[call]; }'),
];
