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

/** One cell for leaving the thread. */
export interface LatencyRow {
  readonly upstream: number;
  readonly bin: number;
  readonly counts: Uint32Array;
}

/** A table of (pool row, bin) → counts per bucket. */
export class LatencyTable {
  readonly #limit: number;
  /** Bins are LATENCY_STEP × 2^shift seconds wide. */
  shift = 0;
  #cells = new Map<number, Uint32Array>();
  #lastBin: number[] = [];
  #lastCounts: Uint32Array[] = [];

  constructor(limit = LATENCY_LIMIT) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#cells.size;
  }

  /** One request of a pool row that took `ms`. */
  add(upstream: number, second: number, ms: number): void {
    const bin = Math.floor(second / (LATENCY_STEP * 2 ** this.shift));
    if (this.#lastBin[upstream] === bin) this.#lastCounts[upstream]![latencyBucket(ms)]!++;
    else {
      this.#find(upstream, bin)[latencyBucket(ms)]!++;
      this.#bound();
    }
  }

  /** Adds another table's cell whose bins are 2^shift steps wide. */
  addRow(row: LatencyRow, shift: number, upstream: number, offsetSeconds = 0): void {
    this.coarsen(shift);
    const second = row.bin * LATENCY_STEP * 2 ** shift - offsetSeconds;
    const counts = this.#find(upstream, Math.floor(second / (LATENCY_STEP * 2 ** this.shift)));
    for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) counts[bucket]! += row.counts[bucket]!;
    this.#bound();
  }

  /** Widens the bins to 2^shift steps. */
  coarsen(shift: number): void {
    while (this.shift < shift || (this.#cells.size > this.#limit && this.shift < WIDEST)) {
      const rows = this.rows();
      const old = this.shift;
      this.shift = Math.max(shift, old + 1);
      this.#cells = new Map();
      this.#lastBin = [];
      for (const row of rows) {
        const counts = this.#find(row.upstream, Math.floor(row.bin / 2 ** (this.shift - old)));
        for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++)
          counts[bucket]! += row.counts[bucket]!;
      }
    }
  }

  /** All cells, in no particular order. */
  rows(): LatencyRow[] {
    return [...this.#cells].map(([key, counts]) => ({
      upstream: Math.floor(key / 2 ** 32),
      bin: key % 2 ** 32,
      counts,
    }));
  }

  #bound(): void {
    if (this.#cells.size > this.#limit) this.coarsen(Math.min(WIDEST, this.shift + 1));
  }

  #find(upstream: number, bin: number): Uint32Array {
    const key = upstream * 2 ** 32 + bin;
    let counts = this.#cells.get(key);
    if (counts === undefined) {
      counts = new Uint32Array(LATENCY_BUCKETS);
      this.#cells.set(key, counts);
    }
    this.#lastBin[upstream] = bin;
    this.#lastCounts[upstream] = counts;
    return counts;
  }
}
