// What a world or a shell cannot play, asked of a model before anything is run or written.
import { SchedlabError } from '../../src/errors.ts';
import type { Model } from '../scenario.ts';

export type Shell = 'auto' | 'event' | 'promise';

/** Throws ERR_NOT_POSSIBLE where agents are functions and the event shell is asked for. */
export function refuseShell(model: Model, shell: Shell): void {
  if (shell !== 'event' || (model.scripts?.length ?? 0) === 0) return;
  throw new SchedlabError('ERR_NOT_POSSIBLE', 'agents written as async functions need the promise shell. Leave --shell away, or say --shell promise.', { shell });
}

/** Throws ERR_NOT_POSSIBLE for what cannot be done on one live endpoint. */
export function refuseLive(model: Model, target: string, shell: Shell): void {
  const no = (what: string, next: string): SchedlabError => new SchedlabError('ERR_NOT_POSSIBLE', `--target ${new URL(target).origin}: ${what} ${next}`, { target });
  if (shell === 'event') throw no('the event shell is for simulated time.', 'Leave --shell away.');
  if (model.engines.count > 1) throw no(`${model.engines.count} engines are not possible live yet; one endpoint is one engine.`, 'Use one engine.');
  if (model.place !== 'gate') throw no('a policy inside a real engine is not possible yet.', 'Let it act at the gate.');
  if (model.engines.kind !== 'slots') throw no('a synthetic engine is for simulated time.', 'Use engine=slots:N, N being the calls that the endpoint is to have in flight.');
  if (model.engines.discipline !== 'nonpreemptive') throw no(`discipline ${model.engines.discipline} is for simulated slots.`, 'Use discipline=nonpreemptive.');
}
