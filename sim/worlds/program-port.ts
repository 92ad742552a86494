// What a program under way needs of a shell: calls asked for and withdrawn, time passing.
import type { RunningProgram } from '../workload/programs.ts';

export interface ShellPort {
  /** The call of this node wants service now; its columns are those of `run`. */
  submit(run: RunningProgram, node: number, nowUs: number): void;
  withdraw(run: RunningProgram, node: number, nowUs: number): void;
  wait(run: RunningProgram, node: number, us: number, nowUs: number): void;
  /** The end of the instant is wanted. */
  onDirty(): void;
}
