// Unpacks Zstandard: by Node's own zlib where it has it (22.15 and later), else in JavaScript.
import { Transform, type Readable, type TransformCallback } from "node:stream";
import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import { ChecksumError } from "./checksum-error.ts";
import { piped } from "./piped.ts";
import { XxHash64 } from "./xxhash.ts";
import { ZstdFrames } from "./zstd-frames.ts";

/** What newer versions of Node have and the types of the oldest supported one do not know. */
interface WithZstd {
  readonly createZstdDecompress?: (options: object) => Transform;
}

/** Bytes handed to the JavaScript unpacker at once: what it unpacks from them waits in memory. */
const SLICE = 16 << 10;

/** The unpacked bytes of Zstandard data. */
export function unzstd(packed: Readable): Readable {
  const native = (zlib as WithZstd).createZstdDecompress;
  // Long windows (`zstd --long`) are read as well; 27 is what the zstd program takes without being asked.
  const options = { chunkSize: 1 << 20, params: { 100: 27 } };
  return piped(packed, native === undefined ? new Unzstd() : native(options));
}

class Unzstd extends Transform {
  #hash = new XxHash64();
  readonly #ends = new ZstdFrames();
  readonly #frames = new Decompress((bytes) => {
    this.#hash.update(bytes);
    this.push(bytes);
  });

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#run(() => {
      for (let at = 0; at < chunk.length;) {
        const end = this.#ends.endOf(chunk, at, Math.min(chunk.length, at + SLICE));
        const to = end < 0 ? Math.min(chunk.length, at + SLICE) : end;
        this.#frames.push(chunk.subarray(at, to));
        if (end >= 0) this.#check();
        at = to;
      }
    }, done);
  }

  override _flush(done: TransformCallback): void {
    this.#run(() => void this.#frames.push(new Uint8Array(0), true), done);
  }

  /** A frame ended: is what came out of it what was put in? */
  #check(): void {
    const { checksum } = this.#ends;
    if (checksum !== null && checksum !== Number(this.#hash.digest() & 0xffffffffn))
      throw new ChecksumError();
    this.#hash = new XxHash64();
  }

  #run(work: () => void, done: TransformCallback): void {
    try {
      work();
    } catch (error) {
      return done(error as Error);
    }
    done();
  }
}
