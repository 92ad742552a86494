// The pages and what stands in them: fenced blocks, commands, and a way to write a block anew. Not a test.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const PAGES: readonly string[] = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).sort().map((name) => `docs/${name}`)];

/** True where blocks are to be written anew instead of compared: SCHEDLAB_WRITE_DOCS=1. */
export const WRITES = process.env['SCHEDLAB_WRITE_DOCS'] === '1';

export const read = (page: string): string => readFileSync(path.join(ROOT, page), 'utf8');

export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The name that its first line gives it, as a comment: a file that other blocks use. */
  readonly file: string | undefined;
  /** The command that a comment before it names. */
  readonly output: string | undefined;
  /** The block of text that follows at once: what it prints. */
  readonly printed: string | undefined;
}

const FENCE = /(?:<!-- output: (.*?) -->\n)?^```(\w+)\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)```\n)?/gm;

export function blocksOf(page: string): Block[] {
  const text = read(page);
  return [...text.matchAll(FENCE)].map((match) => ({
    page, line: text.slice(0, match.index).split('\n').length, language: match[2], text: match[3], output: match[1],
    file: /^(?:\/\/|#) ([\w.-]+\.(?:ts|js|yaml))\n/.exec(match[3])?.[1], printed: match[4],
  }));
}

/** Puts `text` where the block prints, or where it is itself the output. */
export function rewrite(block: Block, text: string): void {
  const page = read(block.page), at = page.split('\n').slice(0, block.line - 1).join('\n').length;
  const head = page.slice(0, at), rest = page.slice(at);
  const old = block.output !== undefined ? `\`\`\`text\n${block.text}\`\`\`` : `\`\`\`${block.language}\n${block.text}\`\`\`\n\n\`\`\`text\n${block.printed}\`\`\``;
  const fresh = block.output !== undefined ? `\`\`\`text\n${text}\`\`\`` : `\`\`\`${block.language}\n${block.text}\`\`\`\n\n\`\`\`text\n${text}\`\`\``;
  if (!rest.includes(old)) throw new Error(`${block.page}:${block.line}: the block is not found again`);
  writeFileSync(path.join(ROOT, block.page), head + rest.replace(old, () => fresh));
}

/** The words of a command as a shell would split it; quotes, no expansion. */
export function words(command: string): string[] {
  return [...command.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, (_all, a: string | undefined, b: string | undefined) => a ?? b ?? ''));
}

export interface Command { readonly page: string; readonly line: number; readonly args: readonly string[] }

/** Every `schedlab …` that a page shows as code: lines of bash blocks, and code within lines. A command with … or <…> is a pattern. */
export function commandsOf(page: string): Command[] {
  const text = read(page), found: Command[] = [];
  text.split('\n').forEach((line, at) => {
    const codes = [...line.matchAll(/`(?:npx )?schedlab ([^`]+)`/g)].map((match) => match[1]);
    const whole = /^(?: {4}\$? ?)?(?:npx )?schedlab (.*)$/.exec(line);
    if (whole) codes.push(whole[1]);
    for (const code of codes) if (!/[…<]/.test(code)) found.push({ page, line: at + 1, args: words(code.replace(/ #.*$/, '').replace(/ >\s*\S+$/, '').replace(/\\\|/g, '|')) });
  });
  return found;
}
