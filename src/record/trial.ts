// Tries formats on the lines of a sample and keeps the score.
import type { Recipe } from "../grammar/index.ts";
import { literalsOf, mayHave, type SignedLine } from "./may-fit.ts";
import type { FormatReader } from "./reading.ts";
import { LOCAL, Rec, YEARLESS, ZONED } from "./record.ts";

/** A line of the sample: its bytes, where the message begins behind an envelope, and whether a format has read it. */
export interface SampleLine extends SignedLine {
  readonly start: number;
  readonly message: number;
  readonly end: number;
  readonly hasZone: boolean;
  /** True where the envelope tells a time. */
  readonly hasTime: boolean;
  /** The program that a whole syslog head names, which then is no part of a format that is to be guessed; "" for none. */
  readonly program: string;
  covered: boolean;
  /** True where it was read without its envelope's being peeled. */
  isBare: boolean;
}

/** `<134>` is nobody's first field. */
const PRIORITY = 60;

/** Tries recipes on sample lines. */
export class Trial {
  firstTime = Infinity;
  isLocal = false;
  coveredBehindHead = 0;
  coveredBare = 0;
  readonly #bytes: Buffer;
  readonly #readerOf: (recipe: Recipe) => FormatReader;
  readonly #rec = new Rec();

  constructor(bytes: Uint8Array, readerOf: (recipe: Recipe) => FormatReader) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#readerOf = readerOf;
  }

  /** Reads the lines with a format and marks those that it reads; answers how many. */
  cover(recipe: Recipe, lines: readonly SampleLine[]): number {
    const literals = literalsOf(recipe);
    // What no line has is told by one look at all of them.
    if (this.#bytes.indexOf(literals.longest) < 0) return 0;
    const possible = lines.filter((line) => mayHave(line, literals));
    if (possible.length === 0) return 0;
    const reader = this.#readerOf(recipe);
    let count = 0;
    for (const line of possible) {
      // The raw line first, as a format may itself begin with a date; but lines without a time of their own need the head.
      const hasHead = line.message > line.start;
      const isHeadFirst = hasHead && (reader.timeFromHead || this.#bytes[line.start] === PRIORITY);
      const bare = !isHeadFirst && this.#reads(reader, line.start, line);
      if (!bare && !(hasHead && this.#reads(reader, line.message, line))) continue;
      line.covered = true;
      line.isBare = bare;
      count++;
      if (bare) this.coveredBare++;
      else this.coveredBehindHead++;
    }
    return count;
  }

  /** Takes back what {@link cover} did to these lines, all of which it found uncovered. */
  uncover(lines: readonly SampleLine[]): void {
    for (const line of lines) {
      if (!line.covered) continue;
      line.covered = false;
      if (line.isBare) this.coveredBare--;
      else this.coveredBehindHead--;
    }
  }

  #reads(reader: FormatReader, from: number, line: SampleLine): boolean {
    if (reader.scanner.scan(this.#bytes, from, line.end, reader.spans) >= 0) return false;
    const rec = this.#rec;
    rec.reset();
    rec.timeMs = NaN;
    if (reader.read(this.#bytes, reader.spans, rec) >= 0) return false;
    if (rec.clock === YEARLESS) this.isLocal = true;
    else if (Number.isFinite(rec.timeMs) && rec.timeMs > 0) {
      if (rec.timeMs < this.firstTime) this.firstTime = rec.timeMs;
      if (rec.clock === LOCAL && !line.hasZone) this.isLocal = true;
    }
    // A time from a head without a zone is local as well.
    if ((reader.timeFromHead || Number.isNaN(rec.timeMs)) && line.hasTime && !line.hasZone)
      this.isLocal = true;
    const isTimed = rec.clock !== ZONED || !Number.isNaN(rec.timeMs);
    return reader.timeFromHead || isTimed || (from === line.message && line.hasTime);
  }
}
