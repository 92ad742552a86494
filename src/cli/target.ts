// --target and --shell: the simulator, or one live endpoint. What they cannot do is refused while planning, with what can.
import { SchedlabError } from '../errors.ts';
import { endpointOf } from '../engines/endpoint.ts';
import { LABORATORY } from '../../sim/experiment/laboratory.ts';
import type { Laboratory } from '../../sim/experiment/types.ts';
import { refuseLive, refuseShell } from '../../sim/worlds/refusals.ts';
import type { Shell } from '../../sim/worlds/refusals.ts';

/** The laboratory that runs on this target: the one place that a live world is joined at. Throws ERR_USAGE, ERR_NOT_POSSIBLE, ERR_OPTION_RANGE. */
export function laboratoryFor(target: string, shell: Shell = 'auto', apiKey?: string): Laboratory {
  if (target === 'sim') return { ...LABORATORY, refuse: (model) => { refuseShell(model, shell); } };
  if (target.startsWith('both=')) throw new SchedlabError('ERR_NOT_POSSIBLE', `--target ${target}: simulated and live runs side by side are not possible yet. Run each on its own: --target sim, then --target ${target.slice(5) || 'URL'}.`);
  if (target.includes(',')) throw new SchedlabError('ERR_NOT_POSSIBLE', '--target: more than one live endpoint is not possible yet. Name one: --target http://127.0.0.1:8000.');
  let url: URL | undefined;
  try { url = new URL(target); } catch { url = undefined; }
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new SchedlabError('ERR_USAGE', `--target accepts sim or the URL of an endpoint, received ${JSON.stringify(target)}. Write --target http://127.0.0.1:8000.`);
  const key = apiKey === '' ? undefined : apiKey;
  endpointOf(target, key);
  return {
    ...LABORATORY,
    refuse: (model) => { refuseLive(model, target, shell); },
    // The client is loaded when the first call is due: planning and errors answer without it.
    runCell: async (model, options) => (await import('../../sim/worlds/live.ts')).runLive(model, { ...options, target, ...(key === undefined ? {} : { apiKey: key }) }),
  };
}
