// The memory that lines are read into and WebAssembly scanners look at: spans in front, room for a chunk of lines behind.

/** WebAssembly as far as it is used; Node's types leave it to the DOM's. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
};

const PAGE = 65_536;
const SPANS_BYTES = PAGE;
const ROOM_BYTES = 1 << 20;

/** One thread's memory. */
export class ScanMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** All of it; a line at an offset of these bytes has that address in the memory. */
  readonly bytes: Buffer;
  /** Where chunks go; a page of slack lies behind. */
  readonly start = SPANS_BYTES;
  readonly length = ROOM_BYTES;
  #reserved = 0;

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: (SPANS_BYTES + ROOM_BYTES) / PAGE + 1 });
    this.bytes = Buffer.from(this.memory.buffer);
  }

  /** Room for `count` numbers, as a view and its address; null when all is given away. */
  reserve(count: number): { readonly spans: Int32Array; readonly at: number } | null {
    const at = this.#reserved;
    if (at + 4 * count > SPANS_BYTES) return null;
    this.#reserved += 4 * count;
    return { spans: new Int32Array(this.memory.buffer, at, count), at };
  }
}
