// Chunks of any size become regions of whole lines, copying only the line that a cut went through.

/** The longest line that is looked at; a longer one is counted and missed. */
export const MAX_LINE = 1 << 20;

/** Where chunks are read into; scanners may know this memory. At least 64 bytes lie behind it. */
export interface LineRoom {
  readonly bytes: Buffer;
  readonly start: number;
  readonly length: number;
}

/** Receives whole lines: `bytes[start, end)` begins at a line's first byte; `offset` is that byte's place in the source. */
export type OnLines = (bytes: Uint8Array, start: number, end: number, offset: number) => void;

/**
 * Puts lines together across chunks. A line longer than {@link MAX_LINE} is handed on cut to one byte more than that, so
 * that the reader sees it is too long whatever the chunks were.
 */
export class Assembler {
  readonly #onLines: OnLines;
  #carry: Uint8Array = Buffer.allocUnsafe(64 * 1024);
  #carried = 0;
  #carryOffset = 0;
  #offset = 0;

  constructor(onLines: OnLines, offset = 0) {
    this.#onLines = onLines;
    this.#offset = offset;
  }

  /** Takes `chunk[start, end)`; the chunk may be reused by the caller afterwards. */
  push(chunk: Uint8Array, start = 0, end = chunk.length): void {
    let at = start;
    if (this.#carried > 0) {
      const newline = chunk.indexOf(10, at);
      const stop = newline < 0 || newline >= end ? end : newline + 1;
      this.#keep(chunk, at, stop);
      this.#offset += stop - at;
      at = stop;
      if (newline < 0 || newline >= end) return;
      this.#onLines(this.#carry, 0, this.#carried, this.#carryOffset);
      this.#carried = 0;
    }
    const last = chunk.lastIndexOf(10, end - 1);
    if (last >= at) {
      this.#onLines(chunk, at, last + 1, this.#offset);
      this.#offset += last + 1 - at;
      at = last + 1;
    }
    if (at < end) {
      this.#carryOffset = this.#offset;
      this.#keep(chunk, at, end);
      this.#offset += end - at;
    }
  }

  /** Hands on a last line without its newline. */
  finish(): void {
    if (this.#carried > 0) this.#onLines(this.#carry, 0, this.#carried, this.#carryOffset);
    this.#carried = 0;
  }

  /** Appends to the carried line, up to one byte beyond the longest line allowed (its newline included). */
  #keep(chunk: Uint8Array, start: number, end: number): void {
    const endsLine = chunk[end - 1] === 10;
    const room = MAX_LINE + 1 - this.#carried;
    const take = Math.max(0, Math.min(end - start - (endsLine ? 1 : 0), room));
    const needed = this.#carried + take + 1;
    if (needed > this.#carry.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#carry.length * 2));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(chunk.subarray(start, start + take), this.#carried);
    this.#carried += take;
    if (endsLine) this.#carry[this.#carried++] = 10;
  }
}
