// Where the parts of the running package lie. The sources, what the compiler writes and the bundle that ships have the same folders.
import { existsSync } from 'node:fs';
import { assert } from '../../src/errors.ts';

const ENDING = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

let root: URL | undefined;

/** The nearest folder above this module that holds the production entry: a chunk of the bundle lies elsewhere than its source. */
function rootUrl(): URL {
  if (root !== undefined) return root;
  for (let at = new URL('.', import.meta.url); ; at = new URL('..', at)) {
    if (existsSync(new URL(`src/index${ENDING}`, at))) return root = at;
    assert(at.pathname !== new URL('..', at).pathname, 'the entry of the package lies above its parts', { from: import.meta.url });
  }
}

/** The module that a path from the root names, without its ending: `sim/experiment/worker`. */
export function partUrl(name: string): URL { return new URL(`${name}${ENDING}`, rootUrl()); }
