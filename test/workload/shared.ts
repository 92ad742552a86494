// Where tests find recorded data: beside the repository, or where SCHEDLAB_SHARED says. Tests skip, saying so, where it is absent.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = process.env['SCHEDLAB_SHARED'] ?? resolve(fileURLToPath(new URL('../../', import.meta.url)), '..', 'shared');

/** The path of a shared data file, and a name for its test that says when the test is skipped. */
export function sharedData(path: string): { readonly path: string; readonly absent: boolean; readonly name: (title: string) => string } {
  const full = join(ROOT, 'data', path);
  const absent = !existsSync(full);
  return { path: full, absent, name: (title) => absent ? `${title} (skipped: ../shared/data/${path} is absent)` : title };
}
