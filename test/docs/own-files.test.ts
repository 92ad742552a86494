// The pages on policies, balancers and scenarios of one's own, done as they say: in an empty folder, command by command, with the files that they show.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, blocksOf, commandsOf, read, words } from './pages.ts';

const program = path.join(ROOT, 'dist/src/cli/main.js'), isBuilt = existsSync(program), note = isBuilt ? '' : ' (skipped: dist is not built)';
const PAGES = ['docs/write-a-policy.md', 'docs/write-a-balancer.md', 'docs/write-a-scenario.md'];

const run = (cwd: string, args: readonly string[]): Promise<{ readonly code: number; readonly err: string }> => new Promise((done) => {
  execFile(process.execPath, [program, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '' } }, (error, _out, err) => { done({ code: error === null ? 0 : Number(error.code), err }); });
});

/** Small enough for a test: one replication, few histories, nothing that waits for a save. */
function small(args: readonly string[], n: number): readonly string[] | undefined {
  if (args.includes('--watch')) return undefined;
  if (args[0] === 'sweep' || args[0] === 'run') return [...args, '--reps', '1', '--no-report', '--quiet', '--jobs', '1', '--out', `out-${n}`];
  return args[0] === 'check' ? [...args, '--histories', '10'] : args;
}

describe.skipIf(!isBuilt)(`the pages on files of one's own${note}`, () => {
  test.each(PAGES)('%s: every command of its blocks succeeds, one after the other', async (page) => {
    const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-page-'));
    try {
      for (const { file, text } of blocksOf(page)) if (file !== undefined) writeFileSync(path.join(cwd, file), text);
      writeFileSync(path.join(cwd, 'requests.csv'), 'arrival,prompt_tokens,output_tokens\n0,800,100\n0.5,1600,50\n0.6,100,20\n');
      const commands = commandsOf(page).filter(({ line }) => read(page).split('\n')[line - 1].startsWith('npx schedlab '));
      expect(commands.length).toBeGreaterThan(4);
      for (const [n, { args }] of commands.entries()) {
        const asked = small(args, n);
        if (asked !== undefined) expect([args.join(' '), (await run(cwd, asked))]).toEqual([args.join(' '), { code: 0, err: expect.any(String) as string }]);
      }
    } finally { rmSync(cwd, { recursive: true, force: true }); }
  }, 120_000);

  test('docs/programs.md: its file runs as it is shown', async () => {
    const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-page-')), page = 'docs/programs.md';
    try {
      for (const { file, text } of blocksOf(page)) if (file !== undefined) writeFileSync(path.join(cwd, file), text);
      const commands = commandsOf(page).filter(({ args }) => args[1] === './programs-of-mine.ts');
      expect(commands.length).toBeGreaterThan(0);
      for (const [n, { args }] of commands.entries()) expect(await run(cwd, [...small(args, n)!.filter((word) => !word.startsWith('count=')), 'count=8'])).toEqual({ code: 0, err: expect.any(String) as string });
    } finally { rmSync(cwd, { recursive: true, force: true }); }
  }, 60_000);

  const shown = PAGES.flatMap((page) => [...read(page).matchAll(/<!-- check: schedlab (.*?) -->\n```text\n([\s\S]*?)```/g)].map(([, command, text]) => ({ page, command, text })));
  test('show what check prints', () => { expect(shown.length).toBeGreaterThan(0); });
  test.each(shown)('$page: $command prints what the page says', async ({ page, command, text }) => {
    const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-page-'));
    try {
      for (const { file, text: code } of blocksOf(page)) if (file !== undefined) writeFileSync(path.join(cwd, file), code);
      expect((await run(cwd, words(command))).err).toBe(text);
    } finally { rmSync(cwd, { recursive: true, force: true }); }
  }, 60_000);
});
