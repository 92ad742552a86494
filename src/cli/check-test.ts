// A test file of the user's, run by Node as `check` names it: TypeScript as it stands and this package by its name, wherever it is installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../errors.ts';
import { partUrl } from '../../sim/experiment/places.ts';
import type { Io } from './io.ts';

export const isTest = (file: string): boolean => /\.test\.m?[jt]s$/.test(file);

/** Runs `node FILE` with the loader of this program; what it says goes to stderr. Answers its exit code. Throws ERR_SCENARIO_FILE where there is no such file. */
export function runTest(file: string, io: Io, isQuiet: boolean): Promise<number> {
  const full = path.resolve(io.cwd, file);
  if (!existsSync(full)) throw new SchedlabError('ERR_SCENARIO_FILE', `there is no file ${JSON.stringify(file)}. Check the path.`, { path: file });
  let said = '';
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--import', partUrl('sim/experiment/register').href, '--test-reporter=spec', full], { cwd: io.cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...(io.isTTY ? {} : { NO_COLOR: '1' }) } });
    const hear = (chunk: Buffer): void => { if (isQuiet) said += String(chunk); else io.stderr.write(String(chunk)); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', fail);
    child.on('close', (code) => { if (isQuiet && code !== 0) io.stderr.write(said); done(code ?? 1); });
  });
}
