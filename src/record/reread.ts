// Lines that were only counted, read after all: for where in them the request stands.
import { Head, peel } from "../input/index.ts";
import type { FormatReader } from "./reading.ts";
import { Rec, type Read } from "./record.ts";

/** Reads lines of one format once more. */
export class Reread {
  readonly #format: FormatReader;
  readonly #hasEnvelope: boolean;
  readonly #head = new Head();
  readonly #rec = new Rec();
  readonly #place: NonNullable<Read["place"]>;

  constructor(format: FormatReader, hasEnvelope: boolean) {
    this.#format = format;
    this.#place = format.read.place ?? format.read;
    this.#hasEnvelope = hasEnvelope;
  }

  /** Where the request stands in a whole line, counted from its beginning; valid until the next. */
  placesIn(line: Uint8Array): Rec {
    const { scanner, spans } = this.#format;
    const isPeeled = this.#hasEnvelope && peel(line, 0, line.length, this.#head);
    const from = isPeeled ? this.#head.message : 0;
    this.#rec.reset();
    if (scanner.scan(line, from, line.length, spans) < 0) this.#place(line, spans, this.#rec);
    return this.#rec;
  }
}
