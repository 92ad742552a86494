// A lock between processes: one installs or builds, the others wait for it. A holder that is gone is no holder.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const WAIT_MS = 200;

/** The file lies outside node_modules and dist, because both are removed and made anew under it. */
const fileOf = (root, name) => path.join(tmpdir(), `schedlab-${name}-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`);

function tryLock(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holderIsAlive(file) {
  let pid;
  try { pid = Number(readFileSync(file, 'utf8')); } catch { return true; }
  // Empty: made a moment ago, its number not yet written.
  if (!(pid > 0)) return true;
  try { process.kill(pid, 0); return true; } catch (error) { return error.code === 'EPERM'; }
}

/** Runs `work` alone among all processes that ask for this name in this checkout. `onWait` is called once where somebody is before us. */
export async function withLock(root, name, onWait, work) {
  const file = fileOf(root, name);
  for (let waited = 0; !tryLock(file); waited++) {
    if (waited === 0) onWait();
    if (waited > 3 && !holderIsAlive(file)) rmSync(file, { force: true });
    await new Promise((done) => { setTimeout(done, WAIT_MS); });
  }
  const drop = () => { rmSync(file, { force: true }); };
  process.once('exit', drop);
  try { return await work(); } finally { process.off('exit', drop); drop(); }
}
