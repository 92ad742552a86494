// The version of the running package, from its package.json: from the sources as from the build.
import { existsSync, readFileSync } from 'node:fs';

let known: string | undefined;

export function version(): string {
  known ??= find();
  return known;
}

function find(): string {
  for (let url = new URL('.', import.meta.url); ; url = new URL('..', url)) {
    const file = new URL('package.json', url);
    if (existsSync(file)) {
      const { name, version: found } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (name === 'schedlab' && found) return found;
    }
    if (url.pathname === '/' || new URL('..', url).href === url.href) return 'unknown';
  }
}
