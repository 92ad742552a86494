// trails.jsonl: one line a replication with the decisions that it made, kept beside the records because only comparisons read it.
import { join } from 'node:path';
import { decodeTrail, type Trail } from '../measure/trail-code.ts';
import type { ReplicationRecord } from '../results.ts';
import { FILES, readIfThere } from './files.ts';

type Place = Pick<ReplicationRecord, 'cell' | 'replication'>;

export const placeKey = ({ cell, replication }: Place): string => `${cell}/${replication}`;

/** Trails of an experiment by cell and replication, as bytes. */
export class TrailBook {
  readonly #bytes = new Map<string, Uint8Array>();

  put(place: Place, bytes: Uint8Array): void { this.#bytes.set(placeKey(place), bytes); }
  bytesOf(place: Place): Uint8Array | undefined { return this.#bytes.get(placeKey(place)); }
  /** Undefined where there is none, or where its bytes are none. */
  get(place: Place): Trail | undefined { const bytes = this.bytesOf(place); return bytes && decodeTrail(bytes); }
}

export function trailLine({ cell, replication, decisions }: ReplicationRecord, bytes: Uint8Array): string {
  return JSON.stringify({ cell, replication, digest: decisions?.digest ?? '', trail: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') });
}

/** The trails of a folder that belong to these records: a trail whose digest is not that of its record belongs to another run. Empty where the folder keeps none. Throws ERR_RESULTS where the file cannot be read. */
export function readTrails(dir: string, records: readonly ReplicationRecord[]): TrailBook {
  const book = new TrailBook(), wanted = new Map(records.map((record) => [placeKey(record), record.decisions?.digest]));
  const lines = (readIfThere(join(dir, FILES.trails)) ?? '').split('\n');
  // The last line has no newline behind it where it was cut.
  lines.pop();
  for (const line of lines) {
    let value: { readonly cell?: unknown; readonly replication?: unknown; readonly digest?: unknown; readonly trail?: unknown } | null;
    try { value = JSON.parse(line) as typeof value; } catch { continue; }
    if (typeof value?.cell !== 'string' || typeof value.replication !== 'number' || typeof value.trail !== 'string') continue;
    const place = { cell: value.cell, replication: value.replication };
    if (value.digest !== '' && wanted.get(placeKey(place)) === value.digest) book.put(place, Buffer.from(value.trail, 'base64'));
  }
  return book;
}
