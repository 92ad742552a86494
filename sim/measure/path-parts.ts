// Where the time of a program goes along its path, and the sums over programs. The parts of one program add up to its response.
import { CALL_PARTS } from '../engine/batch/call-split.ts';

/**
 * Those of its calls first. `service`: served, where no tokens are known. `toolQueue`, `tool`: waits for a place of its tool, and uses it. `thinking`: a human, a pause.
 * `backoff`: between a lost attempt and the next. `siblings`: the path is ready to go on, and what must come beside it is not.
 */
export const PATH_PARTS = [...CALL_PARTS, 'service', 'toolQueue', 'tool', 'thinking', 'backoff', 'siblings'] as const;
export type PathPart = typeof PATH_PARTS[number];

/** `path.engine_wait`: the name of its share in the dictionary. */
export const pathMetric = (part: PathPart): string => `path.${part.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

export const PATH_LENGTH = PATH_PARTS.length;
const at = (part: PathPart): number => PATH_PARTS.indexOf(part);
export const AT_GATE = at('gate'), AT_ENGINE_WAIT = at('engineWait'), AT_PREFILL = at('prefill'), AT_DECODE = at('decode'), AT_PREEMPTED = at('preempted'), AT_SERVICE = at('service');
export const AT_TOOL_QUEUE = at('toolQueue'), AT_TOOL = at('tool'), AT_THINKING = at('thinking'), AT_BACKOFF = at('backoff'), AT_SIBLINGS = at('siblings');

/** Sums over completed programs of several calls. */
export class PathSums {
  programs = 0;
  /** Of the share that each part has of the response, and of its µs. */
  readonly shares = new Float64Array(PATH_LENGTH);
  readonly us = new Float64Array(PATH_LENGTH);

  /** `us`: whole µs by part; they add up to the response, which is above zero. */
  add(us: Float64Array, responseUs: number): void {
    this.programs++;
    for (let part = 0; part < PATH_LENGTH; part++) {
      this.us[part] += us[part];
      this.shares[part] += us[part] / responseUs;
    }
  }
}
