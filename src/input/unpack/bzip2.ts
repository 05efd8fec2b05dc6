// Unpacks bzip2 block by block, so that no more than one unpacked block waits in memory.
import { Readable } from "node:stream";
import bitIterator from "unbzip2-stream/lib/bit_iterator.js";
import bzip2 from "unbzip2-stream/lib/bzip2.js";

/** A packed block is never longer than this times its level, as unbzip2-stream's own stream reckons. */
const BLOCK_BYTES = 100_000;
const BLOCK_SLACK = 25_000;

/** The unpacked bytes of bzip2 data: streams one behind another, as parallel packers write them, are read as one. */
export function bunzip2(packed: Readable): Readable {
  return Readable.from(blocks(packed), { objectMode: false });
}

async function* blocks(packed: Readable): AsyncGenerator<Uint8Array> {
  const input = new Bits();
  try {
    for await (const chunk of packed as AsyncIterable<Buffer>) {
      input.add(chunk);
      // Bits are taken synchronously: a block is begun only when all of it is there.
      while (input.waiting >= BLOCK_SLACK + BLOCK_BYTES * Math.max(1, input.level))
        yield* input.block();
    }
    while (input.waiting > 0) yield* input.block();
    if (input.level > 0) throw new Error("the bzip2 data is cut");
  } finally {
    packed.destroy();
  }
}

/** Packed bytes, taken bit by bit. */
class Bits {
  /** Of the stream being read, 1 to 9; 0 between streams. */
  level = 0;
  readonly #chunks: Buffer[] = [];
  #bits: ReturnType<typeof bitIterator> | null = null;
  #added = 0;
  #crc: number | null = 0;
  #out = Buffer.allocUnsafe(BLOCK_BYTES);
  #length = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#added += chunk.length;
    this.#bits ??= bitIterator(() => this.#chunks.shift());
  }

  /** Bytes not yet taken. */
  get waiting(): number {
    return this.#added - (this.#bits?.bytesRead ?? 0);
  }

  /** The next block; nothing for a stream's head or end. */
  *block(): Generator<Uint8Array> {
    const bits = this.#bits!;
    if (this.level === 0) {
      this.level = bzip2.header(bits);
      this.#crc = 0;
      return;
    }
    this.#length = 0;
    const size = BLOCK_BYTES * this.level;
    const room = new Int32Array(size);
    this.#crc = bzip2.decompress(bits, (byte) => this.#put(byte), room, size, this.#crc);
    if (this.#crc === null) this.level = 0;
    else yield Buffer.from(this.#out.subarray(0, this.#length));
  }

  #put(byte: number): void {
    if (this.#length === this.#out.length) {
      const larger = Buffer.allocUnsafe(2 * this.#out.length);
      larger.set(this.#out);
      this.#out = larger;
    }
    this.#out[this.#length++] = byte;
  }
}
