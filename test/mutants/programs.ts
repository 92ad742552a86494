// Mutants of the program runner: at least one for each rule of programs as graphs.
import type { Mutant } from './mutant.ts';

const test = 'test/programs/runner.test.ts', all = 'goes the way that its definition says';
const of = (file: string, kills: string, name: string, was: string, is: string): Mutant => ({ name: `programs: ${name}`, file: `src/programs/${file}.ts`, was, is, test, kills });

export const programs: readonly Mutant[] = [
  of('program-run', 'of all waits for the last', 'a join of all begins with the first', 'return this.open[node] === 0 && (this.well', 'return (this.well'),
  of('program-run', 'of k takes the first k', 'a join of k waits for one more', 'if (need > 0) return this.well[node]! >= need;', 'if (need > 0) return this.well[node]! > need;'),
  of('program-run', all, 'a join of all goes on without the lost', '&& !(need === NEED_ALL && this.hasLost[node] === 1)', ''),
  of('program-run', 'of those that do not fail goes on without the lost', 'a join of those that do not fail needs none', 'return this.open[node] === 0 && this.well[node] === 0;', 'return false;'),
  of('program-run', 'woken after a parent was lost', 'who is woken late forgets what was lost before', 'else if (this.state[parent] === STATE_LOST) this.hasLost[node] = 1;', ''),
  of('runner', 'of any takes the first and withdraws the others', 'losers go on', 'if (run.isOpen(parent) && --run.wanted[parent]! === 0) this.#withdraw(run, parent);', 'run.wanted[parent]!--;'),
  of('runner', 'leaves a loser alone that somebody else wants', 'losers are withdrawn whoever wants them', '--run.wanted[parent]! === 0', '--run.wanted[parent]! >= 0'),
  of('runner', 'withdraws what stands behind a loser too', 'what stands behind a loser goes on', '    this.#stop(run, node);\n    if (wasPending) this.#letGo(run, node);', '    this.#stop(run, node);'),
  of('runner', 'is tried again after a wait that grows', 'one attempt too few', 'if (run.attempts[node]! < rule.attempts) {', 'if (run.attempts[node]! + 1 < rule.attempts) {'),
  of('failure', 'is tried again after a wait that grows and is bounded', 'the wait before an attempt does not grow', 'us *= rule.factor;', 'us *= 1;'),
  of('failure', 'is tried again after a wait that grows and is bounded', 'the wait before an attempt has no bound', 'Math.round(Math.min(us, rule.mostUs))', 'Math.round(us)'),
  of('runner', 'ends its branch alone', 'a lost branch ends the program', "} else if (rule.then === 'branch') this.#lose(run, node);", "} else if (rule.then === 'branch') this.#decide(run, 'failed');"),
  of('runner', 'ends its program when no attempt is left', 'what runs in a failed program goes on', '&& run.active > 0; node++)', '&& run.active > 1e9; node++)'),
  of('runner', 'begins when it is woken', 'nobody wakes', 'if (woken.length > 0) wake(run, woken);', ''),
  of('runner', 'begins when it is woken', 'joins do not wait for the woken', 'if (!woken.includes(child)) run.open[child]!++;', 'if (!woken.includes(child)) run.open[child]! += 0;'),
  of('runner', 'gives the place of one who was withdrawn', 'a withdrawn tool keeps its place', 'else if (state === STATE_TOOL) this.#freeTool(run, node);', "else if (state === STATE_TOOL) this.#port.toolEnd?.(run, node, this.#nowUs);"),
  of('tools', 'forgets those who waited', 'who was withdrawn gets its place all the same', 'if (!stillWants(waiter.run, waiter.node)) continue;', ''),
  of('tools', 'serves first come, first served', 'who comes when a place is freed overtakes', 'if (this.busy[pool]! < this.pools[pool]!.places && this.waiting(pool) === 0)', 'if (this.busy[pool]! < this.pools[pool]!.places + this.waiting(pool))'),
  of('runner', 'serves first come, first served, programs of one instant in their order', 'what is told in an instant counts in the order of its telling', 'if (told.length > 1) told.sort(', 'if (told.length > 1e9) told.sort('),
  of('runner', 'is closed when the last word', 'a program is closed while calls are in flight', 'if (run.inFlight === 0) this.#close(run, this.#nowUs);', 'this.#close(run, this.#nowUs);'),
  of('runner', 'asks for nothing more', 'a dead client goes on asking', "if (run.plan.abandonAt === node) { this.#decide(run, 'abandoned'); return; }", ''),
  of('plan', 'knows the nearest calls above', 'tools hide the calls behind them', 'kind[parent] === NODE_CALL ? [parent] : above[parent]!', '[parent]'),
];
