// A stack in terms of the sources: what ships is bundled, and a report of a bug must name the line that is wrong.
import { readFileSync } from 'node:fs';
import type { SourceMap, SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const maps = new Map<string, SourceMap | undefined>();

/** The map beside a file; nothing where there is none, as for the sources themselves. */
function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) {
    let map: SourceMap | undefined;
    // Asked for here and not imported: --help must not wait for it.
    const { SourceMap } = process.getBuiltinModule('node:module');
    try { map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload); } catch { map = undefined; }
    maps.set(file, map);
  }
  return maps.get(file);
}

/** Every `file:///…/chunk.js:12:34` with a map beside it becomes `src/cli/say.ts:56:7`, as the sources are laid out; all else stays. */
export function inSources(stack: string): string {
  return stack.replace(/(file:\/\/[^\s():]+):(\d+):(\d+)/g, (whole, url: string, line: string, column: string) => {
    let file: string;
    try { file = fileURLToPath(url); } catch { return whole; }
    const found = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (found === undefined || !('originalSource' in found) || found.originalSource === undefined) return whole;
    // Sources are told from the folder of the map, which lies some folders below the root.
    const source = path.posix.normalize(found.originalSource).replace(/^(?:\.\.\/)+/, '');
    return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  });
}
