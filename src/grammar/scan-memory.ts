// The memory that lines are read into and WebAssembly scanners look at: spans and rows in front, room for a chunk of lines,
// tables behind.

import { TALLY_BYTES, TallyMemory } from "./tally-memory.ts";

/** WebAssembly as far as it is used; Node's types leave it to the DOM's. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
};

const PAGE = 65_536;
const SPANS_BYTES = PAGE;
/** What a batch of lines came to, see quick-lines.ts. */
export const ROWS_AT = SPANS_BYTES;
export const ROW_BYTES = 64;
export const MAX_ROWS = 4096;
const ROOM_AT = ROWS_AT + ROW_BYTES * MAX_ROWS;
const ROOM_BYTES = 1 << 18;
const TALLIES_AT = ROOM_AT + ROOM_BYTES + PAGE;
const AREAS_AT = TALLIES_AT + Math.ceil(TALLY_BYTES / PAGE) * PAGE;
/** A format's own tables. */
export const AREA_BYTES = 8 << 20;
const AREAS = 6;

/** One thread's memory. Pages that nobody touches cost nothing. */
export class ScanMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** All of it; a line at an offset of these bytes has that address in the memory. */
  readonly bytes: Buffer;
  /** Where chunks go; a page of slack lies behind. */
  readonly start = ROOM_AT;
  readonly length = ROOM_BYTES;
  /** What this thread counts, and its address. */
  readonly tallies: TallyMemory;
  readonly talliesAt = TALLIES_AT;
  #reserved = 0;
  #areas = 0;

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: (AREAS_AT + AREAS * AREA_BYTES) / PAGE });
    this.bytes = Buffer.from(this.memory.buffer);
    this.tallies = new TallyMemory(this.memory.buffer, TALLIES_AT);
  }

  /** Room for `count` numbers, as a view and its address; null when all is given away. */
  reserve(count: number): { readonly spans: Int32Array; readonly at: number } | null {
    const at = this.#reserved;
    if (at + 4 * count > SPANS_BYTES) return null;
    this.#reserved += 4 * count;
    return { spans: new Int32Array(this.memory.buffer, at, count), at };
  }

  /** The address of an area of {@link AREA_BYTES} for one format's tables; null when all are given away. */
  reserveArea(): number | null {
    return this.#areas === AREAS ? null : AREAS_AT + AREA_BYTES * this.#areas++;
  }
}
