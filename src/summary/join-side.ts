// One of nginx's two logs in the join: its failing lines, twelve numbers each. Tens of thousands of objects would cost more to
// keep and to clear away than all else.
import type { JoinEntry } from "./join-entry.ts";

const WIDTH = 12;
const FIRST_SIZE = 256;

/** Entries in the order in which they came. */
export class JoinSide {
  #length = 0;
  #numbers = new Float64Array(WIDTH * FIRST_SIZE);
  #entries: JoinEntry[] | null = null;

  get length(): number {
    return this.#length;
  }

  add(entry: JoinEntry): void {
    if (WIDTH * this.#length === this.#numbers.length) {
      const grown = new Float64Array(2 * this.#numbers.length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    const numbers = this.#numbers;
    const at = WIDTH * this.#length++;
    numbers[at] = entry.hash;
    numbers[at + 1] = entry.bareHash;
    numbers[at + 2] = entry.timeMs;
    numbers[at + 3] = entry.durationMs;
    numbers[at + 4] = entry.connection;
    numbers[at + 5] = entry.upstream;
    numbers[at + 6] = entry.peer;
    numbers[at + 7] = entry.reason;
    numbers[at + 8] = entry.code;
    numbers[at + 9] = entry.status;
    numbers[at + 10] = entry.impliedStatus;
    numbers[at + 11] = entry.masked ? 1 : 0;
    this.#entries = null;
  }

  /** Keeps those whose hash and time say so. */
  filter(keeps: (hash: number, timeMs: number) => boolean): void {
    const numbers = this.#numbers;
    let kept = 0;
    for (let at = 0; at < WIDTH * this.#length; at += WIDTH) {
      if (!keeps(numbers[at]!, numbers[at + 2]!)) continue;
      numbers.copyWithin(kept, at, at + WIDTH);
      kept += WIDTH;
    }
    this.#length = kept / WIDTH;
    this.#entries = null;
  }

  /** A copy that can leave the thread. */
  columns(): Float64Array {
    return this.#numbers.slice(0, WIDTH * this.#length);
  }

  /** The entries; the same objects until something changes. */
  get entries(): readonly JoinEntry[] {
    return (this.#entries ??= [...eachEntry(this.#numbers, WIDTH * this.#length)]);
  }
}

/** The entries of a side's columns. */
export function* eachEntry(numbers: Float64Array, end = numbers.length): Generator<JoinEntry> {
  for (let at = 0; at < end; at += WIDTH) {
    yield {
      hash: numbers[at]!,
      bareHash: numbers[at + 1]!,
      timeMs: numbers[at + 2]!,
      durationMs: numbers[at + 3]!,
      connection: numbers[at + 4]!,
      upstream: numbers[at + 5]!,
      peer: numbers[at + 6]!,
      reason: numbers[at + 7]!,
      code: numbers[at + 8]!,
      status: numbers[at + 9]!,
      impliedStatus: numbers[at + 10]!,
      masked: numbers[at + 11] === 1,
    };
  }
}
