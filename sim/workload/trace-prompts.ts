// What the prompts of a replayed trace are made of: the contents that it tells, then what is the call's own.
import type { CallView } from '../../src/dispatch/calls.ts';
import { SchedlabError } from '../../src/errors.ts';
import { FIRST_OWN, type Content } from '../engine/batch/content.ts';
import { OwnSegments, type PromptSource } from '../engine/batch/prompts.ts';
import type { Trace } from '../scenario.ts';
import { rowId } from './identity.ts';
import { programsOf, type TracePrograms } from './trace-programs.ts';

/** Numbered contents are segments below this, named ones from here on. */
const FIRST_NAMED = FIRST_OWN / 2;

/** Numbers of contents as segments; those of a trace that counts higher than segments do are numbered anew. O(blocks). */
function segmentsOf(blocks: Int32Array): (content: number) => number {
  let most = 0;
  for (let k = 0; k < blocks.length; k++) if (blocks[k] > most) most = blocks[k];
  if (most < FIRST_NAMED) return (content) => content;
  const numbers = new Map<number, number>();
  return (content) => { let number = numbers.get(content); if (number === undefined) numbers.set(content, number = numbers.size); return number; };
}

/** O(contents) a call. Answers are content of their own: no trace format says which later prompt repeats them, but by the prompt's contents. */
export class TracePrompts implements PromptSource {
  readonly priority?: (call: number) => number;
  readonly #calls: CallView;
  readonly #trace: Trace;
  readonly #programs: TracePrograms | undefined;
  readonly #segment: (content: number) => number;
  readonly #own = new OwnSegments();

  constructor(trace: Trace, calls: CallView) {
    this.#trace = trace;
    this.#calls = calls;
    this.#programs = programsOf(trace);
    this.#segment = segmentsOf(trace.blocks ?? new Int32Array(0));
    const priorities = prioritiesOf(trace);
    if (priorities !== undefined) this.priority = (call) => priorities[this.#rowOf(call)];
  }

  content(call: number): Content {
    const { blocks, blockStart, blockTokens = 0, segmentTokens, promptTokens } = this.#trace, row = this.#rowOf(call), content: [number, number][] = [];
    let left = promptTokens[row];
    if (blocks !== undefined && blockStart !== undefined) {
      for (let k = blockStart[row]; k < blockStart[row + 1] && left > 0; k++) {
        const tokens = Math.min(left, segmentTokens?.[k] ?? blockTokens), block = blocks[k];
        if (tokens === 0) continue;
        content.push([block >= 0 ? this.#segment(block) : block === -1 ? this.#own.take() : FIRST_NAMED - 2 - block, tokens]);
        left -= tokens;
      }
    }
    if (left > 0) content.push([this.#own.take(), left]);
    return content;
  }

  answer(): number { return this.#own.take(); }

  #rowOf(call: number): number {
    const program = this.#calls.program[call];
    if (this.#programs === undefined) return program;
    let row = this.#programs.roots[program];
    for (let k = this.#calls.ordinal[call]; k > 0; k--) row = this.#programs.next[row];
    return row;
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
