// Requests per upstream and time bin: the cell every line touches.
//
// Bounded without regard to order: when more than `limit` cells are held, all bins double their width. The width in the end
// is the smallest at which the whole log fits, whatever was read first, so it merges like a sum (algorithms.md §4.2, the
// argument of the adaptive key sample applied to time).
import { TRAFFIC_CELLS, type PairTable } from "../grammar/index.ts";

/** The table as plain columns, for leaving the thread. */
export interface TrafficColumns {
  readonly shift: number;
  readonly upstream: Int32Array;
  readonly bin: Uint32Array;
  readonly requests: Uint32Array;
  readonly retried: Uint32Array;
  readonly unlisted: Uint32Array;
}

const REQUESTS = 0;
const RETRIED = 1;
const UNLISTED = 2;
const WIDTH = 3;

/** A table of (upstream, bin) → requests, and earlier tries, listed at their peers or only counted. */
export class TrafficTable {
  readonly #limit: number;
  readonly #cells: PairTable;

  constructor(cells: PairTable, limit = TRAFFIC_CELLS) {
    this.#cells = cells;
    this.#limit = limit;
  }

  get size(): number {
    return this.#cells.count;
  }

  /** Bins are 2^shift seconds wide. */
  get shift(): number {
    return this.#cells.shift;
  }

  /** One request of an upstream; `second` counts from the epoch and is below 2^32. */
  add(upstream: number, second: number, unlisted: number): void {
    this.put(upstream, second, 1, 0, unlisted);
  }

  /** Adds counts to the cell of `second`. */
  put(upstream: number, second: number, requests: number, retried: number, unlisted: number): void {
    this.#add(upstream, second >>> this.shift, requests, retried, unlisted);
    if (this.size > this.#limit) this.coarsen(this.shift + 1);
  }

  /** Widens the bins to 2^shift seconds. */
  coarsen(shift: number): void {
    while (this.shift < shift || this.size > this.#limit) {
      const by = Math.max(1, shift - this.shift);
      const old = this.columns();
      this.#cells.clear(this.shift + by);
      for (let at = 0; at < old.upstream.length; at++) {
        this.#add(
          old.upstream[at]!,
          old.bin[at]! >>> by,
          old.requests[at]!,
          old.retried[at]!,
          old.unlisted[at]!,
        );
      }
    }
  }

  /** Adds another table's cells under this table's upstream numbers. */
  addColumns(columns: TrafficColumns, upstreamOf: (upstream: number) => number): void {
    this.coarsen(columns.shift);
    for (let at = 0; at < columns.upstream.length; at++) {
      const second = columns.bin[at]! * 2 ** columns.shift;
      this.put(
        upstreamOf(columns.upstream[at]!),
        second,
        columns.requests[at]!,
        columns.retried[at]!,
        columns.unlisted[at]!,
      );
    }
  }

  /** A copy of all cells, in no particular order. */
  columns(): TrafficColumns {
    const { first, second, count } = this.#cells;
    const column = (of: number): Uint32Array => this.#column(of);
    return {
      shift: this.shift,
      upstream: first.slice(0, count),
      bin: second.slice(0, count),
      requests: column(REQUESTS),
      retried: column(RETRIED),
      unlisted: column(UNLISTED),
    };
  }

  #column(of: number): Uint32Array {
    const { counts, count } = this.#cells;
    const out = new Uint32Array(count);
    for (let cell = 0; cell < count; cell++) out[cell] = counts[WIDTH * cell + of]!;
    return out;
  }

  #add(upstream: number, bin: number, requests: number, retried: number, unlisted: number): void {
    const at = WIDTH * this.#cells.cell(upstream, bin);
    const { counts } = this.#cells;
    counts[at + REQUESTS]! += requests;
    counts[at + RETRIED]! += retried;
    counts[at + UNLISTED]! += unlisted;
  }
}
