// The modules of the repository and what they import, read from the text alone: neither the linter nor the compiler is asked.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Import { readonly specifier: string; readonly isType: boolean }
export interface Module { readonly file: string; readonly text: string; readonly imports: readonly Import[] }

/** Files of these folders, as paths from the root with slashes, in order. */
export function filesUnder(folders: readonly string[], ending: string): string[] {
  return folders.flatMap((folder) => readdirSync(path.join(ROOT, folder), { recursive: true })
    .map((name) => path.posix.join(folder, String(name).split(path.sep).join('/'))))
    .filter((name) => name.endsWith(ending)).sort();
}

/** Comments and the insides of template texts say `import` too. Strings stay, because a path is one. */
function withoutComments(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (_all, string: string | undefined) => string ?? ' ');
}

const STATEMENT = /(?:^|[;}\n])\s*(import|export)\s+(type\s+)?([^'";]*?\sfrom\s+)?['"]([^'"\n]+)['"]/g;
const CALL = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every member of the braces is a type, and nothing else is imported. */
function namesOnlyTypes(clause: string | undefined): boolean {
  const braces = /^\s*\{([^}]*)\}\s*from\s+$/.exec(clause ?? '');
  const names = braces?.[1].split(',').map((name) => name.trim()).filter((name) => name !== '') ?? [];
  return names.length > 0 && names.every((name) => name.startsWith('type '));
}

export function importsOf(text: string): Import[] {
  const bare = withoutComments(text);
  const statements = [...bare.matchAll(STATEMENT)]
    .filter(([, word, , clause]) => word === 'import' || clause !== undefined)
    .map(([, , type, clause, specifier]) => ({ specifier, isType: type !== undefined || namesOnlyTypes(clause) }));
  // The compiler erases `typeof import('x')` and `import('x').Type`; what import() yields at run time is a promise, whose members are in lower case.
  const calls = [...bare.matchAll(CALL)].map((match) => ({ specifier: match[1], isType: /\btypeof\s*$/.test(bare.slice(0, match.index)) || /^\s*\.[A-Z]/.test(bare.slice(match.index + match[0].length)) }));
  return [...statements, ...calls];
}

export function modules(folders: readonly string[]): Module[] {
  return filesUnder(folders, '.ts').map((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    return { file, text, imports: importsOf(text) };
  });
}

/** The file that a relative specifier names. */
export const targetOf = (file: string, specifier: string): string => path.posix.join(path.posix.dirname(file), specifier);
