// How long requests took, per pool and second: counts in buckets half an octave wide.
//
// Bounded like traffic-table.ts: bins double their width when there are too many cells.
import { LATENCY_BUCKETS } from "./summary.ts";

/** Seconds in the narrowest bin. */
export const LATENCY_STEP = 1;
/** At this width one bin holds all times since the epoch: widening further saves nothing. */
const WIDEST = 28;
/** Cells held before bins double. */
const LATENCY_LIMIT = 1 << 13;

const SMALL = 4096;
const bucketOfSmall = new Uint8Array(SMALL).map((_, ms) => exactBucket(ms));

function exactBucket(ms: number): number {
  if (ms < 1) return 0;
  const octave = 31 - Math.clz32(ms);
  // The upper half of an octave begins at sqrt(2) times its start.
  const half = ms >= Math.ceil(2 ** (octave + 0.5)) ? 1 : 0;
  return Math.min(LATENCY_BUCKETS - 1, 2 * octave + half);
}

/** The bucket of a duration in whole ms. */
function latencyBucket(ms: number): number {
  return ms < SMALL ? bucketOfSmall[ms]! : exactBucket(ms > 0x7fffffff ? 0x7fffffff : ms);
}

/** The table as plain columns, for leaving the thread. */
export interface LatencyColumns {
  readonly shift: number;
  readonly upstream: Uint32Array;
  readonly bin: Uint32Array;
  /** `LATENCY_BUCKETS` counts for each cell. */
  readonly counts: Uint32Array;
}

/** A table of (pool row, bin) → counts per bucket. */
export class LatencyTable {
  readonly #limit: number;
  /** Bins are LATENCY_STEP × 2^shift seconds wide. */
  shift = 0;
  #cells = new Map<number, number>();
  #upstream = new Uint32Array(64);
  #bin = new Uint32Array(64);
  #counts = new Uint32Array(64 * LATENCY_BUCKETS);
  /** The cell each upstream was in last, and where its counts begin. */
  #lastBin: number[] = [];
  #lastStart: number[] = [];

  constructor(limit = LATENCY_LIMIT) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#cells.size;
  }

  /** One request of a pool row that took `ms`. */
  add(upstream: number, second: number, ms: number): void {
    const bin = Math.floor(second / (LATENCY_STEP * 2 ** this.shift));
    if (this.#lastBin[upstream] === bin) {
      this.#counts[this.#lastStart[upstream]! + latencyBucket(ms)]!++;
    } else {
      const start = this.#find(upstream, bin);
      this.#counts[start + latencyBucket(ms)]!++;
      this.#bound();
    }
  }

  /** Adds another table's cells under this table's upstream numbers. */
  addColumns(columns: LatencyColumns, upstreamOf: (upstream: number) => number): void {
    this.coarsen(columns.shift);
    for (let cell = 0; cell < columns.upstream.length; cell++) {
      const second = columns.bin[cell]! * LATENCY_STEP * 2 ** columns.shift;
      const bin = Math.floor(second / (LATENCY_STEP * 2 ** this.shift));
      this.#addCell(upstreamOf(columns.upstream[cell]!), bin, columns.counts, cell);
      this.#bound();
    }
  }

  /** Widens the bins to 2^shift steps. */
  coarsen(shift: number): void {
    while (this.shift < shift || (this.#cells.size > this.#limit && this.shift < WIDEST)) {
      const { shift: before, upstream, bin, counts } = this.columns();
      this.shift = Math.max(shift, before + 1);
      this.#cells = new Map();
      this.#lastBin = [];
      this.#counts.fill(0);
      for (let cell = 0; cell < upstream.length; cell++) {
        const wide = Math.floor(bin[cell]! / 2 ** (this.shift - before));
        this.#addCell(upstream[cell]!, wide, counts, cell);
      }
    }
  }

  /** A copy of all cells, in no particular order. */
  columns(): LatencyColumns {
    const { size } = this.#cells;
    return {
      shift: this.shift,
      upstream: this.#upstream.slice(0, size),
      bin: this.#bin.slice(0, size),
      counts: this.#counts.slice(0, size * LATENCY_BUCKETS),
    };
  }

  #bound(): void {
    if (this.#cells.size > this.#limit) this.coarsen(Math.min(WIDEST, this.shift + 1));
  }

  #addCell(upstream: number, bin: number, counts: Uint32Array, cell: number): void {
    const into = this.#find(upstream, bin);
    const from = cell * LATENCY_BUCKETS;
    for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++)
      this.#counts[into + bucket]! += counts[from + bucket]!;
  }

  /** Where the counts of a cell begin. */
  #find(upstream: number, bin: number): number {
    const key = upstream * 2 ** 32 + bin;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = this.#cells.size;
      if (cell === this.#upstream.length) this.#grow();
      this.#cells.set(key, cell);
      this.#upstream[cell] = upstream;
      this.#bin[cell] = bin;
    }
    this.#lastBin[upstream] = bin;
    return (this.#lastStart[upstream] = cell * LATENCY_BUCKETS);
  }

  #grow(): void {
    const [upstream, bin, counts] = [this.#upstream, this.#bin, this.#counts].map((old) => {
      const larger = new Uint32Array(old.length * 2);
      larger.set(old);
      return larger;
    });
    this.#upstream = upstream!;
    this.#bin = bin!;
    this.#counts = counts!;
  }
}
