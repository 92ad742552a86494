// The example of docs/loco-api.md runs and prints what the page says.
import { readFileSync } from 'node:fs';
import { formatWithOptions } from 'node:util';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import * as schedlab from '../../src/index.ts';

const PAGE = readFileSync(new URL('../../docs/loco-api.md', import.meta.url), 'utf8');
const block = (language: string): string => new RegExp('```' + language + '\\n([\\s\\S]*?)```').exec(PAGE)![1];

test('the example of the LOCO page prints what the page says', async () => {
  const source = block('ts').replace(/import \{([^}]*)\} from 'schedlab';/, 'const {$1} = schedlab;');
  const { code } = transformSync(`export const main = async (schedlab: any, console: any) => {${source}};`, { loader: 'ts', format: 'cjs' });
  const lines: string[] = [], scope: { exports: { main?: (lab: unknown, console: unknown) => Promise<void> } } = { exports: {} };
  new Function('module', 'exports', code)(scope, scope.exports);
  await scope.exports.main!(schedlab, { log: (...parts: unknown[]) => { lines.push(formatWithOptions({ colors: false }, ...parts)); } });
  expect(`${lines.join('\n')}\n`).toBe(block('text'));
});
