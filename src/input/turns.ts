// Chunks of a stream, each taken in a turn of its own: meanwhile the next one is unpacked in another thread.
import type { Readable } from "node:stream";

/** Chunks that may wait before the stream has to. */
const MOST = 2;

/** Hands chunks to `take` in their order. */
export class Turns {
  readonly #stream: Readable;
  readonly #take: (chunk: Buffer) => void;
  readonly #waiting: Buffer[] = [];
  #onIdle: (() => void) | null = null;

  constructor(stream: Readable, take: (chunk: Buffer) => void) {
    this.#stream = stream;
    this.#take = take;
  }

  push(chunk: Buffer): void {
    this.#waiting.push(chunk);
    if (this.#waiting.length >= MOST) this.#stream.pause();
    if (this.#waiting.length === 1) setImmediate(this.#next);
  }

  /** Calls back once nothing waits any more. */
  whenIdle(onIdle: () => void): void {
    if (this.#waiting.length === 0) onIdle();
    else this.#onIdle = onIdle;
  }

  readonly #next = (): void => {
    this.#take(this.#waiting[0]!);
    this.#waiting.shift();
    this.#stream.resume();
    if (this.#waiting.length > 0) setImmediate(this.#next);
    else this.#onIdle?.();
  };
}
