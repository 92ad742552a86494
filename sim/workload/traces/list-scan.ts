// The one long thing in a JSON line: a list of whole numbers under a known key, read from the bytes without a text or an object in between.

const QUOTE = 0x22, BACKSLASH = 0x5c, NEWLINE = 0x0a, COLON = 0x3a, OPEN = 0x5b, CLOSE = 0x5d, COMMA = 0x2c, ZERO = 0x30;
/** A whole number that gets another digit may be so large, and with so large a digit as the largest of 31 bits has. */
const TENTH = 214_748_364;
const LAST_DIGIT = 7;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

/**
 * Reads lines one at a time. A line is plain where the key stands in it once, followed by a list of whole numbers from 0 to 2^31 − 1, and no
 * backslash stands outside of the list: then the key is no part of a text, and nothing else in the line can mean the same key. Any other
 * line is for JSON.parse to judge. O(bytes); memory of the longest list.
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
    let at = from;
    for (; ; at++) {
      if (at === length) return this.#leave(block, at);
      const byte = block[at];
      if (byte === QUOTE && this.#isKey(block, at)) break;
      if (byte === NEWLINE || byte === BACKSLASH) return this.#leave(block, at);
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
    let numbers = this.#numbers, count = 0, at = from, byte = block[at];
    while (isSpace(byte)) byte = block[++at];
    for (let isFirst = true; ; isFirst = false) {
      if (byte === CLOSE && isFirst) break;
      let value = byte - ZERO;
      // A number that begins with 0 is 0.
      if (!(value >= 0 && value <= 9)) return -1;
      byte = block[++at];
      for (let digit = byte - ZERO; digit >= 0 && digit <= 9; digit = (byte = block[++at]) - ZERO) {
        if (value === 0 || value > TENTH || (value === TENTH && digit > LAST_DIGIT)) return -1;
        value = value * 10 + digit;
      }
      if (count === numbers.length) { numbers = new Int32Array(2 * count); numbers.set(this.#numbers); this.#numbers = numbers; }
      numbers[count++] = value;
      while (isSpace(byte)) byte = block[++at];
      if (byte === CLOSE) break;
      if (byte !== COMMA) return -1;
      byte = block[++at];
      while (isSpace(byte)) byte = block[++at];
    }
    this.count = count;
    return at;
  }
}
