// Progress on stderr: one line that rewrites itself on a terminal, one line a cell elsewhere.
import { fixed } from '../../reports/numbers.ts';
import type { Progress } from '../../sim/experiment/types.ts';
import type { Io } from './io.ts';
import { width } from './table.ts';

const BAR = 20;
/** Least time between two pictures, in seconds. */
const EVERY_S = 0.1;

/** `0.6 s`, `12 s`, `3 min`, `2.1 h`. */
export function duration(seconds: number): string {
  if (seconds < 0.0995) return `${fixed(Math.max(0, seconds) * 1000, seconds < 0.00995 ? 1 : 0)} ms`;
  if (seconds < 9.95) return `${fixed(seconds, 1)} s`;
  if (seconds < 99.5) return `${fixed(seconds, 0)} s`;
  if (seconds < 5970) return `${fixed(seconds / 60, seconds < 597 ? 1 : 0)} min`;
  return `${fixed(seconds / 3600, 1)} h`;
}

/** `1.2 M events/s`. */
export function rate(perSecond: number): string {
  const [value, unit] = perSecond >= 999_500 ? [perSecond / 1e6, ' M'] : perSecond >= 999.5 ? [perSecond / 1e3, ' k'] : [perSecond, ''];
  return `${fixed(value, value < 9.95 && unit ? 1 : 0)}${unit} events/s`;
}

export function barLine(progress: Progress, columns: number): string {
  const { done, total, reused, events, elapsedS } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const full = Math.floor(share * BAR);
  const fresh = done - reused;
  const left = fresh > 0 && elapsedS > 0 && done < total ? `${duration((elapsedS / fresh) * (total - done))} left` : '';
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`, count = `${done}/${total}`, label = progress.cell?.label ?? '', speed = events > 0 && elapsedS > 0 ? rate(events / elapsedS) : '';
  // Where room is short, the speed goes first, then the cell: the time left is what a reader waits for.
  const lines = [[bar, count, label, speed, left], [bar, count, label, left], [bar, count, left], [count, left]].map((parts) => parts.filter((part) => part !== '').join('  '));
  return lines.find((line) => width(line) < columns) ?? count;
}

export interface ProgressTeller { tell(progress: Progress): void; /** Takes the line away, so that other text can follow. */ clear(): void }

export function progressTeller(io: Io): ProgressTeller {
  let shownAtS = -Infinity, shown = false;
  const clear = (): void => { if (shown) io.stderr.write('\r\u001b[2K'); shown = false; };
  if (io.isTTY && !io.env.CI) {
    return {
      tell(progress) {
        if (progress.kind === 'end') { clear(); return; }
        if (progress.elapsedS - shownAtS < EVERY_S && progress.done < progress.total) return;
        shownAtS = progress.elapsedS;
        shown = true;
        io.stderr.write(`\r\u001b[2K${barLine(progress, io.columns)}`);
      },
      clear,
    };
  }
  return {
    tell(progress) {
      const { cell } = progress;
      if (progress.kind === 'cell' && cell) io.stderr.write(`${progress.done}/${progress.total}  ${cell.label || 'the cell'}  ${cell.done} replication${cell.done === 1 ? '' : 's'}  ${duration(progress.elapsedS)}\n`);
    },
    clear() { /* nothing stays open on a log */ },
  };
}
