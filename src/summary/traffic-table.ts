// Requests per upstream and time bin: the cell every line touches.
//
// Bounded without regard to order: when more than `limit` cells are held, all bins double their width. The width in the end
// is the smallest at which the whole log fits, whatever was read first, so it merges like a sum (algorithms.md §4.2, the
// argument of the adaptive key sample applied to time).

/** Cells held before bins double. */
const TRAFFIC_LIMIT = 1 << 17;

/** The table as plain columns, for leaving the thread. */
export interface TrafficColumns {
  readonly shift: number;
  readonly upstream: Int32Array;
  readonly bin: Uint32Array;
  readonly requests: Uint32Array;
  readonly retried: Uint32Array;
  readonly unlisted: Uint32Array;
}

/** A hash table of (upstream, bin) → requests, and earlier tries, listed at their peers or only counted. */
export class TrafficTable {
  readonly #limit: number;
  /** Bins are 2^shift seconds wide. */
  shift = 0;
  #count = 0;
  #slots = new Int32Array(4096).fill(-1);
  #upstream = new Int32Array(2048);
  #bin = new Uint32Array(2048);
  #requests = new Uint32Array(2048);
  #retried = new Uint32Array(2048);
  #unlisted = new Uint32Array(2048);
  /** The cell each upstream was in last: lines come nearly in order of time. */
  #lastBin = new Float64Array(64).fill(-1);
  #lastCell = new Int32Array(64);

  constructor(limit = TRAFFIC_LIMIT) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#count;
  }

  /** One request of an upstream; `second` counts from the epoch and is below 2^32. */
  add(upstream: number, second: number, unlisted: number): void {
    const bin = second >>> this.shift;
    if (unlisted === 0 && this.#lastBin[upstream] === bin) {
      this.#requests[this.#lastCell[upstream]!]!++;
      return;
    }
    this.put(upstream, second, 1, 0, unlisted);
  }

  /** Adds counts to the cell of `second`. */
  put(upstream: number, second: number, requests: number, retried: number, unlisted: number): void {
    const cell = this.#cell(upstream, second >>> this.shift);
    this.#requests[cell]! += requests;
    this.#retried[cell]! += retried;
    this.#unlisted[cell]! += unlisted;
    if (this.#count > this.#limit) this.coarsen(this.shift + 1);
  }

  /** Widens the bins to 2^shift seconds. */
  coarsen(shift: number): void {
    while (this.shift < shift || this.#count > this.#limit) {
      const by = Math.max(1, shift - this.shift);
      const old = this.columns();
      this.shift += by;
      this.#count = 0;
      this.#slots.fill(-1);
      this.#lastBin.fill(-1);
      for (let at = 0; at < old.upstream.length; at++) {
        const cell = this.#cell(old.upstream[at]!, old.bin[at]! >>> by);
        this.#requests[cell]! += old.requests[at]!;
        this.#retried[cell]! += old.retried[at]!;
        this.#unlisted[cell]! += old.unlisted[at]!;
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
    const count = this.#count;
    return {
      shift: this.shift,
      upstream: this.#upstream.slice(0, count),
      bin: this.#bin.slice(0, count),
      requests: this.#requests.slice(0, count),
      retried: this.#retried.slice(0, count),
      unlisted: this.#unlisted.slice(0, count),
    };
  }

  #cell(upstream: number, bin: number): number {
    if (upstream >= this.#lastBin.length) this.#growUpstreams(upstream);
    const mask = this.#slots.length - 1;
    let slot = hash(upstream, bin) & mask;
    for (;;) {
      const cell = this.#slots[slot]!;
      if (cell < 0) break;
      if (this.#bin[cell] === bin && this.#upstream[cell] === upstream) {
        this.#lastBin[upstream] = bin;
        this.#lastCell[upstream] = cell;
        return cell;
      }
      slot = (slot + 1) & mask;
    }
    if (this.#count === this.#upstream.length) this.#growCells();
    const cell = this.#count++;
    this.#upstream[cell] = upstream;
    this.#bin[cell] = bin;
    this.#requests[cell] = 0;
    this.#retried[cell] = 0;
    this.#unlisted[cell] = 0;
    this.#slots[slot] = cell;
    this.#lastBin[upstream] = bin;
    this.#lastCell[upstream] = cell;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return cell;
  }

  #growUpstreams(upstream: number): void {
    const length = Math.max(upstream + 1, this.#lastBin.length * 2);
    const bins = new Float64Array(length).fill(-1);
    bins.set(this.#lastBin);
    const cells = new Int32Array(length);
    cells.set(this.#lastCell);
    this.#lastBin = bins;
    this.#lastCell = cells;
  }

  #growCells(): void {
    const length = this.#upstream.length * 2;
    const upstream = new Int32Array(length);
    upstream.set(this.#upstream);
    this.#upstream = upstream;
    const columns = [this.#bin, this.#requests, this.#retried, this.#unlisted];
    const [bin, requests, retried, unlisted] = columns.map((old) => {
      const larger = new Uint32Array(length);
      larger.set(old);
      return larger;
    });
    this.#bin = bin!;
    this.#requests = requests!;
    this.#retried = retried!;
    this.#unlisted = unlisted!;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let cell = 0; cell < this.#count; cell++) {
      let slot = hash(this.#upstream[cell]!, this.#bin[cell]!) & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = cell;
    }
  }
}

function hash(upstream: number, bin: number): number {
  let h = Math.imul(bin, 0x9e3779b1) ^ Math.imul(upstream + 1, 0x85ebca6b);
  h ^= h >>> 15;
  return h;
}
