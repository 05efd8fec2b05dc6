// The lines that no format fitted, kept for a while: where they go on coming, another look at them may tell their format.
//
// What is looked at, and when, is told by the lines alone and not by how they came: the same bytes give the same formats.
import { shapeOf } from "./sample-lines.ts";
import { isDamaged } from "./own-keys.ts";
import type { FirstMiss, FormatReader, Learn, ReadingPlan } from "./reading.ts";

/** Lines of a shape before the first look, and before each further one twice as many. */
const FIRST_LOOK = 16;
/** Looks that a shape alone calls for; and shapes that are told apart at a time. */
const MOST_LOOKS = 24;
const MOST_SHAPES = 512;
/** Lines kept, to be read again once their format is known; a longer one is kept by nobody. */
const MOST_KEPT = 256;
const LONGEST_KEPT = 8192;
/** The latest of them, from which formats are guessed. */
const LOOKED_AT = 64;
/** Fewer lines than this are damaged ones, not a format. */
const FEWEST = 3;

/** A missed line and its place in the source. */
interface MissedLine {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly offset: number;
}

/** What a reader counts, and the place of the line that it counts. */
interface Books {
  lines: number;
  lineOffset: number;
  misses: number;
  firstMiss: FirstMiss | null;
}

/** Keeps missed lines and learns formats from them. */
export class MissedLines {
  /** Formats that were learned so far. */
  readonly formats: FormatReader[] = [];
  /** True while missed lines are read again. */
  isAgain = false;
  readonly #learn: Learn | null;
  readonly #own: readonly FormatReader[];
  #kept: MissedLine[] = [];
  #sinceLook = 0;
  #looks = 0;
  #count = 0;
  readonly #shapes = new Map<string, number>();

  constructor({ learn = null, formats }: Pick<ReadingPlan, "learn" | "formats">) {
    this.#learn = learn;
    this.#own = formats;
  }

  /** Keeps a line that `books` just counted. @returns true when it is time to look */
  keep(bytes: Uint8Array, start: number, end: number, books: Books): boolean {
    if (this.isAgain || this.#learn === null) return false;
    if (isDamaged(this.#own, bytes, start, end)) return false;
    const { lines: line, lineOffset: offset } = books;
    // A copy: of a Buffer, slice() would be a view of memory that the next chunk is read into.
    if (end - start <= LONGEST_KEPT)
      this.#kept.push({ bytes: new Uint8Array(bytes.subarray(start, end)), line, offset });
    // In blocks, as an array that loses its first element moves all others.
    if (this.#kept.length >= 2 * MOST_KEPT) this.#kept = this.#kept.slice(MOST_KEPT);
    this.#sinceLook++;
    const inAll = ++this.#count;
    if (this.#looks >= MOST_LOOKS) return isDue(inAll);
    const shape = shapeOf(bytes, start, end);
    if (this.#shapes.size >= MOST_SHAPES) this.#shapes.clear();
    const count = (this.#shapes.get(shape) ?? 0) + 1;
    this.#shapes.set(shape, count);
    return isDue(count);
  }

  /** Looks at the lines kept; where that tells formats, reads them again: what fits now is no miss any more. */
  readAgain(books: Books, read: (line: Uint8Array) => void): void {
    if (this.#learn === null || this.#sinceLook < FEWEST) return;
    this.#sinceLook = 0;
    this.#looks++;
    const sample = this.#kept.slice(-LOOKED_AT).flatMap(({ bytes }) => [bytes, NEWLINE]);
    const found = this.#learn(Buffer.concat(sample)).filter(({ lines }) => lines >= FEWEST);
    if (found.length === 0) return;
    this.formats.push(...found.map(({ format }) => format));
    const { lines, lineOffset } = books;
    if ((books.firstMiss?.line ?? -1) >= this.#kept[0]!.line) books.firstMiss = null;
    this.isAgain = true;
    for (const { bytes, line, offset } of this.#kept) {
      books.misses--;
      books.lines = line;
      books.lineOffset = offset;
      read(bytes);
    }
    this.isAgain = false;
    this.#kept = [];
    books.lines = lines;
    books.lineOffset = lineOffset;
  }
}

/** 16, 32, 64 … */
function isDue(count: number): boolean {
  return count >= FIRST_LOOK && (count & (count - 1)) === 0;
}

const NEWLINE = new Uint8Array([10]);
