// Counts by two numbers, in a memory that WebAssembly can add to: wasm-tally.ts finds and makes cells as this does.

/** Where a table lies, and how large it is. */
export interface PairSpec {
  /** A multiple of eight. */
  readonly at: number;
  /** Cells there is room for. */
  readonly cells: number;
  /** Counts in a cell. */
  readonly width: number;
}

/** Numbers at the head of a table, by offset: addresses are bytes from the memory's beginning. */
export const PAIR = {
  /** Bins are 2^shift seconds wide. */
  shift: 0,
  /** Grows whenever cells move: a place remembered before is void then. */
  epoch: 4,
  mask: 8,
  first: 12,
  second: 16,
  counts: 20,
  /** Bytes of a cell's counts. */
  cellBytes: 24,
  /** Cells held, and how many there may be before it is not WebAssembly's business any more. */
  count: 28,
  most: 32,
  slots: 40,
} as const;

/** A power of two, twice the cells at least. */
function slotsFor(cells: number): number {
  return 2 ** Math.ceil(Math.log2(2 * cells));
}

/** Bytes that a table takes. */
export function pairBytes({ cells, width }: Omit<PairSpec, "at">): number {
  return (PAIR.slots + 4 * (slotsFor(cells) + cells * (2 + width)) + 7) & -8;
}

/** A hash table of (number, bin) → counts. */
export class PairTable {
  first: Int32Array;
  second: Uint32Array;
  counts: Uint32Array;
  readonly #width: number;
  readonly #head: Uint32Array;
  /** The cell in each slot plus one; 0 for none. */
  #slots: Int32Array;

  /** @param buffer zeros where the table is to be. */
  constructor(buffer: ArrayBuffer, { at, cells, width }: PairSpec) {
    const slots = slotsFor(cells);
    const first = at + PAIR.slots + 4 * slots;
    const second = first + 4 * cells;
    const counts = second + 4 * cells;
    this.#width = width;
    this.#head = new Uint32Array(buffer, at, PAIR.slots / 4);
    this.#head.set([0, 1, slots - 1, first, second, counts, 4 * width, 0, cells - 1]);
    this.#slots = new Int32Array(buffer, at + PAIR.slots, slots);
    this.first = new Int32Array(buffer, first, cells);
    this.second = new Uint32Array(buffer, second, cells);
    this.counts = new Uint32Array(buffer, counts, cells * width);
  }

  /** Cells held. */
  get count(): number {
    return this.#head[PAIR.count / 4]!;
  }

  get shift(): number {
    return this.#head[PAIR.shift / 4]!;
  }

  /** The cell of two numbers, made with zeros at first sight. */
  cell(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(first, second) & mask;
    for (let cell; (cell = this.#slots[slot]! - 1) >= 0; slot = (slot + 1) & mask)
      if (this.second[cell] === second && this.first[cell] === first) return cell;
    const cell = this.count;
    if (cell === this.first.length) {
      this.#moveOut();
      return this.cell(first, second);
    }
    this.first[cell] = first;
    this.second[cell] = second;
    this.#slots[slot] = cell + 1;
    this.#head[PAIR.count / 4] = cell + 1;
    return cell;
  }

  /** Drops all cells; bins are 2^shift seconds wide from now on. */
  clear(shift: number): void {
    this.counts.fill(0, 0, this.count * this.#width);
    this.#slots.fill(0);
    this.#head[PAIR.count / 4] = 0;
    this.#head[PAIR.shift / 4] = shift;
    this.#head[PAIR.epoch / 4]!++;
  }

  /** More upstreams than anybody planned for: arrays of their own, twice as long, that WebAssembly does not know. */
  #moveOut(): void {
    const { first, second, counts } = this;
    this.#slots.fill(0);
    this.#head[PAIR.epoch / 4]!++;
    this.#head[PAIR.most / 4] = 0;
    this.#slots = new Int32Array(2 * this.#slots.length);
    this.first = new Int32Array(2 * first.length);
    this.second = new Uint32Array(2 * second.length);
    this.counts = new Uint32Array(2 * counts.length);
    this.#head[PAIR.count / 4] = 0;
    for (let cell = 0; cell < first.length; cell++) this.cell(first[cell]!, second[cell]!);
    this.counts.set(counts);
  }
}

function hash(first: number, second: number): number {
  const h = Math.imul(second, 0x9e3779b1) ^ Math.imul(first + 1, 0x85ebca6b);
  return h ^ (h >>> 15);
}
