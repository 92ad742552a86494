// What a user loads: how large the doors are, how long they take, and what a start of the program reads. Of the built package.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { ROOT } from './modules.ts';

const BUNDLE = path.join(ROOT, 'dist/bundle'), isBuilt = existsSync(BUNDLE), note = isBuilt ? '' : ' (skipped: dist is not built)';

/** What an application ships of an entry, and whether it is made smaller. */
async function packed(entry: string, minify: boolean): Promise<{ readonly bytes: number; readonly text: string }> {
  // Whatever joins the files may not add white space that did not ship.
  const { outputFiles } = await build({ entryPoints: [path.join(BUNDLE, entry)], bundle: true, write: false, format: 'esm', platform: 'neutral', external: ['node:*'], minify, minifyWhitespace: true, logLevel: 'silent' });
  return { bytes: gzipSync(outputFiles[0]!.contents, { level: 9 }).length, text: outputFiles[0]!.text };
}

/** Files that are read when a module of the bundle is imported. */
function closure(entry: string, seen = new Set<string>()): Set<string> {
  const file = path.join(BUNDLE, entry);
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const [, to] of readFileSync(file, 'utf8').matchAll(/(?:^|;)(?:import|export)\b[^'";]*?from ?["']([^"']+)["']|(?:^|;)import ?["']([^"']+)["']/gm)) {
    if (to === undefined) continue;
    if (to.startsWith('.')) closure(path.posix.join(path.posix.dirname(entry), to), seen); else seen.add(to);
  }
  return seen;
}

describe.skipIf(!isBuilt)(`the doors${note}`, () => {
  test('schedlab is at most 60 kB as an application packs it, at most 70 kB as it stands, and names no Node module', async () => {
    const [small, plain] = await Promise.all([packed('src/index.js', true), packed('src/index.js', false)]);
    // Every policy and balancer that ships is in it.
    expect(small.bytes).toBeLessThanOrEqual(60_000);
    expect(plain.bytes).toBeLessThanOrEqual(70_000);
    expect(small.text).not.toMatch(/["']node:/);
  });

  test('schedlab/testing stands alone: without production, without the laboratory', async () => {
    expect((await packed('sim/testing/index.js', true)).bytes).toBeLessThan(10_000);
  });

  test('what ships has names and lines: a fault that nobody catches shows a short one', () => {
    const text = [...closure('src/index.js')].map((name) => readFileSync(path.join(BUNDLE, name), 'utf8')).join('\n'), lines = text.split('\n').filter((line) => !line.startsWith('//# '));
    expect(text).toMatch(/\bcreateDispatcher\b/);
    expect(lines.filter((line) => line.length > 2000).map((line) => line.slice(0, 80))).toEqual([]);
  });

  test('schedlab and schedlab/testing are a few files each', () => {
    expect([closure('src/index.js').size <= 5, closure('sim/testing/index.js').size <= 5]).toEqual([true, true]);
  });

  test('every file of the bundle that a map names has its map, without the text of the sources', () => {
    const scripts = readdirSync(BUNDLE, { recursive: true }).map(String).filter((name) => name.endsWith('.js') && !name.endsWith('bundled.js'));
    expect(scripts.length).toBeGreaterThan(30);
    for (const name of scripts) {
      const text = readFileSync(path.join(BUNDLE, name), 'utf8'), map = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
      if (map === undefined) continue;
      expect(JSON.parse(readFileSync(path.join(BUNDLE, path.dirname(name), map), 'utf8'))).not.toHaveProperty('sourcesContent');
    }
  });

  test('the licences of all that is bundled go along', () => {
    const text = readFileSync(path.join(BUNDLE, 'THIRD-PARTY.txt'), 'utf8');
    for (const name of ['csv-parse', 'fastest-levenshtein', 'seedrandom', 'simple-statistics', 'yargs-parser']) expect(text).toMatch(new RegExp(`^${name} [\\d.]+ \\(\\S+\\)\\n\\n[\\s\\S]{100}`, 'm'));
  });
});

describe.skipIf(!isBuilt)(`the way in${note}`, () => {
  test('reads few files for --help and completion, and none of the laboratory', () => {
    for (const entry of ['src/cli/front.js', readdirSync(path.join(BUNDLE, 'chunks')).filter((name) => /^completion-.*\.js$/.test(name)).map((name) => `chunks/${name}`)[0]!]) {
      const files = [...closure(entry)];
      expect([entry, files.length <= 8, files.filter((name) => /laboratory|experiment|production|yargs|yaml|vega/.test(name))]).toEqual([entry, true, []]);
    }
  });
});
