// The one long thing in a JSON line: a list of whole numbers under a known key, read from the bytes without a text or an object in between.

const QUOTE = 0x22, BACKSLASH = 0x5c, NEWLINE = 0x0a, COLON = 0x3a, OPEN = 0x5b, CLOSE = 0x5d, BRACE = 0x7b, COMMA = 0x2c, ZERO = 0x30;
const NUMBER_MAX = 0x7fffffff;
/** Digits of the largest number. */
const DIGITS_MAX = 10;

/** A number of ten digits, which 32 bits may not hold. */
function wide(block: Buffer, start: number): number {
  let value = 0;
  for (let at = start; at < start + DIGITS_MAX; at++) value = value * 10 + block[at] - ZERO;
  return value;
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

/**
 * Reads lines one at a time. A line is plain where the key stands in it once, followed by a list of whole numbers from 0 to 2^31 − 1, with one
 * opening brace before it and no backslash outside of the list: then the key is the row's own, no part of a text, and nothing else in the
 * line can mean the same key. Any other line is for JSON.parse to judge. O(bytes); memory of the longest list.
 */
export class ListScan {
  /** Index after the last byte of the line that was asked for last: its line feed, or the end of the block. */
  end = 0;
  count = 0;
  #numbers = new Int32Array(1024);
  readonly #key: Buffer;

  constructor(key: string) { this.#key = Buffer.from(JSON.stringify(key)); }

  /** The numbers of that list. Overwritten by the next line. */
  numbers(): Int32Array { return this.#numbers.subarray(0, this.count); }

  /** The text of the line that begins at `from`, its list left empty; undefined where it is not plain. */
  line(block: Buffer, from: number): string | undefined {
    const { length } = block;
    let at = from, isInside = false;
    for (; ; at++) {
      if (at === length) return this.#leave(block, at);
      const byte = block[at];
      if (byte === QUOTE && this.#isKey(block, at)) break;
      if (byte === NEWLINE || byte === BACKSLASH || (byte === BRACE && isInside)) return this.#leave(block, at);
      if (byte === BRACE) isInside = true;
    }
    at += this.#key.length;
    while (isSpace(block[at])) at++;
    if (block[at++] !== COLON) return this.#leave(block, at - 1);
    while (isSpace(block[at])) at++;
    if (block[at++] !== OPEN) return this.#leave(block, at - 1);
    const open = at, close = this.#scan(block, open);
    if (close < 0) return this.#leave(block, open);
    for (at = close; at < length && block[at] !== NEWLINE; at++) {
      if (block[at] === BACKSLASH || (block[at] === QUOTE && this.#isKey(block, at))) return this.#leave(block, at);
    }
    this.end = at;
    return block.toString('utf8', from, open) + block.toString('utf8', close, at);
  }

  #leave(block: Buffer, at: number): undefined {
    const end = block.indexOf(NEWLINE, at);
    this.end = end < 0 ? block.length : end;
    return undefined;
  }

  #isKey(block: Buffer, at: number): boolean {
    const key = this.#key;
    for (let i = key.length - 1; i > 0; i--) if (block[at + i] !== key[i]) return false;
    return true;
  }

  /** Numbers up to the bracket that ends them, whose index it answers; −1: something else stands there. */
  #scan(block: Buffer, from: number): number {
    let numbers = this.#numbers, count = 0, at = from;
    while (isSpace(block[at])) at++;
    if (block[at] === CLOSE) { this.count = 0; return at; }
    for (;;) {
      const start = at;
      let value = 0, digit = block[at] - ZERO;
      // In 32 bits, whatever comes of it: its digits say below whether it fits.
      while (digit >= 0 && digit <= 9) { value = (Math.imul(value, 10) + digit) | 0; digit = block[++at] - ZERO; }
      const digits = at - start;
      if (digits === 0 || digits >= DIGITS_MAX || (digits > 1 && block[start] === ZERO)) {
        if (digits !== DIGITS_MAX || block[start] === ZERO || wide(block, start) > NUMBER_MAX) return -1;
      }
      if (count === numbers.length) { numbers = new Int32Array(2 * count); numbers.set(this.#numbers); this.#numbers = numbers; }
      numbers[count++] = value;
      while (isSpace(block[at])) at++;
      if (block[at] !== COMMA) break;
      at++;
      while (isSpace(block[at])) at++;
    }
    this.count = count;
    return block[at] === CLOSE ? at : -1;
  }
}
