// An Io that remembers what was written. Not a test.
import type { Io } from '../../src/cli/io.ts';

export interface FakeIo extends Io { out(): string; err(): string; interrupt(): void }

export function fakeIo(options: Partial<Pick<Io, 'isTTY' | 'columns' | 'env' | 'cwd'>> = {}): FakeIo {
  let out = '', err = '';
  const handlers = new Set<() => void>();
  return {
    stdout: { write: (text) => { out += text; } },
    stderr: { write: (text) => { err += text; } },
    isTTY: options.isTTY ?? false,
    columns: options.columns ?? 80,
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    onInterrupt(handler: () => void) { handlers.add(handler); return () => { handlers.delete(handler); }; },
    now: () => new Date(2026, 10, 21, 14, 2),
    out: () => out, err: () => err,
    interrupt() { for (const handler of [...handlers]) handler(); },
  };
}
