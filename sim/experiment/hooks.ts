// Module hooks for Node 20, run in a thread of their own: strip types from .ts files, map the package's name to the running package.
import { readFile } from 'node:fs/promises';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

let packageUrls: Readonly<Record<string, string>> = {};

export const initialize: InitializeHook<Readonly<Record<string, string>>> = (data) => { packageUrls = data; };

export const resolve: ResolveHook = (specifier, context, next) =>
  Object.hasOwn(packageUrls, specifier) ? { url: packageUrls[specifier], format: 'module', shortCircuit: true } : next(specifier, context);

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || !/\.m?ts$/.test(new URL(url).pathname)) return next(url, context);
  const { transformSync } = await import('amaro');
  const file = fileURLToPath(url), source = await readFile(file, 'utf8');
  try {
    return { format: 'module', shortCircuit: true, source: transformSync(source, { mode: 'strip-only' }).code };
  } catch (cause) {
    // The stripper draws the line and does not say of which file: it may be one that another imports.
    throw new SyntaxError(`${cause instanceof Error ? cause.message : String(cause)}\nin ${file}`, { cause });
  }
};
