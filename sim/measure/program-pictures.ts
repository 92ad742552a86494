// Programs of several calls one by one, for the pictures of one replication: what each node was doing, and the path.
import { NODE_CALL } from '../../src/programs/plan.ts';
import { STATE_DONE, STATE_PENDING } from '../../src/programs/program-run.ts';
import type { PictureNode, ProgramPicture, ProgramPictures } from '../results.ts';
import type { RunningProgram } from '../workload/programs.ts';
import { AT_BACKOFF, AT_THINKING, AT_TOOL, PATH_LENGTH, PATH_PARTS } from './path-parts.ts';

/** Nodes kept in all, and of one program. */
const MOST_NODES = 4096, MOST_OF_ONE = 1024;

/** Keeps completed programs whose number is a multiple of `every`, which doubles when there are too many: the same programs in runs that are laid side by side. */
export class ProgramSketches {
  #every = 1;
  #nodes = 0;
  #completed = 0;
  #tooLarge = 0;
  #kept: ProgramPicture[] = [];

  /** Call while what the program was doing is still written in it. O(nodes). */
  add(run: RunningProgram, path: readonly number[], aloneUs: number, className: string): void {
    this.#completed++;
    if (run.plan.length > MOST_OF_ONE) { this.#tooLarge++; return; }
    if (run.program % this.#every !== 0) return;
    this.#kept.push(pictureOf(run, path, aloneUs, className));
    this.#nodes += run.plan.length;
    while (this.#nodes > MOST_NODES) {
      this.#every *= 2;
      this.#kept = this.#kept.filter(({ program }) => program % this.#every === 0);
      this.#nodes = this.#kept.reduce((n, { nodes }) => n + nodes.length, 0);
    }
  }

  /** Undefined where no program of several calls has completed. */
  record(): ProgramPictures | undefined {
    if (this.#completed === 0) return undefined;
    return { parts: PATH_PARTS, completed: this.#completed, every: this.#every, tooLarge: this.#tooLarge, programs: this.#kept.sort((a, b) => a.program - b.program) };
  }
}

function pictureOf(run: RunningProgram, path: readonly number[], aloneUs: number, className: string): ProgramPicture {
  const { plan } = run;
  return {
    program: run.program, class: className, arrivalS: plan.arrivalUs / 1e6, responseS: (run.outcomeUs - run.startUs) / 1e6, aloneS: aloneUs / 1e6, tokens: run.usefulTokens, path,
    nodes: Array.from({ length: plan.length }, (_, node) => nodeOf(run, node)),
  };
}

/** Nodes that never began have no time. */
function nodeOf(run: RunningProgram, node: number): PictureNode {
  const { plan, state } = run, { graph } = plan, kind = graph === undefined ? NODE_CALL : graph.kind[node]!, parents = graph === undefined ? (node === 0 ? [] : [node - 1]) : graph.parents[node]!;
  if (run.metUs[node]! < 0 || state[node] === STATE_PENDING) return [kind, -1, 0, parents, []];
  const from = node * PATH_LENGTH, spans: number[] = [];
  let sumUs = 0;
  const allUs = run.endUs[node]! - run.metUs[node]!;
  for (let part = 0; part < PATH_LENGTH; part++) sumUs += run.partUs[from + part]!;
  // What was stopped before it had begun, or between two attempts, was told nothing of its last wait.
  const restPart = kind !== NODE_CALL ? (sumUs === 0 && plan.thinkUs[node]! === 0 ? AT_TOOL : AT_THINKING) : run.attempts[node] === 0 ? AT_THINKING : AT_BACKOFF;
  for (let part = 0; part < PATH_LENGTH; part++) {
    const us = run.partUs[from + part]! + (part === restPart && allUs > sumUs ? allUs - sumUs : 0);
    if (us > 0) spans.push(part, us);
  }
  return [kind, state[node] === STATE_DONE ? 1 : 0, run.metUs[node]! - run.startUs, parents, spans];
}
