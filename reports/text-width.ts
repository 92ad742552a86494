// Width of text without a canvas: an estimate for a wide system font, so that what fits here fits everywhere, and bytes never depend on fonts.

/** Advance in em of a wide sans serif (DejaVu Sans), by kind of character, rounded up. */
const EM: readonly (readonly [RegExp, number])[] = [
  [/[\u202f\u2009]/, 0.2],
  [/[ijlIJ'\u00a0 .,·’]/, 0.32],
  [/[f/:;\\|-]/, 0.37],
  [/[t()[\]!r²]/, 0.42],
  [/["*_`–°sz“”?]/, 0.53],
  [/[cLFkvxyPTY•]/, 0.61],
  [/[a-z0-9EfS$ß{}]/, 0.64],
  [/[KAVBRXZC]/, 0.7],
  [/[UHNDG]/, 0.78],
  [/[OQw&#+<=>^~−±≤÷×→]/, 0.84],
  [/[M%m○]/, 0.97],
  [/[W@…—]/, 1],
];

const advance = (c: string): number => EM.find(([kind]) => kind.test(c))?.[1] ?? (c > '\u2e7f' ? 1.05 : 0.7);

/** Pixels that `text` takes at `size` px; bold counts as a wider face. */
export function textWidth(text: string, size = 12, bold = false): number {
  let em = 0;
  for (const c of text) em += advance(c);
  return em * size * (bold ? 1.12 : 1);
}

/** `text` cut with an ellipsis in its middle, where it is wider than `room` px: the ends tell long names apart. */
export function shorten(text: string, room: number, size = 12, bold = false): string {
  if (textWidth(text, size, bold) <= room) return text;
  const letters = [...text];
  for (let keep = letters.length - 1; keep > 1; keep--) {
    const head = Math.ceil(keep / 2),
      cut = `${letters.slice(0, head).join('').trimEnd()}…${letters
        .slice(letters.length - (keep - head))
        .join('')
        .trimStart()}`;
    if (textWidth(cut, size, bold) <= room) return cut;
  }
  return '…';
}

/** Lines of at most `room` px, broken at spaces; the last of `most` lines is shortened. */
export function wrap(text: string, room: number, size = 12, bold = false, most = 2): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && (textWidth(`${last} ${word}`, size, bold) <= room || lines.length === most))
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => shorten(line, room, size, bold));
}
