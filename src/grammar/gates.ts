// Which lines need not be offered as controls any more, in a memory that WebAssembly looks into: wasm-tally.ts asks it.

/** A gate, by offset: what it is for, and the largest hash that is still wanted there. */
export const GATE = {
  pool: 0,
  most: 4,
  /** From when to when, in ms. */
  from: 8,
  to: 16,
} as const;
const GATE_SHIFT = 5;
/** Pools share gates: each of them may only ever let too many lines pass. */
const GATE_COUNT = 64;
export const GATES_BYTES = GATE_COUNT << GATE_SHIFT;
export const GATE_PLACE = { shift: GATE_SHIFT, mask: GATE_COUNT - 1 } as const;

/** For each pool the stretch of time met last in which as many lines are kept as there may be. */
export class Gates {
  readonly #pools: Int32Array;
  readonly #most: Uint32Array;
  readonly #times: Float64Array;

  /** @param buffer zeros where the gates are to be. @param at a multiple of eight. */
  constructor(buffer: ArrayBuffer, at: number) {
    this.#pools = new Int32Array(buffer, at, GATES_BYTES / 4);
    this.#most = new Uint32Array(buffer, at, GATES_BYTES / 4);
    this.#times = new Float64Array(buffer, at, GATES_BYTES / 8);
  }

  /** Lines of a pool from one time to before another with a hash beyond `most` are not wanted any more. */
  close(pool: number, from: number, to: number, most: number): void {
    const at = (pool & GATE_PLACE.mask) << GATE_SHIFT;
    this.#pools[at / 4] = pool;
    this.#most[(at + GATE.most) / 4] = most;
    this.#times[(at + GATE.from) / 8] = from;
    this.#times[(at + GATE.to) / 8] = to;
  }
}
