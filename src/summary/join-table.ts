// Both sides of nginx's two logs, bounded: entries whose key hash begins with `level` zero bits are kept, exactly.
//
// An adaptive key sample (algorithms.md §4.2): both sides share the key, so whatever is kept of one side is kept of the
// other, and what is found among the kept ones counts 2^level times. The minute belongs to the key, for one client with one
// request (a balancer's, a health check's) may be most of a log; what is torn apart at a minute's end is lost to the sample only.
import type { JoinEntry } from "./join-entry.ts";
import { JoinSide } from "./join-side.ts";

/** Entries per side before the level rises. */
const JOIN_LIMIT = 1 << 16;
const HIGHEST_LEVEL = 31;

/** The access side and the error side under one level. */
export class JoinTable {
  readonly #limit: number;
  level = 0;
  readonly requests = new JoinSide();
  readonly errors = new JoinSide();

  constructor(limit = JOIN_LIMIT) {
    this.#limit = limit;
  }

  /** Adds an entry to a side, one that it {@link keeps}. */
  add(side: "requests" | "errors", entry: JoinEntry): void {
    this[side].add(entry);
    this.shrink();
  }

  /** Whether an entry with this key would be kept now. */
  keeps(hash: number, timeMs: number): boolean {
    return this.level === 0 || sampleKey(hash, timeMs) >>> (32 - this.level) === 0;
  }

  /** Raises the level to at least `level`, and until both sides fit. */
  shrink(level = this.level): void {
    while (
      this.level < level ||
      (this.level < HIGHEST_LEVEL &&
        (this.requests.length > this.#limit || this.errors.length > this.#limit))
    ) {
      this.level++;
      for (const side of [this.requests, this.errors])
        side.filter((hash, timeMs) => this.keeps(hash, timeMs));
    }
  }
}

function sampleKey(hash: number, timeMs: number): number {
  let key = hash ^ Math.imul(Math.floor(timeMs / 60_000), 0x9e3779b1);
  key = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  return (key ^ (key >>> 13)) >>> 0;
}
