// The input of burst detection: one key's requests and failures per bin of time.

/** Requests and failures of one key over time; columns of equal length, ordered by time. */
export interface Series {
  /** Width of a bin in ms. */
  readonly stepMs: number;
  /** Start of each bin, ms since the epoch. */
  readonly time: Float64Array;
  /** Requests (attempts) and failures among them; d >= r. */
  readonly d: Float64Array;
  readonly r: Float64Array;
  /** First and last moment of a failure in the bin; only meaningful where r > 0. */
  readonly minErr: Float64Array;
  readonly maxErr: Float64Array;
  /** Where nobody counted the requests: one virtual success for every second of this span. */
  readonly virtual: { readonly from: number; readonly to: number } | null;
}
