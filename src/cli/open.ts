// Opens a file with the desktop's own program. Where there is none, says so; the run is none the worse.
import { spawn } from 'node:child_process';
import type { Io } from './io.ts';
import { warn } from './say.ts';

export function open(file: string, io: Io): Promise<void> {
  const [program, ...args] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  return new Promise((done) => {
    const child = spawn(program, [...args, file], { stdio: 'ignore', detached: true });
    child.on('error', () => { warn(io, `${program} could not open the report. Open it yourself: ${file}`); done(); });
    child.on('spawn', () => { child.unref(); done(); });
  });
}
