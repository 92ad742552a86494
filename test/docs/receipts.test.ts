// The page of receipts: its commands run in order, and print what the page shows. SCHEDLAB_WRITE_DOCS=1 writes the printed blocks anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { WRITES, blocksOf, rewrite, words } from './pages.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-receipts-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

const blocks = blocksOf('docs/receipts.md').filter(({ language, printed }) => language === 'bash' && printed !== undefined);

test('the page shows a life and a first difference', () => { expect(blocks.length).toBe(2); });

test.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))('%s prints what the page says', async (_name, block) => {
  let printed = '';
  for (const line of block.text.trim().split('\n')) {
    const [, , ...args] = words(line), io = fakeIo({ cwd });
    expect([0, 5]).toContain(await main(args, io));
    printed = io.out() + io.err();
  }
  if (WRITES && printed !== block.printed) rewrite(block, printed);
  else expect(printed).toBe(block.printed);
});
