// Bytes to lines, a piece at a time: no text longer than a piece and one line is ever held.

/** A longer line is no row of any trace; it is counted and passed over without being kept. */
export const LINE_MAX_BYTES = 1 << 24;

export interface LineSink {
  /** Lines in order, without line ends, the first of them number `first` (from 1). Blank lines are among them. */
  lines(lines: readonly string[], first: number): void;
  tooLong(line: number): void;
}

/** Walks all lines of the pieces. A byte-order mark is dropped; bytes that are not UTF-8 become U+FFFD. O(bytes). */
export function readLines(pieces: Iterable<Buffer>, sink: LineSink): void {
  let held: Buffer[] = [], heldBytes = 0, next = 1, skipping = false, atStart = true;

  const give = (block: Buffer): void => {
    let text = block.toString('utf8');
    if (atStart && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    atStart = false;
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i++) if (lines[i].endsWith('\r')) lines[i] = lines[i].slice(0, -1);
    sink.lines(lines, next);
    next += lines.length;
  };
  const overflow = (): void => {
    held = []; heldBytes = 0; skipping = true;
    sink.tooLong(next++);
    atStart = false;
  };

  for (let piece of pieces) {
    if (skipping) {
      const end = piece.indexOf(0x0a);
      if (end < 0) continue;
      skipping = false;
      piece = piece.subarray(end + 1);
    }
    const last = piece.lastIndexOf(0x0a);
    if (last >= 0) {
      const block = piece.subarray(0, last);
      if (heldBytes > 0) {
        const first = block.indexOf(0x0a);
        const line = first < 0 ? block : block.subarray(0, first);
        held.push(line);
        give(Buffer.concat(held));
        held = []; heldBytes = 0;
        if (first >= 0) give(block.subarray(first + 1));
      } else {
        give(block);
      }
      piece = piece.subarray(last + 1);
    }
    if (piece.length === 0) continue;
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes > LINE_MAX_BYTES) overflow();
  }
  if (heldBytes > 0) give(Buffer.concat(held));
}
