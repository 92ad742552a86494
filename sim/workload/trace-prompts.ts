// What the prompts of a replayed trace are made of: the contents that it tells, then what is the call's own.
import type { CallView } from '../../src/dispatch/calls.ts';
import { SchedlabError } from '../../src/errors.ts';
import type { Content } from '../engine/batch/content.ts';
import { OwnSegments, type PromptSource } from '../engine/batch/prompts.ts';
import type { Trace } from '../scenario.ts';
import { rowId } from './identity.ts';
import { programsOf, type TracePrograms } from './trace-programs.ts';
import { traceSegments, type TraceSegments } from './trace-segments.ts';

/** O(segments) a call. Answers are content of their own: no trace format says which later prompt repeats them, but by the prompt's contents. */
export class TracePrompts implements PromptSource {
  readonly priority?: (call: number) => number;
  readonly #calls: CallView;
  readonly #trace: Trace;
  readonly #programs: TracePrograms | undefined;
  readonly #segments: TraceSegments;
  readonly #own = new OwnSegments();

  constructor(trace: Trace, calls: CallView, segments = traceSegments(trace)) {
    this.#trace = trace;
    this.#calls = calls;
    this.#programs = programsOf(trace);
    this.#segments = segments;
    const priorities = prioritiesOf(trace);
    if (priorities !== undefined) this.priority = (call) => priorities[this.#rowOf(call)];
  }

  content(call: number): Content {
    const { segment, tokens, start } = this.#segments, row = this.#rowOf(call), content: [number, number][] = [];
    let left = this.#trace.promptTokens[row];
    for (let k = start[row]; k < start[row + 1]; k++) {
      content.push([segment[k] >= 0 ? segment[k] : this.#own.take(), tokens[k]]);
      left -= tokens[k];
    }
    if (left > 0) content.push([this.#own.take(), left]);
    return content;
  }

  answer(): number { return this.#own.take(); }

  #rowOf(call: number): number {
    const program = this.#calls.program[call];
    return this.#programs === undefined ? program : this.#programs.nodeRow[this.#programs.start[program] + this.#calls.ordinal[call]];
  }
}

/** The trace's field `priority` as numbers, lower first; undefined where it has none. Throws ERR_TRACE_FORMAT for one that is no whole number. */
export function prioritiesOf(trace: Trace): Float64Array | undefined {
  if (!Object.hasOwn(trace.fields, 'priority')) return undefined;
  return Float64Array.from(trace.fields['priority'], (text, row) => {
    const value = text === '' ? 0 : Number(text);
    if (Number.isSafeInteger(value)) return value;
    throw new SchedlabError('ERR_TRACE_FORMAT', `priority of the call ${JSON.stringify(rowId(trace, row))} is ${JSON.stringify(text)}, and an engine orders by whole numbers. Correct it, or leave scheduling=priority away.`, { row });
  });
}

/** What a reader of the results must know of the contents. */
export function promptAssumptions(trace: Trace, scheduling: string): readonly string[] {
  return [
    ...(trace.blocks === undefined ? ['the trace does not tell what its prompts share: no two share anything, and nothing is found in a prefix cache'] : ['prompts share what the trace says that they share; answers are not found again but by what later prompts say']),
    ...(scheduling !== 'priority' ? [] : [trace.fields['priority'] === undefined ? 'the trace has no field "priority": all calls have the same' : 'priority of a call: the field "priority" of the trace, lower first, 0 where it is empty']),
  ];
}
