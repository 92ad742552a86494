// A bug of the bundled program is told with lines of the sources.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inSources } from '../../src/cli/stack.ts';

const root = path.resolve(import.meta.dirname, '../..'), chunks = path.join(root, 'dist/bundle/chunks'), isBuilt = existsSync(chunks), note = isBuilt ? '' : ' (skipped: dist is not built)';

describe('a stack', () => {
  it.skipIf(!isBuilt)(`of the bundle names file and line of the source${note}`, () => {
    const name = readdirSync(chunks).find((file) => file.endsWith('.js') && readFileSync(path.join(chunks, file), 'utf8').includes('invariant broken: '))!;
    const lines = readFileSync(path.join(chunks, name), 'utf8').split('\n'), at = lines.findIndex((line) => line.includes('invariant broken: '));
    const stack = inSources(`Error: x\n    at assert (${pathToFileURL(path.join(chunks, name)).href}:${at + 1}:${lines[at]!.indexOf('throw') + 1})\n    at node:internal/x:1:2`);
    const [, file, line] = /at assert \((src\/errors\.ts):(\d+):\d+\)\n {4}at node:internal\/x:1:2$/.exec(stack)!;
    expect(readFileSync(path.join(root, file!), 'utf8').split('\n')[Number(line) - 1]).toContain('invariant broken');
  });

  it('without a map stays as it is', () => {
    const stack = `Error: x\n    at f (${pathToFileURL(path.join(root, 'src/errors.ts')).href}:1:2)\n    at file:///none/x.js:3:4\n    at file://%zz:1:1`;
    expect(inSources(stack)).toBe(stack);
  });
});
