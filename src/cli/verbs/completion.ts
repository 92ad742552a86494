// `completion`: the script for a shell, and, asked by that script, the words that may stand where the cursor does.
import { SchedlabError } from '../../errors.ts';
import { unknownName } from '../../options.ts';
import { complete } from '../completion/complete.ts';
import type { Offer } from '../completion/offer.ts';
import { SCRIPTS } from '../completion/scripts.ts';
import { splitLine } from '../completion/split.ts';
import type { Io } from '../io.ts';

/** A meaning is one line, and short: it stands beside the word. */
const told = ({ word, help }: Offer): string => (help ? `${word}\t${help.replace(/\s+/g, ' ').slice(0, 100)}` : word);

/** What a script asks: `answer --line TEXT BREAKS`, the line up to the cursor and what bash breaks words at, or `answer -- WORDS`, those after the name of the program. */
async function answer(args: readonly string[], io: Io): Promise<number> {
  const [form, ...rest] = args;
  const { words, cut } = form === '--line' ? splitLine(rest[0] ?? '', rest[1]?.replace(/[\s'"]/g, '')) : { words: ['schedlab', ...rest], cut: 0 };
  const home = io.env['HOME'];
  const found = await complete(words.slice(1), { cwd: io.cwd, ...(home ? { home } : {}) });
  // A word with a break in it would be two answers.
  io.stdout.write(found.filter(({ word }) => !/[\t\r\n]/.test(word)).map((one) => `${told({ ...one, word: one.word.slice(cut) })}\n`).join(''));
  return 0;
}

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const [shell, ...more] = args, names = Object.keys(SCRIPTS);
  if (shell === 'answer' && (more[0] === '--line' || more[0] === '--')) return answer(more, io);
  if (shell === undefined) throw new SchedlabError('ERR_USAGE', `completion needs a shell. Write schedlab completion ${names.join('|')}.`);
  if (!Object.hasOwn(SCRIPTS, shell)) throw unknownName('shell', shell, names, 'completion', 'ERR_USAGE');
  if (more.length > 0) throw new SchedlabError('ERR_USAGE', `completion takes one word, received ${args.map((word) => JSON.stringify(word)).join(', ')}. Write schedlab completion ${shell}.`);
  io.stdout.write(SCRIPTS[shell]!);
  return 0;
}
