// Which engines are up and have a free place: the eligibility that the core asks policies with.
import type { Admits } from '../policies/policy.ts';

/** Windows and states of the engines of one dispatcher. All updates O(1). */
export class Rooms {
  count: number;
  windows: Float64Array;
  up: Uint8Array;
  /** Engines that are up and have a free place. */
  withRoom = 0;
  /** Scratch for the balancer: engine numbers, ascending. */
  candidates: Int32Array;
  /** Open classes of calls, kept current. */
  readonly admits: { open: Uint8Array; version: number };
  /** Everything open: for the queue of a single engine, whose calls are all its own. */
  readonly all: { open: Uint8Array; version: number };

  constructor(windows: readonly number[]) {
    this.count = windows.length;
    this.windows = Float64Array.from(windows);
    this.up = new Uint8Array(this.count).fill(1);
    this.candidates = new Int32Array(Math.max(1, this.count));
    this.admits = { open: new Uint8Array(this.count + 1), version: 0 } satisfies Admits;
    this.all = { open: new Uint8Array(this.count + 1).fill(1), version: 0 } satisfies Admits;
    for (let e = 0; e < this.count; e++) this.update(e, 0);
  }

  /** Call after the number of running calls, the window or the state of an engine has changed. */
  update(engine: number, running: number): void {
    const open = this.up[engine] === 1 && running < this.windows[engine] ? 1 : 0, admits = this.admits;
    if (admits.open[engine + 1] === open) return;
    admits.open[engine + 1] = open;
    this.withRoom += open === 1 ? 1 : -1;
    admits.open[0] = this.withRoom > 0 ? 1 : 0;
    admits.version++;
  }

  /** A further engine, down until told otherwise; answers its number. */
  add(window: number): number {
    const e = this.count++;
    const windows = new Float64Array(this.count); windows.set(this.windows); windows[e] = window; this.windows = windows;
    const up = new Uint8Array(this.count); up.set(this.up); this.up = up;
    const open = new Uint8Array(this.count + 1); open.set(this.admits.open); this.admits.open = open;
    this.all.open = new Uint8Array(this.count + 1).fill(1);
    this.candidates = new Int32Array(this.count);
    this.admits.version++;
    return e;
  }

  /** Fills `candidates` with the engines that have room, and answers how many. */
  listWithRoom(): number {
    let n = 0;
    for (let e = 0; e < this.count; e++) if (this.admits.open[e + 1]) this.candidates[n++] = e;
    return n;
  }

  /** Fills `candidates` with the engines that are up, and answers how many. */
  listUp(): number {
    let n = 0;
    for (let e = 0; e < this.count; e++) if (this.up[e]) this.candidates[n++] = e;
    return n;
  }
}
