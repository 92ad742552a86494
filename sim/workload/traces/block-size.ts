// How many tokens the block ids of a trace stand for: held against the lengths of its prompts, row by row.
import { SchedlabError } from '../../../src/errors.ts';
import type { TraceFormat } from './format.ts';

/** Sizes that traces have. */
const USUAL = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
export const BLOCK_TOKENS_MAX = 1 << 20;

/** True where so many ids name the blocks of such a prompt: all of them, or all but a last one that is not full. */
const agrees = (ids: number, promptTokens: number, tokens: number): boolean => ids === Math.ceil(promptTokens / tokens) || ids === Math.floor(promptTokens / tokens);

/** The format with blocks of so many tokens. */
export function withBlocksOf(format: TraceFormat, tokens: number, from: 'given' | 'rows'): TraceFormat {
  return format.blocks === undefined ? format : { ...format, blocks: { ...format.blocks, tokens, from } };
}

/** The units of a trace in words, with those of its blocks and where they come from. */
export function unitsOf({ units, blocks }: TraceFormat): string {
  if (blocks === undefined || blocks.ofTokenIds) return units;
  return `${units}, ${blocks.column} of ${blocks.tokens}-token prefix blocks${blocks.from === 'rows' ? ', the size that lengths and numbers of ids agree with' : ''}`;
}

/** Told of every row that names blocks, it knows which sizes the rows agree with. O(1) a row. */
export class BlockSizes {
  rows = 0;
  /** Rows that disagree with the size that is supposed, and the first of them. */
  odd = 0;
  oddLine = 0;
  #oddIds = 0;
  #oddTokens = 0;
  readonly #supposed: number;
  readonly #agreed = new Int32Array(USUAL.length);

  constructor(supposed: number) { this.#supposed = supposed; }

  add(promptTokens: number, ids: number, line: number): void {
    this.rows++;
    for (let k = 0; k < USUAL.length; k++) if (agrees(ids, promptTokens, USUAL[k])) this.#agreed[k]++;
    if (agrees(ids, promptTokens, this.#supposed) || this.odd++ > 0) return;
    this.oddLine = line;
    this.#oddIds = ids;
    this.#oddTokens = promptTokens;
  }

  /** The usual sizes that every row agrees with. */
  sizes(): readonly number[] { return this.rows === 0 ? [] : USUAL.filter((_size, k) => this.#agreed[k] === this.rows); }

  /** The first row that disagrees, and what the user can do. */
  refusal(path: string, format: TraceFormat): SchedlabError {
    const { name } = format, { column, tokens } = format.blocks!, fit = this.sizes(), count = Math.ceil(this.#oddTokens / tokens);
    const best = this.#agreed.reduce((most, rows, k) => (rows > this.#agreed[most] ? k : most), 0), many = this.#agreed[best];
    const next = fit.length > 0 ? `Every row agrees with blocks of ${fit.join(' or ')} tokens: write format=${name}:${fit[0]}.`
      : many > this.rows / 2 ? `${many} of ${this.rows} rows agree with blocks of ${USUAL[best]} tokens: write format=${name}:${USUAL[best]}, or mend the others.`
        : `No usual size agrees with most of the ${this.rows} rows: write the tokens of a block as format=${name}:N, or mend the file.`;
    const what = `a prompt of ${this.#oddTokens} tokens has ${count} block${count === 1 ? '' : 's'} of ${tokens}, and this row has ${this.#oddIds} ${column}`;
    return new SchedlabError('ERR_TRACE_ROW', `${what} (${path}:${this.oddLine}:1; so ${this.odd} of ${this.rows} rows). ${next}`, { path, line: this.oddLine, rows: this.odd, sizes: fit });
  }
}
