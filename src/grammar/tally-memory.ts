// What a thread counts for every line, in a memory that WebAssembly can add to: requests and durations per upstream and bin,
// answers by status, requests by proxy.
import { Gates } from "./gates.ts";
import { PairTable, pairBytes } from "./pair-table.ts";

/** Cells of requests, and of durations; one more is made before bins are widened. */
export const TRAFFIC_CELLS = 1 << 17;
export const LATENCY_CELLS = 1 << 13;
/** Durations are counted in buckets half an octave wide. */
export const LATENCY_BUCKETS = 48;
/** Counts in a cell of requests: those that ended here, earlier attempts here, earlier tries wherever they were. */
const TRAFFIC_WIDTH = 3;
export const STATUSES = 1000;
const PROXIES = 3;

const traffic = { cells: TRAFFIC_CELLS + 1, width: TRAFFIC_WIDTH };
const latency = { cells: LATENCY_CELLS + 1, width: LATENCY_BUCKETS };

/** Where things lie, by offset. */
export const TALLY = {
  /** For each octave, the first ms of its upper half. */
  halves: 0,
  requests: 128,
  /** Where what nobody asks for is counted. */
  nothing: 144,
  statuses: 192,
  gates: 4352,
  traffic: 8192,
  latency: 8192 + pairBytes(traffic),
} as const;
export const TALLY_BYTES = TALLY.latency + pairBytes(latency);

/** What requests that agree in all that decides count as. */
export interface Tally {
  /** Who answered in the end, and the pool. */
  readonly last: number;
  readonly pool: number;
  readonly status: number;
  readonly proxy: number;
  /** Whether the length of the client's address has a say in what is kept as a control. */
  readonly hasClient: boolean;
}

/** The counts of one thread. */
export class TallyMemory {
  readonly traffic: PairTable;
  readonly latency: PairTable;
  /** Answers by status 0–999. */
  readonly statuses: Uint32Array;
  /** Requests by proxy number. */
  readonly requests: Uint32Array;
  /** Where enough lines are kept as controls. */
  readonly gates: Gates;

  /** @param at where in the buffer, a multiple of eight. */
  constructor(buffer = new ArrayBuffer(TALLY_BYTES), at = 0) {
    this.traffic = new PairTable(buffer, { ...traffic, at: at + TALLY.traffic });
    this.latency = new PairTable(buffer, { ...latency, at: at + TALLY.latency });
    this.statuses = new Uint32Array(buffer, at + TALLY.statuses, STATUSES);
    this.requests = new Uint32Array(buffer, at + TALLY.requests, PROXIES);
    this.gates = new Gates(buffer, at + TALLY.gates);
    new Uint32Array(buffer, at + TALLY.halves, 32).set(HALVES);
  }
}

const HALVES = Array.from({ length: 32 }, (_, octave) => Math.ceil(2 ** (octave + 0.5)));

/** The bucket of a duration in ms: bucket i holds durations in [2^(i/2), 2^((i+1)/2)), the first also 0. */
export function latencyBucket(ms: number): number {
  const whole = Math.min(ms, 0x7fffffff) | 0;
  if (whole < 1) return 0;
  const octave = 31 - Math.clz32(whole);
  const half = whole >= HALVES[octave]! ? 1 : 0;
  return Math.min(LATENCY_BUCKETS - 1, 2 * octave + half);
}
