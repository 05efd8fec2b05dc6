// One chart of the burst detector: how much a bin speaks for a raised failing rate against the usual one.
//
// A chart with fixed rates and two barriers is Kleinberg's two-state automaton (reference/algorithms.md §2.3); the tests hold
// this against a brute-force Viterbi.
import { CONFIG } from "./config.ts";

/** What each failure adds and each success takes away (nats). */
export interface Chart {
  /** The failing rate it looks for. */
  readonly rate: number;
  /** ln(rate/p0): positive. */
  readonly gain: number;
  /** ln((1-rate)/(1-p0)): negative. */
  readonly loss: number;
}

/** The chart for a floor over a baseline: the floor, or `psi` times the baseline's odds where that is more. */
export function chartOf(p0: number, floor: number): Chart {
  const odds = Math.max(floor / (1 - floor), (CONFIG.psi * p0) / (1 - p0));
  const rate = odds / (1 + odds);
  return { rate, gain: Math.log(rate / p0), loss: Math.log((1 - rate) / (1 - p0)) };
}

/** What a bin of `requests`, of which `failures` failed, adds to a chart's sum. */
export function evidence({ gain, loss }: Chart, failures: number, requests: number): number {
  return failures * gain + (requests - failures) * loss;
}

/** Evidence needed to begin a burst when `keys` series are watched at once (nats). */
export function onThreshold(keys: number): number {
  const charts = CONFIG.floors.length;
  return Math.max(
    CONFIG.hOnLeast,
    Math.log(charts * Math.max(1, keys) * 86_400 * CONFIG.falseAlarmDays),
  );
}
