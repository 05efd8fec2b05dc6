// Where Zstandard frames end, and the checksums behind them (RFC 8878 §3.1.1): the JavaScript unpacker passes them over.

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a5;
/** Bytes of a dictionary's number and of the content's size, by their flags. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const SIZE_BYTES = [0, 2, 4, 8];

/** What is expected next: so many bytes of this. */
type Part =
  "magic" | "skipped size" | "skipped" | "descriptor" | "header" | "block" | "content" | "checksum";

/** Follows the bytes of frames, cut anywhere. */
export class ZstdFrames {
  #part: Part = "magic";
  #left = 4;
  /** The bytes of the part so far, lowest first. */
  #value = 0;
  #read = 0;
  #hasChecksum = false;
  #isLast = false;
  /** The checksum of the frame that just ended; null where it has none. */
  checksum: number | null = null;

  /** Where the frame ends that is being followed, looking from `at` on; -1 where it goes on behind `end`. */
  endOf(bytes: Uint8Array, at: number, end: number): number {
    for (let i = at; i < end;) {
      if (this.#part === "skipped" || this.#part === "content" || this.#part === "header") {
        const step = Math.min(this.#left, end - i);
        i += step;
        this.#left -= step;
      } else {
        this.#value += bytes[i++]! * 2 ** (8 * this.#read++);
        this.#left--;
      }
      if (this.#left === 0 && this.#next()) return i;
    }
    return -1;
  }

  /** Goes on to the next part. @returns true where a frame ended */
  #next(): boolean {
    const value = this.#value;
    this.#value = this.#read = 0;
    switch (this.#part) {
      case "magic":
        if (Math.floor(value / 16) === SKIPPABLE) return this.#expect("skipped size", 4);
        // The unpacker itself refuses anything else.
        return this.#expect("descriptor", value === MAGIC ? 1 : Infinity);
      case "skipped size":
        return value === 0 ? this.#expect("magic", 4) : this.#expect("skipped", value);
      case "skipped":
        return this.#expect("magic", 4);
      case "descriptor": {
        const isSingle = (value & 32) !== 0;
        this.#hasChecksum = (value & 4) !== 0;
        const size = value >> 6 === 0 ? Number(isSingle) : SIZE_BYTES[value >> 6]!;
        const length = Number(!isSingle) + DICTIONARY_BYTES[value & 3]! + size;
        return length === 0 ? this.#expect("block", 3) : this.#expect("header", length);
      }
      case "header":
        return this.#expect("block", 3);
      case "block": {
        this.#isLast = (value & 1) === 1;
        // A run is one byte, however long.
        const length = ((value >> 1) & 3) === 1 ? 1 : value >> 3;
        return length === 0 ? this.#behindBlock() : this.#expect("content", length);
      }
      case "content":
        return this.#behindBlock();
      case "checksum":
        return this.#end(value);
    }
  }

  #behindBlock(): boolean {
    if (!this.#isLast) return this.#expect("block", 3);
    return this.#hasChecksum ? this.#expect("checksum", 4) : this.#end(null);
  }

  #end(checksum: number | null): true {
    this.checksum = checksum;
    this.#expect("magic", 4);
    return true;
  }

  #expect(part: Part, left: number): false {
    this.#part = part;
    this.#left = left;
    return false;
  }
}
