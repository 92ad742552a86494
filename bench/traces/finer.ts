// The same requests with finer block ids: each id of a Mooncake trace becomes one for every `tokens` of its tokens. Contents stay what they are, so results must be equal.
// As a program: `node dist/bench/traces/finer.js FROM TO [TOKENS]` after `npm run build`; TOKENS 16 where it is left out.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Tokens of the blocks that Mooncake's ids stand for. */
const FROM_TOKENS = 512;

interface Row { readonly input_length: number; readonly hash_ids: readonly number[] }

/** One line in finer ids. `tokens` divides 512. Id k becomes k·n, k·n + 1, …; a last block that is cut has as many as its tokens fill. */
export function finerLine(line: string, tokens: number): string {
  const row = JSON.parse(line) as Row, each = FROM_TOKENS / tokens, ids: number[] = [];
  row.hash_ids.forEach((id, k) => {
    const own = Math.ceil(Math.min(FROM_TOKENS, Math.max(0, row.input_length - k * FROM_TOKENS)) / tokens);
    for (let i = 0; i < own; i++) ids.push(id * each + i);
  });
  // As such traces are written: a space after colons and commas.
  return `{${Object.entries({ ...row, hash_ids: ids }).map(([key, value]) => `${JSON.stringify(key)}: ${key === 'hash_ids' ? `[${ids.join(', ')}]` : JSON.stringify(value)}`).join(', ')}}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , from, to, tokens = '16'] = process.argv, out = openSync(to!, 'w');
  for (const line of readFileSync(from!, 'utf8').split('\n')) if (line.trim() !== '') writeSync(out, `${finerLine(line, Number(tokens))}\n`);
  closeSync(out);
}
