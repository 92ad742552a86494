// What every file keeps to: its length, its first line, nothing unfinished, nothing of one machine.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, filesUnder } from './modules.ts';

const LONGEST = 300;
const CODE = filesUnder(['src', 'sim', 'scenarios', 'reports', 'bench', 'test'], '.ts').map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

/** Files that git tracks; without git, or in a copy without history, the code alone. */
function tracked(): readonly string[] {
  try {
    const names = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\0').filter((name) => name !== '');
    return names.length > 0 ? names : CODE.map(({ file }) => file);
  } catch { return CODE.map(({ file }) => file); }
}

const TEXTS = tracked().filter((file) => existsSync(path.join(ROOT, file))).map((file) => ({ file, bytes: readFileSync(path.join(ROOT, file)) }))
  .filter(({ bytes }) => !bytes.subarray(0, 4096).includes(0)).map(({ file, bytes }) => ({ file, text: bytes.toString('utf8') }));

/** Lines that match, as `file:line: text`. Each pattern is written so that this file does not match itself. */
function found(files: readonly { readonly file: string; readonly text: string }[], pattern: RegExp): string[] {
  return files.flatMap(({ file, text }) => text.split('\n').flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 120)}`] : [])));
}

describe('every file', () => {
  test('of the rooms is one idea: at most 300 lines', () => {
    const long = CODE.filter(({ file }) => /^(src|sim|scenarios|reports|bench)\//.test(file)).map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 })).filter(({ lines }) => lines > LONGEST);
    expect(long).toEqual([]);
    expect(CODE.length).toBeGreaterThan(150);
  });

  test('of code says in its first line what it is', () => {
    const silent = CODE.filter(({ text }) => {
      const [first, second] = text.split('\n');
      return !/^\/\/ \S.{10,}/.test(first.startsWith('#!') ? second : first);
    });
    expect(silent.map(({ file }) => file)).toEqual([]);
  });

  test('is finished: no word of work that is left', () => {
    expect(found(TEXTS.filter(({ file }) => file !== 'package-lock.json'), /\b(TO[D]O|FIX[M]E|XX[X]|stu[b]s?|plac[e]holder|for no[w]|not [i]mplemented|un[i]mplemented|work in p[r]ogress|coming s[o]on)\b/i)).toEqual([]);
  });

  test('speaks of no machine and no registry of packages', () => {
    expect(found(TEXTS, /(^|[\s"'`(=:])\/(wor[k]|roo[t]|hom[e]|User[s])\/|C:\\User[s]|regist[r]y\.[a-z]+\.[a-z]+|npmm[i]rror/)).toEqual([]);
  });

  test('that git tracks is seen', () => {
    expect(TEXTS.length).toBeGreaterThanOrEqual(CODE.length > 0 ? 100 : 0);
  });
});
