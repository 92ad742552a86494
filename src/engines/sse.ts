// Bytes of a server-sent event stream to its data lines, wherever the network cut them.
import { createParser } from 'eventsource-parser';

/** Longest unfinished event that is kept, in characters. */
const EVENT_MAX_CHARACTERS = 1 << 24;

export class SseReader {
  /** True once an event grew past every bound; nothing is read after that. */
  overflowed = false;
  readonly #decoder = new TextDecoder();
  readonly #parser: { feed(text: string): void };

  /** `onData` gets the data of each event in order, within `feed`. */
  constructor(onData: (data: string) => void) {
    this.#parser = createParser({
      onEvent: (event) => { onData(event.data); },
      onError: (error) => { if (error.type === 'max-buffer-size-exceeded') this.overflowed = true; },
      maxBufferSize: EVENT_MAX_CHARACTERS,
    });
  }

  feed(bytes: Uint8Array): void {
    if (!this.overflowed) this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The stream has ended: an event whose closing blank line is missing counts as well. */
  end(): void {
    if (!this.overflowed) this.#parser.feed(`${this.#decoder.decode()}\n\n`);
  }
}
