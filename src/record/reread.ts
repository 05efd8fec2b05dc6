// Lines that were only counted, read after all: for where in them the request stands.
import { Head, peel } from "../input/index.ts";
import type { FormatReader } from "./reading.ts";
import { Rec } from "./record.ts";

/** Reads lines of one format once more. */
export class Reread {
  readonly #format: FormatReader;
  readonly #hasEnvelope: boolean;
  readonly #head = new Head();
  readonly #rec = new Rec();

  constructor(format: FormatReader, hasEnvelope: boolean) {
    this.#format = format;
    this.#hasEnvelope = hasEnvelope;
  }

  /** The record of a whole line, its places counted from the line's beginning; valid until the next. */
  read(line: Uint8Array): Rec {
    const { scanner, spans, read } = this.#format;
    const isPeeled = this.#hasEnvelope && peel(line, 0, line.length, this.#head);
    const from = isPeeled ? this.#head.message : 0;
    this.#rec.reset();
    if (scanner.scan(line, from, line.length, spans) < 0) read(line, spans, this.#rec);
    return this.#rec;
  }
}
