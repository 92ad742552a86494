// Bytes to lines, a piece at a time: no text longer than a piece and one line is ever held.

/** A longer line is no row of any trace; it is counted and passed over without being kept. */
export const LINE_MAX_BYTES = 1 << 24;

export interface LineSink {
  /** Asked first with the same lines as bytes, the last without its line end: takes them and answers how many they were, or −1 for wanting text. */
  bytes?(block: Buffer, first: number): number;
  /** Lines in order, without line ends, the first of them number `first` (from 1). Blank lines are among them. */
  lines(lines: readonly string[], first: number): void;
  tooLong(line: number): void;
}

/** Takes pieces of a file in order and gives their lines. A byte-order mark is dropped; bytes that are not UTF-8 become U+FFFD. O(bytes). */
export class LineSplitter {
  readonly #sink: LineSink;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #next = 1;
  #skipping = false;
  #atStart = true;

  constructor(sink: LineSink) { this.#sink = sink; }

  push(piece: Buffer): void {
    if (this.#skipping) {
      const end = piece.indexOf(0x0a);
      if (end < 0) return;
      this.#skipping = false;
      piece = piece.subarray(end + 1);
    }
    const last = piece.lastIndexOf(0x0a);
    if (last >= 0) {
      const block = piece.subarray(0, last);
      if (this.#heldBytes > 0) {
        const first = block.indexOf(0x0a);
        this.#held.push(first < 0 ? block : block.subarray(0, first));
        this.#giveHeld();
        if (first >= 0) this.#give(block.subarray(first + 1));
      } else {
        this.#give(block);
      }
      piece = piece.subarray(last + 1);
    }
    if (piece.length === 0) return;
    // The bytes of a piece are its giver's again once it was taken.
    this.#held.push(Buffer.from(piece));
    this.#heldBytes += piece.length;
    if (this.#heldBytes > LINE_MAX_BYTES) this.#overflow();
  }

  /** Gives the last line, where the file does not end with a line end. */
  end(): void { if (this.#heldBytes > 0) this.#giveHeld(); }

  #giveHeld(): void {
    const held = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    this.#give(held);
  }

  #give(block: Buffer): void {
    const isMarked = this.#atStart && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf, bytes = isMarked ? block.subarray(3) : block;
    this.#atStart = false;
    const taken = this.#sink.bytes?.(bytes, this.#next) ?? -1;
    if (taken >= 0) { this.#next += taken; return; }
    const lines = linesOf(bytes), first = this.#next;
    this.#next += lines.length;
    this.#sink.lines(lines, first);
  }

  #overflow(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#skipping = true;
    this.#atStart = false;
    this.#sink.tooLong(this.#next++);
  }
}

/** The lines of a block as text. */
export function linesOf(block: Buffer): string[] {
  const lines = block.toString('utf8').split('\n');
  for (let i = 0; i < lines.length; i++) if (lines[i].endsWith('\r')) lines[i] = lines[i].slice(0, -1);
  return lines;
}

/** Walks all lines of pieces that are at hand. */
export function readLines(pieces: Iterable<Buffer>, sink: LineSink): void {
  const splitter = new LineSplitter(sink);
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
}
