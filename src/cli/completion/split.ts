// The words of a command line up to the cursor, as bash would split them; the last one is the word that is being written.

export interface Split {
  readonly words: readonly string[];
  /** Where the part of the last word begins that the shell replaces: after its last break character, where that is not quoted. */
  readonly cut: number;
}

/** Quotes and backslashes are understood, an open quote ends with the line; nothing is expanded. `breaks`: what the shell ends a word at beside spaces. */
export function splitLine(line: string, breaks = ''): Split {
  const words: string[] = [];
  let word = '', quote = '', isOpen = false, cut = 0;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && /["\\$`]/.test(line[i + 1] ?? '')) word += line[++i]!;
      else word += c;
    } else if (c === '"' || c === "'") { quote = c; isOpen = true; }
    else if (c === '\\' && i + 1 < line.length) { word += line[++i]!; isOpen = true; }
    else if (c === ' ' || c === '\t') {
      if (isOpen || word !== '') words.push(word);
      word = '';
      isOpen = false;
      cut = 0;
    } else {
      word += c;
      if (breaks.includes(c)) cut = word.length;
    }
  }
  return { words: [...words, word], cut };
}
