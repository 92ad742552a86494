// Text broken at spaces for a terminal: what follows the first line hangs under it.
import { width } from './table.ts';

/** Narrower than this nothing is broken: words would stand alone. */
const LEAST = 24;

/** Lines of at most so many columns; a word that is longer stands alone. */
export function fold(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && width(line) + 1 + width(word) > columns) { lines.push(line); line = word; } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, line] : lines;
}

/** One text with a hanging indent. */
export function hang(text: string, columns: number, indent = '  '): string {
  const [first = '', ...rest] = fold(text, columns);
  return [first, ...fold(rest.join(' '), Math.max(LEAST, columns - width(indent))).map((line) => indent + line)].join('\n');
}

/** Two columns, the left one so wide: the right one is folded beside it, or under it where that leaves too little room. */
export function entry(left: string, right: string, leftWidth: number, columns: number): string {
  const room = columns - leftWidth, isUnder = room < LEAST || width(left) + 2 > leftWidth;
  const lines = fold(right, isUnder ? Math.max(LEAST, columns - 6) : room);
  if (isUnder) return [left, ...lines.map((line) => `      ${line}`)].join('\n');
  const pad = ' '.repeat(leftWidth);
  return lines.length === 0 ? left : lines.map((line, i) => (i === 0 ? left + ' '.repeat(leftWidth - width(left)) : pad) + line).join('\n');
}
