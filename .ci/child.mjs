// Child processes: output passed through or dropped, Ctrl-C left to the child, the exit code as the answer.
import { spawn } from 'node:child_process';

/** Starts `node ARGS` and answers with its exit code; 130 where a signal ended it. The child shares the terminal and hears Ctrl-C itself. */
export function node(args, { cwd, stdout = 'inherit', env = process.env }) {
  return run(process.execPath, args, { cwd, stdout, env });
}

export function run(program, args, { cwd, stdout = 'inherit', env = process.env, shell = false }) {
  const patient = () => {};
  process.on('SIGINT', patient);
  process.on('SIGTERM', patient);
  return new Promise((done, refuse) => {
    const child = spawn(program, args, { cwd, env, shell, stdio: ['inherit', stdout, 'inherit'] });
    child.on('error', refuse);
    child.on('close', (code, signal) => {
      process.off('SIGINT', patient);
      process.off('SIGTERM', patient);
      done(signal ? 130 : code);
    });
  });
}
