// Unpacks xz by xz-embedded in WebAssembly, stream by stream: what it reads ends with the first stream of a file.
import { Readable } from "node:stream";
import { ReadableStream, type ReadableStreamDefaultController } from "node:stream/web";
import { XzReadableStream } from "xz-decompress";

/** A stream's footer ends with `YZ`; the next stream begins with this, at a multiple of four bytes behind it. */
const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const LONGEST_SEAM = 16;

/** The unpacked bytes of xz data: any number of streams, padding between them. */
export function unxz(packed: Readable): Readable {
  return Readable.from(streams(packed), { objectMode: false });
}

async function* streams(packed: Readable): AsyncGenerator<Uint8Array> {
  const input = new Seams(packed);
  try {
    while (await input.begin()) {
      const stream = new XzReadableStream(input.stream() as never);
      for await (const bytes of stream as unknown as AsyncIterable<Uint8Array>)
        if (bytes.length > 0) yield bytes;
    }
  } finally {
    packed.destroy();
  }
}

/** Packed bytes, parted where a new xz stream begins: sixty-four bits that data has by chance once in 2^64 bytes. */
class Seams {
  readonly #chunks: AsyncIterator<Buffer>;
  /** Read and not yet handed on. */
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(packed: Readable) {
    this.#chunks = (packed as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Whether another stream follows: what the one before left over, and padding, is passed by. */
  async begin(): Promise<boolean> {
    for (;;) {
      const at = this.#held.indexOf(MAGIC);
      if (at >= 0) {
        this.#held = this.#held.subarray(at);
        return true;
      }
      if (!(await this.#more())) return false;
      if (this.#held.length > 1 << 22) this.#held = this.#held.subarray(-LONGEST_SEAM);
    }
  }

  /** The bytes of one stream. */
  stream(): ReadableStream<Uint8Array> {
    let isFirst = true;
    const source = {
      pull: async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
        for (;;) {
          const seam = nextSeam(this.#held, isFirst ? 1 : 0);
          if (seam >= 0) {
            if (seam > 0) controller.enqueue(this.#held.subarray(0, seam));
            this.#held = this.#held.subarray(seam);
            return controller.close();
          }
          // The end is kept back: a seam may begin in it.
          const sure = this.#ended ? this.#held.length : this.#held.length - LONGEST_SEAM;
          if (sure > 0) {
            controller.enqueue(this.#held.subarray(0, sure));
            this.#held = this.#held.subarray(sure);
            isFirst = false;
            return;
          }
          if (this.#ended) return controller.close();
          await this.#more();
        }
      },
    };
    // Nothing is fetched ahead: it would be missing from the next stream.
    return new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
  }

  async #more(): Promise<boolean> {
    const next = this.#ended ? { done: true, value: null } : await this.#chunks.next();
    if (next.done === true || next.value === null) {
      this.#ended = true;
      return false;
    }
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    return true;
  }
}

/** Where the next stream begins: a header right behind a footer and its padding; -1 for nowhere. */
function nextSeam(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    let before = at - 1;
    while (before >= 0 && bytes[before] === 0) before--;
    if (before < 0 || (bytes[before] === 0x5a && bytes[before - 1] === 0x59)) return at;
  }
  return -1;
}
