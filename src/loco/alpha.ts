// What alpha is: the presets by name, a raw value, never both.
import { unknownName } from '../options.ts';
import { SchedlabError } from '../errors.ts';

/** Weight of the backlog against the wait: 0 serves the oldest task, 1 the deepest queue. */
export const ALPHA_PRESETS = { latency: 0, balanced: 0.25, throughput: 0.5 } as const;
export type AlphaPreset = keyof typeof ALPHA_PRESETS;
export const ALPHA_PRESET_NAMES = Object.keys(ALPHA_PRESETS) as readonly AlphaPreset[];
export const DEFAULT_ALPHA = ALPHA_PRESETS.balanced;

export interface AlphaOptions {
  readonly alpha?: number | undefined;
  readonly optimizeFor?: string | undefined;
}

/** The preset's alpha. Throws ERR_OPTION_RANGE that lists the presets. */
export function presetAlpha(name: string, where = 'loco'): number {
  if (!Object.hasOwn(ALPHA_PRESETS, name)) throw unknownName('preset', name, ALPHA_PRESET_NAMES, where, 'ERR_OPTION_RANGE');
  return ALPHA_PRESETS[name as AlphaPreset];
}

/** Alpha from options: a preset or a raw value in [0, 1], 0.25 when neither is given. Throws ERR_OPTION_CONFLICT, ERR_OPTION_RANGE or ERR_OPTION_TYPE. */
export function resolveAlpha(options: AlphaOptions = {}, where = 'loco'): number {
  const { alpha, optimizeFor } = options;
  if (alpha !== undefined && optimizeFor !== undefined) {
    throw new SchedlabError('ERR_OPTION_CONFLICT', `give alpha or optimizeFor in ${where}, not both: received alpha ${alpha} and optimizeFor ${JSON.stringify(optimizeFor)}.`, { alpha, optimizeFor });
  }
  if (optimizeFor !== undefined) return presetAlpha(optimizeFor, where);
  if (alpha === undefined) return DEFAULT_ALPHA;
  if (typeof alpha !== 'number' || Number.isNaN(alpha)) throw new SchedlabError('ERR_OPTION_TYPE', `alpha in ${where} accepts a number from 0 to 1, received ${JSON.stringify(alpha)}.`, { alpha });
  if (alpha < 0 || alpha > 1) throw new SchedlabError('ERR_OPTION_RANGE', `alpha in ${where} accepts a number from 0 to 1, received ${alpha}.`, { alpha });
  return alpha + 0;
}
