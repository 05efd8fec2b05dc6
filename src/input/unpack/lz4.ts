// Unpacks LZ4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md 1.6.4).
//
// A block may be 4 MiB of log: of one that is cut or damaged, what can be expanded is handed on before the stream fails.
import { Readable } from "node:stream";
import { ChecksumError } from "./checksum-error.ts";
import { XxHash32 } from "./xxhash.ts";

const FRAME = 0x184d2204;
const WINDOW = 64 << 10;
/** Block sizes by their number in the frame's head. */
const BLOCK_BYTES: readonly number[] = [0, 0, 0, 0, 64 << 10, 256 << 10, 1 << 20, 4 << 20];

/** The unpacked bytes of LZ4 frames, one behind another; skippable frames are passed over. */
export function unlz4(packed: Readable): Readable {
  return Readable.from(frames(packed), { objectMode: false });
}

async function* frames(packed: Readable): AsyncGenerator<Uint8Array> {
  const input = new Taker(packed);
  try {
    for (let head = await input.takeOr(4); head !== null; head = await input.takeOr(4)) {
      const magic = head.readUInt32LE();
      if (magic >>> 4 === 0x184d2a5) await input.skip((await input.take(4)).readUInt32LE());
      else if (magic === FRAME) yield* blocks(input);
      else throw new Error("no LZ4 frame");
    }
  } finally {
    packed.destroy();
  }
}

async function* blocks(input: Taker): AsyncGenerator<Uint8Array> {
  const [flags, sizes] = await input.take(2);
  const hasBlockChecksum = (flags! & 0x10) !== 0;
  // Content size and dictionary number, where told, and the head's own checksum.
  await input.skip(((flags! & 8) === 0 ? 0 : 8) + ((flags! & 1) === 0 ? 0 : 4) + 1);
  const most = BLOCK_BYTES[(sizes! >> 4) & 7]!;
  // Blocks may copy from up to 64 KiB before them.
  const room = Buffer.alloc(WINDOW + most);
  let known = 0;
  const whole = (flags! & 4) === 0 ? null : new XxHash32();
  for (;;) {
    const head = (await input.take(4)).readUInt32LE();
    const length = head & 0x7fffffff;
    if (length === 0) break;
    if (length > most) throw new Error("an LZ4 block is larger than its frame allows");
    const block = await input.takeUpTo(length);
    const isCut = block.length < length;
    const checksum = isCut || !hasBlockChecksum ? null : (await input.take(4)).readUInt32LE();
    if (checksum !== null && checksum !== new XxHash32().update(block).digest())
      throw new ChecksumError();
    const isPlain = head >>> 31 === 1;
    const end = isPlain ? known + block.copy(room, known) : expand(block, room, known);
    const made = Buffer.from(room.subarray(known, Math.abs(end)));
    whole?.update(made);
    yield made;
    if (isCut) throw new Error("the LZ4 data is cut");
    if (end < 0) throw new Error("the LZ4 data is damaged");
    const kept = Math.min(WINDOW, end);
    room.copyWithin(0, end - kept, end);
    known = kept;
  }
  if (whole !== null && (await input.take(4)).readUInt32LE() !== whole.digest())
    throw new ChecksumError();
}

/** Expands a block into `room` from `at` on; answers where it ends, negative where it breaks off. */
function expand(block: Buffer, room: Buffer, at: number): number {
  let out = at;
  let i = 0;
  const length = (nibble: number): number => {
    let total = nibble;
    if (nibble === 15) for (let more = 255; more === 255; total += more) more = block[i++] ?? 0;
    return total;
  };
  while (i < block.length) {
    const token = block[i++]!;
    const literals = length(token >> 4);
    if (out + literals > room.length) return -out;
    out += block.copy(room, out, i, i + literals);
    i += literals;
    if (i > block.length) return -out;
    if (i === block.length) break;
    const back = block[i]! | (block[i + 1]! << 8);
    i += 2;
    let match = length(token & 15) + 4;
    if (i > block.length || back === 0 || back > out || out + match > room.length) return -out;
    for (; match > 0; match--, out++) room[out] = room[out - back]!;
  }
  return out;
}

/** Takes exact numbers of bytes from a stream. */
class Taker {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(packed: Readable) {
    this.#chunks = (packed as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Buffer> {
    const bytes = await this.takeOr(count);
    if (bytes === null) throw new Error("the LZ4 data is cut");
    return bytes;
  }

  /** Null at the very end of the stream. */
  async takeOr(count: number): Promise<Buffer | null> {
    while (this.#held.length < count) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        if (this.#held.length === 0) return null;
        throw new Error("the LZ4 data is cut");
      }
      this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    }
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** Fewer where the stream ends before. */
  async takeUpTo(count: number): Promise<Buffer> {
    try {
      return await this.take(count);
    } catch (error) {
      const rest = this.#held;
      this.#held = Buffer.alloc(0);
      if (rest.length === 0) throw error;
      return rest;
    }
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; left -= Math.min(left, WINDOW))
      await this.take(Math.min(left, WINDOW));
  }
}
