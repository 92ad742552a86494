// One process from its start to its end: its CPU time, all threads, and the most memory it held. Linux alone tells both in time.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Spent {
  /** User and system time, in steps of 10 ms, as the kernel counts it for children that ended. */
  readonly cpuS: number;
  /** The kernel's own high-water mark, as last read before the end. */
  readonly peakMiB: number;
  readonly out: string;
}

const TICKS_PER_S = 100, LOOK_MS = 5, KIB_PER_MIB = 1024;

/** CPU seconds of all children of this process that have ended. */
function childrenS(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // After the name, which may hold anything: state is the first field, cutime and cstime are the fourteenth and fifteenth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_S;
}

function peakOf(pid: number): number {
  try { return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / KIB_PER_MIB; } catch { return 0; }
}

/**
 * Runs `command` to its end; one at a time, or their times mix. What it is told of the environment has none of SCHEDLAB_*, so that no setting of the caller's shell
 * moves a timing. Throws what it said where it ends with another code than 0.
 */
export async function spent(command: string, args: readonly string[], cwd?: string): Promise<Spent> {
  if (process.platform !== 'linux') throw new Error('CPU time and peak memory of another process are read from /proc, which Linux alone has');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SCHEDLAB_'))), before = childrenS();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
  const out: string[] = [], said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out.push(text); });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said.push(text); });
  let peakMiB = 0;
  const look = setInterval(() => { if (child.pid !== undefined) peakMiB = Math.max(peakMiB, peakOf(child.pid)); }, LOOK_MS);
  try {
    const code = await new Promise<number | NodeJS.Signals | null>((ended, failed) => { child.on('error', failed).on('close', (status, signal) => { ended(status ?? signal); }); });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said.join('').slice(-2000)}`);
  } finally { clearInterval(look); }
  return { cpuS: childrenS() - before, peakMiB, out: out.join('') };
}
