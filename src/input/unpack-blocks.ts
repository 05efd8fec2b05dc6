// Unpacks a file into blocks of memory that another thread reads from, so that neither waits for the other.
import type { Readable } from "node:stream";

/** Blocks of this many bytes, so many of them. */
const BLOCK_BYTES = 1 << 20;
const BLOCKS = 6;

/** Memory that both threads see. */
export function sharedBlocks(): SharedArrayBuffer[] {
  return Array.from({ length: BLOCKS }, () => new SharedArrayBuffer(BLOCK_BYTES));
}

/**
 * Unpacks in another thread, expecting no damage: hands block after block to `take`, and answers the error it ended with, null
 * for none.
 */
export type UnpackElsewhere = (take: (block: Buffer) => void) => Promise<unknown>;

/** The side that unpacks. */
export class BlockFiller {
  readonly #blocks: readonly Buffer[];
  readonly #send: (block: number, length: number) => void;
  readonly #free: number[];
  #filled = 0;
  #waiting: Buffer | null = null;
  #onRoom: () => void = () => {};

  /** @param send called with the number of a block that has so many bytes now; it is another's until {@link release}. */
  constructor(blocks: readonly SharedArrayBuffer[], send: (block: number, length: number) => void) {
    this.#blocks = blocks.map((block) => Buffer.from(block));
    this.#free = [...blocks.keys()];
    this.#send = send;
  }

  /** Takes a block back. */
  release(block: number): void {
    this.#free.push(block);
    this.#onRoom();
  }

  /** Fills blocks with all of a stream; answers the error it ended with, null for none. */
  fill(stream: Readable): Promise<unknown> {
    return new Promise((resolve) => {
      let end: { readonly error: unknown } | null = null;
      const go = (): void => {
        if (!this.#pour()) return void stream.pause();
        if (end === null) return void stream.resume();
        if (this.#filled > 0) this.#hand();
        resolve(end.error);
      };
      this.#onRoom = go;
      const ended = (error: unknown): void => {
        end ??= { error };
        go();
      };
      stream.on("data", (chunk: Buffer) => {
        this.#waiting = this.#waiting === null ? chunk : Buffer.concat([this.#waiting, chunk]);
        go();
      });
      stream.on("error", ended);
      stream.on("end", () => ended(null));
    });
  }

  /** Copies what waits into free blocks; false where they do not hold it all. */
  #pour(): boolean {
    while (this.#waiting !== null) {
      const block = this.#free[0];
      if (block === undefined) return false;
      const length = this.#waiting.copy(this.#blocks[block]!, this.#filled);
      this.#filled += length;
      this.#waiting = length === this.#waiting.length ? null : this.#waiting.subarray(length);
      if (this.#filled === BLOCK_BYTES) this.#hand();
    }
    return true;
  }

  #hand(): void {
    this.#send(this.#free.shift()!, this.#filled);
    this.#filled = 0;
  }
}
