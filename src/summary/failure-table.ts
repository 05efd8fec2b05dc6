// Failures per upstream, second, reason, code and status, with the exact moments of the first and the last.
// Longer than most files: its columns, how cells are found in them and how they are merged share the same arrays.
//
// Bounded like traffic-table.ts: seconds double their width when there are too many cells.

/** Cells held before seconds double. */
const FAILURE_LIMIT = 1 << 16;
/** At this width one bin holds all times since the epoch: widening further saves nothing. */
const WIDEST = 31;

/** One cell's place and counts; times in ms. */
export interface FailureRow {
  readonly upstream: number;
  /** Bin number; a bin is 2^shift seconds. */
  readonly bin: number;
  readonly reason: number;
  readonly code: number;
  readonly status: number;
  readonly uncounted: number;
  readonly visible: number;
  readonly masked: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly firstStartMs: number;
}

/** The table as plain columns, for leaving the thread: what a {@link FailureRow} names, for each cell. */
export interface FailureColumns {
  readonly shift: number;
  readonly upstream: Uint32Array;
  readonly bin: Uint32Array;
  readonly reason: Uint32Array;
  readonly code: Uint32Array;
  readonly status: Uint32Array;
  readonly uncounted: Uint32Array;
  readonly visible: Uint32Array;
  readonly masked: Uint32Array;
  readonly firstMs: Float64Array;
  readonly lastMs: Float64Array;
  readonly firstStartMs: Float64Array;
}

const KEY = 6;
const COUNTS = 2;
const TIMES = 3;

/** A hash table over six integers. */
export class FailureTable {
  readonly #limit: number;
  shift = 0;
  #count = 0;
  #hasUncounted = false;
  #slots = new Int32Array(1024).fill(-1);
  /** upstream, bin, reason, code, status, uncounted – for each cell. */
  #keys = new Uint32Array(KEY * 512);
  #counts = new Uint32Array(COUNTS * 512);
  #times = new Float64Array(TIMES * 512);

  constructor(limit = FAILURE_LIMIT) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#count;
  }

  /** Whether any cell is of failures whose requests no access log counted. */
  get hasUncounted(): boolean {
    return this.#hasUncounted;
  }

  /** Adds `visible` and `masked` failures logged between `firstMs` and `lastMs` in the second of `firstMs`. */
  add(
    upstream: number,
    second: number,
    reason: number,
    code: number,
    status: number,
    uncounted: number,
    visible: number,
    masked: number,
    firstMs: number,
    lastMs: number,
    firstStartMs: number,
  ): void {
    const cell = this.#cell(upstream, second >>> this.shift, reason, code, status, uncounted);
    const counts = this.#counts;
    const times = this.#times;
    counts[COUNTS * cell]! += visible;
    counts[COUNTS * cell + 1]! += masked;
    const at = TIMES * cell;
    if (firstMs < times[at]!) times[at] = firstMs;
    if (lastMs > times[at + 1]!) times[at + 1] = lastMs;
    if (firstStartMs < times[at + 2]!) times[at + 2] = firstStartMs;
    if (this.#count > this.#limit) this.coarsen(Math.min(WIDEST, this.shift + 1));
  }

  /** Widens the bins to 2^shift seconds. */
  coarsen(shift: number): void {
    while (this.shift < shift || (this.#count > this.#limit && this.shift < WIDEST)) {
      const old = this.columns();
      this.shift += Math.max(1, shift - this.shift);
      this.#count = 0;
      this.#slots.fill(-1);
      const same = (number: number): number => number;
      this.#addAll(old, same, same);
    }
  }

  /** Adds another table's cells, under this table's upstream and code numbers. */
  addColumns(
    columns: FailureColumns,
    upstreamOf: (upstream: number) => number,
    codeOf: (code: number) => number,
  ): void {
    this.coarsen(columns.shift);
    this.#addAll(columns, upstreamOf, codeOf);
  }

  #addAll(
    from: FailureColumns,
    upstreamOf: (upstream: number) => number,
    codeOf: (code: number) => number,
  ): void {
    for (let cell = 0; cell < from.upstream.length; cell++) {
      this.add(
        upstreamOf(from.upstream[cell]!),
        from.bin[cell]! * 2 ** from.shift,
        from.reason[cell]!,
        codeOf(from.code[cell]!),
        from.status[cell]!,
        from.uncounted[cell]!,
        from.visible[cell]!,
        from.masked[cell]!,
        from.firstMs[cell]!,
        from.lastMs[cell]!,
        from.firstStartMs[cell]!,
      );
    }
  }

  /** A copy of all cells, in no particular order. */
  columns(): FailureColumns {
    const size = this.#count;
    const key = (at: number): Uint32Array => column(this.#keys, KEY, at, new Uint32Array(size));
    const count = (at: number): Uint32Array =>
      column(this.#counts, COUNTS, at, new Uint32Array(size));
    const time = (at: number): Float64Array =>
      column(this.#times, TIMES, at, new Float64Array(size));
    return {
      shift: this.shift,
      upstream: key(0),
      bin: key(1),
      reason: key(2),
      code: key(3),
      status: key(4),
      uncounted: key(5),
      visible: count(0),
      masked: count(1),
      firstMs: time(0),
      lastMs: time(1),
      firstStartMs: time(2),
    };
  }

  /** All cells, in no particular order. */
  rows(): FailureRow[] {
    const columns = this.columns();
    return Array.from(columns.upstream, (upstream, cell) => ({
      upstream,
      bin: columns.bin[cell]!,
      reason: columns.reason[cell]!,
      code: columns.code[cell]!,
      status: columns.status[cell]!,
      uncounted: columns.uncounted[cell]!,
      visible: columns.visible[cell]!,
      masked: columns.masked[cell]!,
      firstMs: columns.firstMs[cell]!,
      lastMs: columns.lastMs[cell]!,
      firstStartMs: columns.firstStartMs[cell]!,
    }));
  }

  #cell(
    upstream: number,
    bin: number,
    reason: number,
    code: number,
    status: number,
    uncounted: number,
  ): number {
    const mask = this.#slots.length - 1;
    const keys = this.#keys;
    let slot = hash(upstream, bin, reason, code, status, uncounted) & mask;
    for (;;) {
      const cell = this.#slots[slot]!;
      if (cell < 0) break;
      const key = KEY * cell;
      if (
        keys[key + 1] === bin &&
        keys[key] === upstream &&
        keys[key + 2] === reason &&
        keys[key + 3] === code &&
        keys[key + 4] === status &&
        keys[key + 5] === uncounted
      ) {
        return cell;
      }
      slot = (slot + 1) & mask;
    }
    if (KEY * (this.#count + 1) > keys.length) this.#grow();
    const cell = this.#count++;
    const key = KEY * cell;
    this.#keys[key] = upstream;
    this.#keys[key + 1] = bin;
    this.#keys[key + 2] = reason;
    this.#keys[key + 3] = code;
    this.#keys[key + 4] = status;
    this.#keys[key + 5] = uncounted;
    if (uncounted === 1) this.#hasUncounted = true;
    this.#counts[COUNTS * cell] = 0;
    this.#counts[COUNTS * cell + 1] = 0;
    const at = TIMES * cell;
    this.#times[at] = this.#times[at + 2] = Infinity;
    this.#times[at + 1] = -Infinity;
    this.#slots[slot] = cell;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return cell;
  }

  #grow(): void {
    const keys = new Uint32Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
    const counts = new Uint32Array(this.#counts.length * 2);
    counts.set(this.#counts);
    this.#counts = counts;
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    const keys = this.#keys;
    for (let cell = 0; cell < this.#count; cell++) {
      const k = KEY * cell;
      let slot =
        hash(keys[k]!, keys[k + 1]!, keys[k + 2]!, keys[k + 3]!, keys[k + 4]!, keys[k + 5]!) & mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = cell;
    }
  }
}

/** Fills `into` with every `width`-th value from `at` on. */
function column<T extends Uint32Array | Float64Array>(
  of: T,
  width: number,
  at: number,
  into: T,
): T {
  for (let cell = 0; cell < into.length; cell++) into[cell] = of[width * cell + at]!;
  return into;
}

function hash(
  upstream: number,
  bin: number,
  reason: number,
  code: number,
  status: number,
  uncounted: number,
): number {
  let h = Math.imul(bin, 0x9e3779b1) ^ Math.imul(upstream + 1, 0x85ebca6b);
  h ^= Math.imul(code + 11, 0xc2b2ae35) ^ Math.imul(reason * 1024 + status + uncounted, 0x27d4eb2f);
  h ^= h >>> 15;
  return h;
}
