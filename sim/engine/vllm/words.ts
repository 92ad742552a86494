// A command line, or a script with one, as a shell takes it apart: words, quotes, continued lines, comments, redirections. Nothing is run or expanded.
import { SchedlabError } from '../../../src/errors.ts';

/** The command that starts the server: its words, and the environment that stands before it. */
export interface ServeCommand {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const SEPARATORS = new Set(['\n', ';', '&', '|']);
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/;

/** All commands of a text, each as its words. @throws ERR_SCENARIO_FILE for an open quote, or what only a shell can work out */
export function commands(text: string, where: string): readonly (readonly string[])[] {
  const out: string[][] = [];
  let words: string[] = [], word: string | undefined, quote = '', line = 1, isTarget = false;
  const fault = (what: string, next: string): SchedlabError => new SchedlabError('ERR_SCENARIO_FILE', `${what} in ${where}, line ${line}. ${next}`, { file: where, line });
  // Where output goes is no argument: the word after `>` is left out.
  const endWord = (): void => { if (word !== undefined) { if (!isTarget) words.push(word); isTarget = false; } word = undefined; };
  const endCommand = (): void => { endWord(); isTarget = false; if (words.length > 0) out.push(words); words = []; };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') line++;
    if (quote !== "'" && c === '\\') {
      const next = text[++i];
      if (next === '\r' && text[i + 1] === '\n') { i++; line++; continue; }
      if (next === '\n') { line++; continue; }
      if (next !== undefined) word = (word ?? '') + (quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next);
      continue;
    }
    if (quote !== "'" && (c === '`' || (c === '$' && /[A-Za-z_{(0-9@*#?]/.test(text[i + 1] ?? '')))) throw fault('a variable or command that only a shell can work out', 'Write its value.');
    if (quote !== '') { if (c === quote) quote = ''; else word = (word ?? '') + c; continue; }
    if (c === '"' || c === "'") { quote = c; word ??= ''; continue; }
    if (c === '#' && word === undefined) { while (i + 1 < text.length && text[i + 1] !== '\n') i++; continue; }
    if (c === '>' || c === '<' || (c === '&' && text[i + 1] === '>')) {
      // `2>` is one sign, as are `>>`, `>&` and `&>`.
      if (word !== undefined && /^\d+$/.test(word)) word = undefined;
      endWord();
      while ('<>&|'.includes(text[i + 1] || ' ')) i++;
      isTarget = true;
    } else if (SEPARATORS.has(c)) endCommand();
    else if (/\s/.test(c)) endWord();
    else word = (word ?? '') + c;
  }
  if (quote !== '') throw fault(`a quote ${quote} that is never closed`, 'Close it.');
  endCommand();
  return out;
}

/**
 * The one command that serves a model: `vllm serve MODEL …`, `python -m vllm.entrypoints.openai.api_server …`, `docker run … IMAGE …` with an
 * image of vLLM, or flags alone. Words before its first argument are left out, but for the environment.
 * @throws ERR_SCENARIO_FILE where there is none, or more than one
 */
export function serveCommand(text: string, where: string): ServeCommand {
  const environment: Record<string, string> = {}, found: string[][] = [];
  for (const all of commands(text, where)) {
    const words = all[0] === 'export' || all[0] === 'env' ? all.slice(1) : [...all];
    const own: Record<string, string> = {};
    while (words.length > 0 && ASSIGNMENT.test(words[0])) { const [, name, value] = ASSIGNMENT.exec(words.shift() as string) as RegExpExecArray; own[name] = value; }
    const from = firstArgument(words);
    if (words.length === 0 || from >= 0) Object.assign(environment, own);
    if (from >= 0) found.push(words.slice(from));
  }
  if (found.length === 1) return { words: found[0], environment };
  throw new SchedlabError('ERR_SCENARIO_FILE', found.length === 0
    ? `${where} holds no command that serves a model with vLLM. Write one: vllm serve MODEL --max-num-seqs 256.`
    : `${where} holds ${found.length} commands that serve a model with vLLM: an engine is started by one. Give each its own file.`, { file: where });
}

/** Where the arguments of the server begin; −1 where the words are no such command. */
function firstArgument(words: readonly string[]): number {
  if (words[0]?.startsWith('--')) return 0;
  const isVllm = (word: string): boolean => /(^|\/)vllm$/.test(word);
  const serve = words.findIndex((word, i) => word === 'serve' && i > 0 && isVllm(words[i - 1]));
  if (serve >= 0) return serve + 1;
  const entry = words.findIndex((word) => /^vllm\.entrypoints\.(openai\.)?api_server$/.test(word));
  if (entry >= 0) return entry + 1;
  const image = words.findIndex((word) => /(^|\/)vllm(-openai|-cpu)?(-release)?(:|@|$)/.test(word));
  return (words[0] === 'docker' || words[0] === 'podman') && image >= 0 ? image + 1 : -1;
}
