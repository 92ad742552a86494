// Token ids as blocks of content: equal full blocks get equal numbers, what is left of a prompt is its own.

/** Numbers blocks in the order in which they are first seen. Memory: one text a different block. */
export class TokenBlocks {
  readonly #numbers = new Map<string, number>();
  readonly #tokens: number;

  constructor(tokens: number) { this.#tokens = tokens; }

  /** One number a full block. */
  of(ids: readonly number[] | Int32Array): number[] {
    const out: number[] = [], size = this.#tokens;
    for (let end = size; end <= ids.length; end += size) out.push(this.#number(ids.slice(end - size, end).join(' ')));
    return out;
  }

  #number(block: string): number {
    let number = this.#numbers.get(block);
    if (number === undefined) this.#numbers.set(block, number = this.#numbers.size);
    return number;
  }
}
