// JSON objects that run over several lines come out on one: the lines that they began on come out blank.
import { MAX_LINE, type OnLines } from "./assemble.ts";

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Joins the lines of an object to one, with the offset of its first. As many lines come out as go in, so a report's line
 * numbers stay: the object stands on the line where it ends. Proxies write such objects through text formats, so quotes
 * are counted line by line and values may be no JSON at all.
 */
export class ObjectJoiner {
  readonly #onLines: OnLines;
  #carry: Buffer = Buffer.allocUnsafe(4096);
  #carried = 0;
  #offset = 0;
  #depth = 0;

  constructor(onLines: OnLines) {
    this.#onLines = onLines;
  }

  /** Takes whole lines. */
  read(bytes: Uint8Array, start: number, end: number, offset: number): void {
    for (let i = start; i < end;) {
      let newline = bytes.indexOf(10, i);
      if (newline < 0 || newline > end) newline = end;
      this.#one(bytes, i, newline, offset + i - start);
      i = newline + 1;
    }
  }

  /** Hands on an object that was never closed, at the end or where the next one begins. */
  finish(): void {
    if (this.#carried > 0) this.#flush();
  }

  #one(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const opens = firstByte(bytes, start, end) === 123;
    if (this.#depth === 0 && !opens)
      return this.#onLines(bytes, start, Math.min(end + 1, bytes.length), offset);
    // An object begins where one is open: that one was cut.
    if (this.#depth > 0 && bytes[start] === 123) this.finish();
    if (this.#depth === 0) this.#offset = offset;
    // For the line before, which goes on here.
    else this.#onLines(BLANK, 0, 1, offset);
    this.#depth += depthOf(bytes, start, end);
    this.#keep(bytes, start, end);
    if (this.#depth <= 0) this.#flush();
  }

  #flush(): void {
    this.#depth = 0;
    this.#carry[this.#carried++] = 10;
    const length = this.#carried;
    this.#carried = 0;
    this.#onLines(this.#carry, 0, length, this.#offset);
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const length = Math.min(end - start, Math.max(0, MAX_LINE + 1 - this.#carried));
    const needed = this.#carried + length + 2;
    if (needed > this.#carry.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    if (this.#carried > 0) this.#carry[this.#carried++] = 32;
    this.#carry.set(bytes.subarray(start, start + length), this.#carried);
    this.#carried += length;
  }
}

const BLANK = Buffer.from("\n");

function firstByte(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i]! <= 32) i++;
  return i < end ? bytes[i]! : -1;
}

/** Opening brackets minus closing ones, outside of quotes. */
function depthOf(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) quoted = !quoted;
    else if (quoted) continue;
    else if (c === 123 || c === 91) depth++;
    else if (c === 125 || c === 93) depth--;
  }
  return depth;
}

/** The objects of a sample, each on one line. */
export function sampleObjects(sample: Uint8Array): Uint8Array {
  const lines: Buffer[] = [];
  const joiner = new ObjectJoiner((bytes, start, end) => {
    if (end - start > 1) lines.push(Buffer.from(bytes.subarray(start, end)));
  });
  joiner.read(sample, 0, sample.length, 0);
  return Buffer.concat(lines);
}
