// Finds the script that makes charts live. It is made at build time; without it the report is static and still complete.

/** The bundle beside this file; null where none was made. Loaded once. */
let loaded: Promise<string | null> | undefined;

export function loadRuntime(): Promise<string | null> {
  // The name is put together so that neither the compiler nor a bundler looks for a file that only the build makes.
  const name = ['.', 'bundled.js'].join('/');
  loaded ??= (import(/* @vite-ignore */ name) as Promise<{ readonly RUNTIME: string }>).then(
    ({ RUNTIME }) => RUNTIME,
    () => null,
  );
  return loaded;
}
