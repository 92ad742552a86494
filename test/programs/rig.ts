// Plays programs on the runner alone: calls take the time that the test says, and things of one instant are told in whatever order the test likes.
import type { PlanNode } from '../../src/programs/plan.ts';
import { planOf } from '../../src/programs/plan.ts';
import { ProgramRun, STATE_DONE, STATE_LOST, STATE_WITHDRAWN } from '../../src/programs/program-run.ts';
import { ProgramRunner } from '../../src/programs/runner.ts';
import type { ToolPool } from '../../src/programs/tools.ts';
import type { Attempts, Fate, Told } from './naive-programs.ts';

interface Due { readonly atUs: number; readonly what: 'time' | 'served' | 'lost'; readonly run: ProgramRun; readonly node: number; readonly attempt: number }

export interface Played extends Told { readonly run: ProgramRun; readonly log: readonly string[] }
export interface Program { readonly nodes: readonly PlanNode[]; readonly attempts: readonly Attempts[]; readonly startUs?: number; readonly abandonAt?: number }

const FATES: Readonly<Record<number, Fate>> = { [STATE_DONE]: 'done', [STATE_LOST]: 'lost', [STATE_WITHDRAWN]: 'withdrawn' };

/** `shuffle` puts what is told in one instant into another order. */
export function playPrograms(programs: readonly Program[], options: { readonly tools?: readonly ToolPool[]; readonly shuffle?: <T>(list: T[]) => T[] } = {}): { readonly played: readonly Played[]; readonly runner: ProgramRunner<ProgramRun> } {
  const { shuffle = (list) => list } = options;
  const withdrawn: { run: ProgramRun; node: number }[] = [];
  let due: Due[] = [];
  const logs: string[][] = programs.map(() => []), log = (run: ProgramRun, text: string, nowUs: number): void => { logs[run.program]!.push(`${nowUs} ${text}`); };
  const runner: ProgramRunner<ProgramRun> = new ProgramRunner<ProgramRun>({
    submit: (run, node, nowUs) => {
      const attempts = programs[run.program]!.attempts[node]!, { us, isLost } = attempts[Math.min(run.attempts[node]! - 1, attempts.length - 1)]!;
      log(run, `submit ${node}`, nowUs);
      due.push({ atUs: nowUs + us, what: isLost ? 'lost' : 'served', run, node, attempt: run.attempts[node]! });
    },
    withdraw: (run, node, nowUs) => { log(run, `withdraw ${node}`, nowUs); withdrawn.push({ run, node }); },
    wait: (run, node, us, nowUs) => { due.push({ atUs: nowUs + us, what: 'time', run, node, attempt: run.attempts[node]! }); },
    toolStart: (run, node, nowUs) => { log(run, `tool ${node}`, nowUs); },
    toolEnd: (run, node, nowUs) => { log(run, `back ${node}`, nowUs); },
    decided: (run, nowUs) => { log(run, `decided ${run.outcome!}`, nowUs); },
    closed: (run, nowUs) => { log(run, 'closed', nowUs); },
  }, { ...(options.tools ? { tools: options.tools } : {}), onDirty: () => { /* The rig settles after each instant. */ } });
  const runs = programs.map(({ nodes, abandonAt }, program) => new ProgramRun({ ...planOf(nodes), ...(abandonAt === undefined ? {} : { abandonAt }) }, program));
  const starts = new Map(runs.map((run, program) => [run, programs[program]!.startUs ?? 0]));
  for (let guard = 0; starts.size > 0 || due.length > 0; guard++) {
    if (guard > 100_000) throw new Error('the programs do not end');
    const nowUs = Math.min(...starts.values(), ...due.map((one) => one.atUs)), now = shuffle(due.filter((one) => one.atUs === nowUs)), ended: Due[] = [];
    due = due.filter((one) => one.atUs !== nowUs);
    for (const [run, atUs] of shuffle([...starts])) if (atUs === nowUs) { starts.delete(run); runner.start(run); }
    for (const one of now) {
      if (one.what === 'time') runner.timeOver(one.run, one.node);
      else if (isWithdrawn(one)) continue;
      else { ended.push(one); if (one.what === 'served') runner.served(one.run, one.node); }
    }
    runner.settle(nowUs);
    // The dispatcher's verdicts: what was served, what was lost, what was withdrawn and had not ended.
    for (const { run, node, what } of ended) runner.verdict(run, node, what === 'served', nowUs);
    while (withdrawn.length > 0 || runner.isDirty) {
      for (const { run, node } of withdrawn.splice(0)) if (!ended.some((one) => one.run === run && one.node === node)) { runner.verdict(run, node, false, nowUs); }
      runner.settle(nowUs);
    }
  }
  return { runner, played: runs.map((run, program) => ({ run, log: logs[program]!, fate: Array.from(run.state, (state) => FATES[state] ?? 'pending'), metUs: [...run.metUs], endUs: [...run.endUs], outcome: run.outcome as Told['outcome'], outcomeUs: run.outcomeUs })) };
}

const isWithdrawn = ({ run, node }: Due): boolean => run.state[node] === STATE_WITHDRAWN;
