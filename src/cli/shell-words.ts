// Commands as a shell reads them, for redo and resume lines.

/** One word, quoted where a shell would take it apart. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function command(...words: readonly string[]): string {
  return ['npx', 'schedlab', ...words].map(quote).join(' ');
}
