// --target: the simulator, or one live endpoint. What cannot be done live is refused here, with what can.
import { SchedlabError } from '../errors.ts';
import { LABORATORY } from '../../sim/experiment/laboratory.ts';
import type { Laboratory } from '../../sim/experiment/types.ts';

/** The laboratory that runs on this target: the one place that a live world is joined at. Throws ERR_USAGE, ERR_NOT_POSSIBLE. */
export function laboratoryFor(target: string, apiKey?: string): Laboratory {
  if (target === 'sim') return LABORATORY;
  if (target.startsWith('both=')) throw new SchedlabError('ERR_NOT_POSSIBLE', `--target ${target}: simulated and live runs side by side are not possible yet. Run each on its own: --target sim, then --target ${target.slice(5) || 'URL'}.`);
  if (target.includes(',')) throw new SchedlabError('ERR_NOT_POSSIBLE', '--target: more than one live endpoint is not possible yet. Name one: --target http://127.0.0.1:8000.');
  let url: URL | undefined;
  try { url = new URL(target); } catch { url = undefined; }
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new SchedlabError('ERR_USAGE', `--target accepts sim or the URL of an endpoint, received ${JSON.stringify(target)}. Write --target http://127.0.0.1:8000.`);
  return {
    ...LABORATORY,
    // The client is loaded when the first call is due: planning and errors answer without it.
    runCell: async (model, options) => (await import('../../sim/worlds/live.ts')).runLive(model, { ...options, target, ...(apiKey ? { apiKey } : {}) }),
  };
}
