// Named random streams: one seed a run, one stream a purpose, one child an entity, so that no policy can shift another's draws.
// @ts-expect-error: this part has no types of its own, and the index would load all seven generators and Node's crypto.
import aleaOf from 'seedrandom/lib/alea.js';
import { Xoshiro128 } from './xoshiro.ts';
import type { Uniform } from './xoshiro.ts';

export type { Uniform } from './xoshiro.ts';

/**
 * The streams of one run. Streams of different names, and of different seeds, are independent; asking twice for a name gives the same stream.
 * Names are the purposes of draws: `arrivals`, `service`, `faults`.
 */
export class Streams {
  readonly seed: string;
  readonly #streams = new Map<string, Stream>();

  constructor(seed: string) { this.seed = seed; }

  stream(name: string): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new Stream(this.seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Draws so far by stream, names in code-unit order: a changed count is the first clue when a digest moves. */
  drawCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const name of [...this.#streams.keys()].sort()) counts[name] = this.#streams.get(name)!.draws;
    return counts;
  }
}

/** One purpose's randomness: a sequence of its own, and one for every entity. */
export class Stream implements Uniform {
  readonly name: string;
  /** Numbers drawn, those of the children included. */
  draws = 0;
  readonly #own: Xoshiro128;
  readonly #cursor: ChildCursor;

  constructor(seed: string, name: string) {
    this.name = name;
    // Text seeds through alea: neighbouring seeds give unrelated key words.
    const master = (aleaOf as (seed: string) => { int32(): number })(`${seed}/${name}`);
    this.#own = new Xoshiro128(master.int32(), master.int32(), master.int32());
    this.#cursor = new ChildCursor(this, master.int32(), master.int32());
  }

  next(): number {
    this.draws++;
    return this.#own.next();
  }

  /**
   * The child of an entity (a non-negative safe integer), at the start of its sequence. One cursor serves all children: the next call
   * of `at` re-keys it, so take all draws of an entity before opening another. Allocates nothing; about 20 ns.
   */
  at(entity: number): Uniform {
    this.#cursor.open(entity);
    return this.#cursor;
  }
}

/** Counts in the stream what it draws. */
class ChildCursor implements Uniform {
  readonly #stream: Stream;
  readonly #word0: number;
  readonly #word1: number;
  readonly #generator = new Xoshiro128();

  constructor(stream: Stream, word0: number, word1: number) {
    this.#stream = stream;
    this.#word0 = word0;
    this.#word1 = word1;
  }

  open(entity: number): void {
    // Entities beyond 2^32 reach the key by their high word.
    const high = entity < 4294967296 ? 0 : Math.floor(entity / 4294967296);
    this.#generator.key(this.#word0, this.#word1 ^ Math.imul(high, 0x9e3779b1), entity | 0);
  }

  next(): number {
    this.#stream.draws++;
    return this.#generator.next();
  }
}
