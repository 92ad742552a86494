// The commands of one flush, in decision order, in typed columns that the next flush overwrites.
import type { CallSlot } from './calls.ts';

/** GRANT: serve the call on the engine. REJECT: tell the caller no; the engine column holds the reason. ABORT: stop it on the engine. */
export const OP_GRANT = 1;
export const OP_REJECT = 2;
export const OP_ABORT = 3;

export class Commands {
  op = new Uint8Array(64);
  call = new Int32Array(64);
  engine = new Int32Array(64);
  count = 0;

  add(op: number, call: CallSlot, engine: number): void {
    if (this.count === this.op.length) this.#grow();
    this.op[this.count] = op;
    this.call[this.count] = call;
    this.engine[this.count++] = engine;
  }

  #grow(): void {
    const op = new Uint8Array(this.op.length * 2); op.set(this.op); this.op = op;
    this.call = grown(this.call);
    this.engine = grown(this.engine);
  }
}

/** Twice the room, same content. */
export function grown(from: Int32Array): Int32Array<ArrayBuffer> { const to = new Int32Array(from.length * 2); to.set(from); return to; }
