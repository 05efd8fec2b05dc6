// Whole lines in, the lines that lay in their envelopes out, one for one; parts of a line wait for its end.
import { MAX_LINE, type OnLines } from "./assemble.ts";
import { plainHead } from "./plain-head.ts";
import { Unwrapped, type Depth } from "./unwrap.ts";

/**
 * Unwraps every line and hands it on alone, with the offset of the line it lay in. A part of a line that its writer cut
 * (CRI's `P`, Docker's 16 KiB) is handed on as a blank line and put in front of its end: so many lines come out as go in.
 */
export class Unwrapper {
  /** Bytes of the lines taken in. */
  bytes = 0;
  readonly #onLines: OnLines;
  readonly #depth: Depth;
  readonly #line = new Unwrapped();
  #out: Buffer = Buffer.allocUnsafe(64 << 10);
  /** Parts by their stream. */
  readonly #parts = new Map<string, Buffer>();

  constructor(onLines: OnLines, depth: Depth) {
    this.#onLines = onLines;
    this.#depth = depth;
  }

  /** Takes whole lines. */
  read(bytes: Uint8Array, start: number, end: number, offset: number): void {
    this.bytes += end - start;
    for (let i = start; i < end;) {
      let newline = bytes.indexOf(10, i);
      if (newline < 0 || newline > end) newline = end;
      this.#one(bytes, i, newline, offset + i - start);
      i = newline + 1;
    }
  }

  #one(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const line = this.#line;
    line.open(bytes, start, end, this.#depth);
    const parts = this.#parts.get(line.stream);
    if (line.isPart) {
      const more = line.bytes.subarray(line.start, line.end);
      const all = Buffer.concat(parts === undefined ? [more] : [parts, more]);
      // A line that is too long is missed whatever its end is.
      this.#parts.set(line.stream, all.subarray(0, MAX_LINE + 1));
      this.#out[0] = 10;
      return this.#onLines(this.#out, 0, 1, offset);
    }
    const head =
      plainHead(line) + (line.times > 1 ? `message repeated ${line.times} times: [ ` : "");
    if (line.times > 1) line.end++; // its bracket
    const kept = parts?.length ?? 0;
    const length = head.length + kept + line.end - line.start;
    if (this.#out.length < length + 1) this.#out = Buffer.allocUnsafe(2 * length);
    const out = this.#out;
    let at = out.write(head, 0, "latin1");
    if (parts !== undefined) {
      at += parts.copy(out, at);
      this.#parts.delete(line.stream);
    }
    out.set(line.bytes.subarray(line.start, line.end), at);
    out[length] = 10;
    this.#onLines(out, 0, length + 1, offset);
  }
}

/** A sample's lines out of their envelopes. */
export interface UnwrappedSample {
  readonly bytes: Uint8Array;
  /** Which envelopes those were, the commonest first. */
  readonly envelopes: readonly string[];
  /** True where some line was cut into parts. */
  readonly hasParts: boolean;
  /** True where some line lies in more than the one plain head that `peel` takes off, or the one object of a collector. */
  readonly isNested: boolean;
}

/** Envelopes that alone are no reason to unwrap a stream line by line. */
const SIMPLE = /^(?:syslog (?:RFC \d+|ISO|priority)|CRI|container|time|JSON|journal JSON)$/;

/** Unwraps a sample of whole lines. */
export function unwrapSample(sample: Uint8Array, depth: Depth): UnwrappedSample {
  const lines: Buffer[] = [];
  const unwrapper = new Unwrapper((bytes, start, end) => {
    lines.push(Buffer.from(bytes.subarray(start, end)));
  }, depth);
  unwrapper.read(sample, 0, sample.length, 0);
  const counts = new Map<string, number>();
  const line = new Unwrapped();
  let hasParts = false;
  let isNested = false;
  for (let i = 0; i < sample.length;) {
    let newline = sample.indexOf(10, i);
    if (newline < 0) newline = sample.length;
    if (line.open(sample, i, newline, depth)) {
      const name = line.layers.toReversed().join(" in ") || "colours or NULs";
      counts.set(name, (counts.get(name) ?? 0) + 1);
      hasParts ||= line.isPart;
      isNested ||= line.layers.length > 1 || !SIMPLE.test(line.layers[0] ?? "JSON");
    }
    i = newline + 1;
  }
  const envelopes = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return { bytes: Buffer.concat(lines), envelopes, hasParts, isNested };
}
