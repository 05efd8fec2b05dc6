// How long requests took, per pool and second: counts in buckets half an octave wide.
//
// Bounded like traffic-table.ts: bins double their width when there are too many cells.
import { LATENCY_BUCKETS, LATENCY_CELLS, latencyBucket, type PairTable } from "../grammar/index.ts";

/** At this width one bin holds all times since the epoch: widening further saves nothing. */
const WIDEST = 28;

/** The table as plain columns, for leaving the thread. */
export interface LatencyColumns {
  readonly shift: number;
  readonly upstream: Int32Array;
  readonly bin: Uint32Array;
  /** `LATENCY_BUCKETS` counts for each cell. */
  readonly counts: Uint32Array;
}

/** A table of (pool row, bin) → counts per bucket. */
export class LatencyTable {
  readonly #limit: number;
  readonly #cells: PairTable;

  constructor(cells: PairTable, limit = LATENCY_CELLS) {
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

  /** One request of a pool row that took `ms`. */
  add(upstream: number, second: number, ms: number): void {
    const cell = this.#cells.cell(upstream, second >>> this.shift);
    this.#cells.counts[cell * LATENCY_BUCKETS + latencyBucket(ms)]!++;
    this.#bound();
  }

  /** Adds another table's cells under this table's upstream numbers. */
  addColumns(columns: LatencyColumns, upstreamOf: (upstream: number) => number): void {
    this.coarsen(columns.shift);
    for (let cell = 0; cell < columns.upstream.length; cell++) {
      const second = columns.bin[cell]! * 2 ** columns.shift;
      this.#addCell(upstreamOf(columns.upstream[cell]!), second >>> this.shift, columns, cell);
      this.#bound();
    }
  }

  /** Widens the bins to 2^shift seconds. */
  coarsen(shift: number): void {
    while (this.shift < shift || (this.size > this.#limit && this.shift < WIDEST)) {
      const old = this.columns();
      const by = Math.max(1, shift - this.shift);
      this.#cells.clear(this.shift + by);
      for (let cell = 0; cell < old.upstream.length; cell++)
        this.#addCell(old.upstream[cell]!, old.bin[cell]! >>> by, old, cell);
    }
  }

  /** A copy of all cells, in no particular order. */
  columns(): LatencyColumns {
    const { first, second, counts, count } = this.#cells;
    return {
      shift: this.shift,
      upstream: first.slice(0, count),
      bin: second.slice(0, count),
      counts: counts.slice(0, count * LATENCY_BUCKETS),
    };
  }

  #bound(): void {
    if (this.size > this.#limit) this.coarsen(Math.min(WIDEST, this.shift + 1));
  }

  #addCell(upstream: number, bin: number, { counts }: LatencyColumns, cell: number): void {
    const into = this.#cells.cell(upstream, bin) * LATENCY_BUCKETS;
    const from = cell * LATENCY_BUCKETS;
    for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++)
      this.#cells.counts[into + bucket]! += counts[from + bucket]!;
  }
}
