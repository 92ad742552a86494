// Mutants of ATLAS and of the process table: at least one for each promise.
import type { Mutant } from './mutant.ts';

const twin = 'test/policies/atlas/twin.test.ts', rows = 'test/policies/atlas/rows.test.ts', fig2 = 'test/scenarios/autellix-fig2.test.ts', fig9 = 'test/policies/atlas/fig9.test.ts', table = 'test/programs/process-table.test.ts';
const of = (file: string, test: string, kills: string, name: string, was: string, is: string): Mutant => ({ name, file: `src/${file}.ts`, was, is, test, kills });
const policy = 'policies/atlas-policy', queues = 'policies/level-queues', starvation = 'policies/starvation', programs = 'programs/process-table', programRows = 'programs/program-rows';

export const atlas: readonly Mutant[] = [
  of(programs, rows, 'is the same by scalar and by parents', 'atlas: scalar adds up instead of taking the longest', 'if (total > rows.critical[row]) rows.critical[row] = total;', 'rows.critical[row] += own;'),
  of(policy, fig9, 'gives priorities 0, 2, 6 and 10', 'atlas: a join inherits the sum of its parents', ': table.fromParents(call, parents);', ': parents.reduce((sum, parent) => sum + table.fromParents(call, [parent]), 0);'),
  of(programs, rows, 'never less by scalar than by parents', 'atlas: scalar forgets what a call inherited', 'const own = this.#service(call, cachedTokens), total = this.inherited[call] + own;', 'const own = this.#service(call, cachedTokens), total = this.#keepsCalls ? this.inherited[call] + own : own;'),
  of(programs, rows, 'by the scalar rule never falls', 'atlas: the program is what its last call ended with', 'if (total > rows.critical[row]) rows', 'rows'),
  of(policy, rows, 'with programs of one call, which inherit nothing', 'atlas: a call enters one level down', 'const level = levelOf(this.#options.levels.bounds, table.inherited[call]);', 'const level = Math.min(1, this.#options.levels.bounds.length - 1);'),
  of(policy, fig2, 'under PLAS is 12/14/5/7', 'atlas: every call starts in the first level, as under mlfq', 'const level = levelOf(this.#options.levels.bounds, table.inherited[call]);', 'const level = 0;'),
  of('policies/levels', twin, 'as its naive twin', 'atlas: a level begins above its bound', 'if (bounds[mid] <= service) low', 'if (bounds[mid] < service) low'),
  of(policy, rows, 'falls by one exactly when the tokens produced', 'atlas: quantum by scheduled tokens, the prompt among them', 'this.#use(call, tokens);', 'this.#use(call, tokens + this.#calls.promptTokens[call]);'),
  of(policy, rows, 'falls by one exactly when the tokens produced', 'atlas: down past the quantum, not at it', 'while (this.#used[call] >= quanta[to])', 'while (this.#used[call] > quanta[to])'),
  of(policy, twin, 'as its naive twin', 'atlas: service is reset on demotion', 'if (to > level[call]) this.#queues.demote(call, to);', 'if (to > level[call]) { this.#table.produced[call] = 0; this.#queues.demote(call, to); }'),
  of(policy, rows, 'is that of what it inherits when it comes', 'atlas: a used quantum takes a call up', 'if (to > level[call]) this.#queues.demote(call, to);', 'if (to > level[call]) this.#queues.demote(call, 0);'),
  of(queues, rows, 'is the tail of the next', 'atlas: a call that sinks stands before those that wait there', '    this.level[call] = level;\n    this.#rank[call] = ++this.#last;\n    this.#insert(call, 0, true);', '    this.level[call] = level;\n    this.#insert(call, 0, true);'),
  of(queues, rows, 'every program is served first come, first served', 'atlas: a call that is stopped goes to the tail', '    this.leaveRunning(call);\n    this.#insert(call, this.#listOf(call), false);', '    this.leaveRunning(call);\n    this.#rank[call] = ++this.#last;\n    this.#insert(call, this.#listOf(call), false);'),
  of(queues, twin, 'as its naive twin', 'atlas: closed classes are not skipped', 'heads[k] >= 0 && admits.open[k - 1] === 1 &&', 'heads[k] >= 0 &&'),
  of(starvation, rows, 'its program stays as it was', 'atlas: promotion resets the program instead of the call', 'this.#runBaseUs[call] = table.runUs[call];\n    return call;', 'table.rows.waitUs[table.row[call]] = table.rows.runUs[table.row[call]] = 0;\n    return call;'),
  of(starvation, rows, 'its program stays as it was', 'atlas: a promoted call keeps the wait that it had', 'this.#waitBaseUs[call] = table.waitUs[call] + (Math.max(atUs, this.#setUs[call]) - table.sinceUs[call]);', 'this.#waitBaseUs[call] = 0;'),
  of(starvation, rows, 'its program stays as it was', 'atlas: promotion counts from later than the crossing', '(Math.max(atUs, this.#setUs[call]) - table.sinceUs[call])', '(Math.max(atUs, this.#setUs[call]) + 1 - table.sinceUs[call])'),
  of(starvation, rows, 'leaves nobody waiting below the first level', 'atlas: an end in the program leaves crossings as they were', 'for (let call = this.#head[row]; call >= 0; call = this.#next[call]) {', 'for (let call = -1; call >= 0; call = this.#next[call]) {'),
  of(starvation, rows, 'takes siblings of one ratio', 'atlas: the run of the program does not count against its wait', 'return this.#beta * rows.runUs[row] - rows.waitUs[row];', 'return 0 - rows.waitUs[row];'),
  of(policy, rows, 'takes siblings of one ratio', 'atlas: nobody is woken for a promotion', 'Math.min(this.#starvation?.nextUs ?? Infinity, this.#expiries?.nextUs ?? Infinity)', 'Math.min(Infinity, this.#expiries?.nextUs ?? Infinity)'),
  of(policy, twin, 'as its naive twin', 'atlas: time used before a stop is forgotten', 'this.#used[call] += (nowUs - this.#usedUntilUs[call]) / US_PER_S;', 'this.#used[call] = 0;'),
  of(policy, rows, 'was silent for an hour', 'atlas: nobody is forgotten', 'table.reap(nowUs, this.#options.idleLimitUs)', 'table.reap(nowUs, Infinity)'),
  of(programs, rows, 'what ends late is charged to nobody', 'process table: what comes late is taken for what came twice', 'if (!this.#isLive(call)) return ANSWER_LATE;', 'if (!this.#isLive(call)) return ANSWER_DUPLICATE;'),
  of(programs, table, 'charges nobody for a call whose program was closed', 'process table: a row keeps its generation', 'const row = this.rows.find(program);\n    if (row < 0) return this.#say(ANSWER_UNKNOWN);\n    this.#free(row);', 'const row = this.rows.find(program);\n    if (row < 0) return this.#say(ANSWER_UNKNOWN);\n    this.#free(row);\n    this.rows.generation[row]--;'),
  of(programs, table, 'answers a completion that comes twice', 'process table: a completion counts twice', 'this.#state[call] = OVER;\n    rows.callEnds', 'rows.callEnds'),
  of(programs, table, 'charges a prompt only where it was computed', 'process table: cached prompt tokens are charged as computed', 'Math.max(0, this.#prompt[call] - cachedTokens)', 'this.#prompt[call]'),
  of(programs, table, 'in every unit of service', 'process table: a queue counts as time on the engine', 'this.waitUs[call] += nowUs - this.sinceUs[call];\n    this.sinceUs[call] = nowUs;\n    this.#countedUs', 'this.runUs[call] += nowUs - this.sinceUs[call];\n    this.sinceUs[call] = nowUs;\n    this.#countedUs'),
  of(programs, table, 'reaps who was silent', 'process table: reaps past the limit, not at it', 'lastHeardUs(row) >= limitUs', 'lastHeardUs(row) > limitUs'),
  of(programRows, table, 'reaps who was silent', 'process table: silence counts from the opening alone', 'return Math.max(this.openedUs[row], this.lastArrivalUs[row], this.lastCompletionUs[row]);', 'return this.openedUs[row];'),
  of(programRows, table, 'hands its rows out again', 'process table: rows are never handed out again', 'this.#free.push(row);', ''),
  of(programRows, table, 'in every unit of service', 'process table: an engine beyond the first 32 is taken for another', '(engine >>> 5)] |= 1', '0] |= 1'),
];
