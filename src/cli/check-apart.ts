// `check` in a thread of its own, watched from here: what does not come back is ended, and told as a broken clause.
import { Worker } from 'node:worker_threads';
import { SchedlabError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { Clause } from '../../sim/check/index.ts';
import { STRIPS_TYPES } from '../../sim/experiment/machine.ts';
import { partUrl } from '../../sim/experiment/places.ts';
import { faultOfStranger } from '../../sim/experiment/strangers.ts';
import { Heart, heartBytes } from './check-heart.ts';
import type { Stage } from './check-judge.ts';
import type { AskedCheck } from './check-subjects.ts';
import type { Checked } from './check-text.ts';
import type { Io } from './io.ts';

export interface CheckerStart { readonly names: readonly string[]; readonly asked: AskedCheck; readonly surroundings: Pick<Io, 'isTTY' | 'columns' | 'width' | 'env' | 'cwd'>; readonly shared: SharedArrayBuffer }
export interface PlainFault { readonly code?: string; readonly name?: string; readonly message: string; readonly stack: string; readonly details: Readonly<Record<string, unknown>> }
export type FromChecker = { readonly results: Checked[] } | { readonly failed: PlainFault } | { readonly stage: Stage } | { readonly say: string; readonly isError: boolean };

/** How often the thread is looked at, in ms. */
const LOOK_MS = 250;
/** Patience in s: with one method of a policy, balancer or metric, with a file that loads, with all else, and with the replications of a scenario. */
const IN_METHOD_S = 10, LOADING_S = 20, ELSE_S = 180, SCENARIO_S = 900;

const ENDS: Clause = { id: 'ends', demands: 'comes back, in bounded time and memory', advice: 'A loop there never meets its end: bound it by what there is to look at.', needs: [] };

/** Whether a thread can be started: by a process of its own, and where Node can load the entry. */
export const canJudgeApart = (io: Io): boolean => io.onInterrupt !== undefined && (STRIPS_TYPES || !import.meta.url.endsWith('.ts'));

/** As `judge`, in another thread. Never waits longer than the patience above without news of it. */
export function judgeApart(names: readonly string[], asked: AskedCheck, io: Io): Promise<Checked[]> {
  const { isTTY, columns, width, env, cwd } = io, shared = heartBytes(), heart = new Heart(shared);
  const start: CheckerStart = { names, asked, surroundings: { isTTY, columns, ...(width === undefined ? {} : { width }), env: { ...env }, cwd }, shared };
  const worker = new Worker(partUrl('src/cli/check-worker'), { workerData: start, name: 'schedlab check' });
  let stage: Stage = { shown: names[0], kind: 'file', name: names[0], isLoading: true }, looks = 0, beat = -1;
  const stuck = (why: string, lines: readonly string[]): Checked[] => {
    const { shown, kind, name } = stage;
    return [{ shown, kind, name, params: {}, options: {}, isKept: false, verdicts: [{ clause: ENDS, holds: false, shown: { why, lines } }] }];
  };
  const doing = (): string => { const { isInside, what } = heart.pulse(); return stage.isLoading ? 'the file is loaded' : isInside ? `it is in ${what()}` : 'it is judged'; };
  return new Promise<Checked[]>((done, fail) => {
    const timer = setInterval(() => {
      const pulse = heart.pulse();
      looks = pulse.beat === beat ? looks + 1 : 0;
      beat = pulse.beat;
      const patience = stage.isLoading ? LOADING_S : pulse.isInside ? IN_METHOD_S : stage.kind === 'scenario' ? SCENARIO_S : ELSE_S;
      // Counted in looks: a machine that stands still for a while is nobody's fault.
      if (looks * LOOK_MS < patience * 1000) return;
      over();
      done(stuck(stage.isLoading ? `loading it has not ended within ${patience} s` : pulse.isInside ? `${pulse.what()} has not come back within ${patience} s` : `there is no end to it within ${patience} s`, pulse.isInside ? pulse.lines() : []));
    }, LOOK_MS);
    const over = (): void => { clearInterval(timer); void worker.terminate(); };
    worker.on('message', (message: FromChecker) => {
      if ('say' in message) (message.isError ? io.stderr : io.stdout).write(message.say);
      else if ('stage' in message) { stage = message.stage; looks = 0; }
      else { over(); if ('results' in message) done(message.results); else fail(faultOf(message.failed)); }
    });
    worker.on('error', (error: Error & { readonly code?: string }) => {
      over();
      if (error?.code === 'ERR_WORKER_OUT_OF_MEMORY') { const { isInside, lines } = heart.pulse(); done(stuck(`memory runs out while ${doing()}`, isInside ? lines() : [])); } else fail(faultOfStranger(error));
    });
    worker.on('exit', () => { clearInterval(timer); done(stuck(`the thread ends while ${doing()}`, [])); });
  });
}

function faultOf({ code, name, message, stack, details }: PlainFault): Error {
  const error = code === undefined ? new Error(message) : new SchedlabError(code as ErrorCode, message, details);
  if (name !== undefined) error.name = name;
  if (stack !== '') error.stack = stack;
  return error;
}
