// What the taken flags mean as numbers, with the defaults of vLLM's own server where they say nothing.
import { SchedlabError } from '../../../src/errors.ts';
import type { TakenFlag } from './flags.ts';

type Taken = ReadonlyMap<TakenFlag, string>;

/** Reads numbers and words of taken flags. `where` is the file. */
export class FlagValues {
  readonly #taken: Taken;
  readonly #where: string;

  constructor(taken: Taken, where: string) { this.#taken = taken; this.#where = where; }

  has(flag: TakenFlag): boolean { return this.#taken.has(flag); }

  text(flag: TakenFlag): string | undefined { return this.#taken.get(flag); }

  isOn(flag: TakenFlag, fallback: boolean): boolean { const value = this.#taken.get(flag); return value === undefined ? fallback : value === 'on'; }

  choice(flag: TakenFlag, values: readonly string[], fallback: string): string {
    const value = this.#taken.get(flag) ?? fallback;
    if (values.includes(value)) return value;
    throw this.#wrong(flag, value, values.join(', '));
  }

  /** A whole number; `16k` is 16,000 and `16K` 16,384, as vLLM reads them. */
  count(flag: TakenFlag, least: number): number | undefined {
    const value = this.#taken.get(flag);
    if (value === undefined) return undefined;
    const [, digits, unit] = /^(\d+(?:\.\d+)?)([kKmMgG]?)$/.exec(value) ?? [], factor: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
    const number = digits === undefined ? NaN : Math.floor(Number(digits) * factor[unit]);
    if (!(number >= least) || (unit === '' && !Number.isInteger(Number(digits)))) throw this.#wrong(flag, value, `a whole number from ${least}`);
    return number;
  }

  share(flag: TakenFlag, fallback: number): number {
    const value = this.#taken.get(flag), number = value === undefined ? fallback : Number(value);
    if (number >= 0 && number <= 1 && value?.trim() !== '') return number;
    throw this.#wrong(flag, String(value), 'a share from 0 to 1');
  }

  #wrong(flag: TakenFlag, value: string, accepted: string): SchedlabError {
    return new SchedlabError('ERR_OPTION_RANGE', `--${flag} in ${this.#where} accepts ${accepted}, received ${JSON.stringify(value)}.`, { name: flag, value });
  }
}

/** Limits that vLLM's API server takes by itself: more on GPUs of 70 GiB or more, the A100 aside. */
export function serverDefaults(gpu: { readonly name: string; readonly memoryGiB: number }): { readonly maxSeqs: number; readonly maxBatchedTokens: number } {
  return gpu.memoryGiB >= 70 && !gpu.name.startsWith('A100') ? { maxSeqs: 1024, maxBatchedTokens: 8192 } : { maxSeqs: 256, maxBatchedTokens: 2048 };
}
