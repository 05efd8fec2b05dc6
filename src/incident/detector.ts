// Finds bursts in one key's requests and failures: a bank of three CUSUM charts with a robust baseline.
// Longer than most files: charts, baseline and the burst being drawn share one state, which parts would have to hand about.
//
// Specified and measured in reference/algorithms.md §2.4. Work is done per bin that holds requests or failures; a bin
// without any is no evidence, and stretches of virtual successes are folded.
import { Baseline, blockOf } from "./baseline.ts";
import type { Series } from "./bins.ts";
import { chartOf, evidence, type Chart } from "./chart.ts";
import { CONFIG } from "./config.ts";

/** A stretch of a series in which failures stand above the baseline. Instants in ms, exact. */
export interface Burst {
  readonly start: number;
  readonly end: number;
  /** First and last bin number. */
  readonly first: number;
  readonly last: number;
  readonly failures: number;
  readonly requests: number;
  /** Log-likelihood ratio against the baseline (nats). */
  readonly score: number;
  /** The log begins with it. */
  readonly leftCensored: boolean;
  /** The log ends in it. */
  readonly ongoing: boolean;
  /** It lasted so long that it became the baseline. */
  readonly regimeShift: boolean;
}

/** What a detection needs to know beyond its series. */
export interface Watch {
  /** Evidence needed to begin (nats): see `onThreshold`. */
  readonly hOn: number;
  /** When the log that this series comes from begins (ms). */
  readonly dataStart: number;
}

/** All bursts of a series, in order. Pure. */
export function detect(series: Series, watch: Watch): Burst[] {
  const baseline = new Baseline(series, watch.dataStart);
  let bursts: Burst[] = [];
  for (let pass = 0; pass < CONFIG.passes; pass++) {
    if (pass > 0) baseline.leaveOut(bursts);
    bursts = new Scan(series, baseline, watch).run();
  }
  return bursts;
}

const CHARTS = CONFIG.floors.length;
const SECOND = 1000;

/** One pass over a series. */
class Scan {
  readonly #series: Series;
  readonly #baseline: Baseline;
  readonly #watch: Watch;
  readonly #bursts: Burst[] = [];
  readonly #sums = new Float64Array(CHARTS);
  /** Per chart: the bin behind its last zero. */
  readonly #zeros = new Int32Array(CHARTS);
  #isOn = false;
  #start = 0;
  #failures = 0;
  #requests = 0;
  /** Evidence that the burst is over, and the bin behind the last moment there was none. */
  #over = 0;
  #overZero = 0;
  #lastError = -1;
  #held = 0;
  /** Requests and failures since the held baseline was last compared with them. */
  #heldRequests = 0;
  #heldFailures = 0;
  #block = NaN;
  #p0 = 0;
  #charts: readonly Chart[] = [];

  constructor(series: Series, baseline: Baseline, watch: Watch) {
    this.#series = series;
    this.#baseline = baseline;
    this.#watch = watch;
  }

  run(): Burst[] {
    const { time, r, virtual } = this.#series;
    for (let at = 0; at < time.length; at++) {
      // Most of a series is quiet, and until the next failure nothing there can change.
      if (virtual === null && this.#isIdle()) {
        while (at < time.length && r[at] === 0) at++;
        if (at === time.length) break;
      }
      if (at > 0) this.#quiet(at, time[at - 1]! + this.#series.stepMs, time[at]!);
      this.#bin(at);
    }
    if (virtual !== null && time.length > 0) {
      this.#quiet(time.length, time[time.length - 1]! + this.#series.stepMs, virtual.to);
    }
    if (this.#isOn) this.#emit(this.#lastError, true, false);
    return this.#bursts;
  }

  /** Whether nothing speaks for a burst, and no held baseline is to be compared with what follows. */
  #isIdle(): boolean {
    const sums = this.#sums;
    return !this.#isOn && this.#held === 0 && sums[0] === 0 && sums[1] === 0 && sums[2] === 0;
  }

  /** The time between two bins: virtual successes where requests were not counted, else nothing at all. */
  #quiet(next: number, from: number, to: number): void {
    if (to <= from) return;
    const { virtual } = this.#series;
    if (virtual === null) {
      if (this.#isOn && to - from >= CONFIG.noDataCloseMs)
        this.#emit(this.#lastError, false, false);
      return;
    }
    const seconds = Math.round((Math.min(to, virtual.to) - Math.max(from, virtual.from)) / SECOND);
    if (seconds <= 0) return;
    // A burst ends within a few thousand virtual successes; what is left is folded into one step.
    let left = seconds;
    while (this.#isOn && left > 0) {
      this.#whileOn(next, 0, 1);
      left--;
    }
    if (!this.#isOn && left > 0) this.#whileOff(next, 0, left);
  }

  #bin(at: number): void {
    const d = this.#series.d[at]!;
    const r = this.#series.r[at]!;
    if (d === 0) return;
    const block = blockOf(this.#series.time[at]!);
    if (block !== this.#block) this.#enter(block);
    if (r > 0) this.#lastError = at;
    if (this.#isOn) this.#whileOn(at, r, d);
    else this.#whileOff(at, r, d);
  }

  #enter(block: number): void {
    if (this.#held > 0 && !Number.isNaN(this.#block)) {
      const { d, r } = this.#baseline.totals(this.#block);
      this.#heldRequests += d;
      this.#heldFailures += r;
      const expected = this.#heldRequests * this.#held;
      if (expected >= CONFIG.regimeExpected) {
        if (this.#heldFailures < expected / CONFIG.regimeRelease) this.#held = 0;
        this.#heldRequests = this.#heldFailures = 0;
      }
    }
    this.#block = block;
    this.#p0 = NaN;
  }

  /** The baseline here; asked for only when there is something to judge. */
  #judge(): void {
    if (!Number.isNaN(this.#p0)) return;
    this.#p0 = Math.min(
      CONFIG.baselineMost,
      Math.max(this.#baseline.rate(this.#block), this.#held),
    );
    this.#charts = CONFIG.floors.map((floor) => chartOf(this.#p0, floor));
  }

  #whileOff(at: number, r: number, d: number): void {
    const sums = this.#sums;
    if (r === 0 && sums[0] === 0 && sums[1] === 0 && sums[2] === 0) return;
    this.#judge();
    let start = -1;
    for (let j = 0; j < CHARTS; j++) {
      const before = sums[j]!;
      const sum = before + evidence(this.#charts[j]!, r, d);
      if (before === 0 && sum > 0) this.#zeros[j] = at;
      sums[j] = Math.max(0, sum);
      if (sum >= this.#watch.hOn && r > 0) start = Math.max(start, this.#zeros[j]!);
    }
    if (start >= 0) this.#begin(start, at);
  }

  #begin(from: number, at: number): void {
    const { d, r } = this.#series;
    let failures = 0;
    for (let k = from; k <= at; k++) failures += r[k]!;
    if (failures < CONFIG.minErrors) return;
    this.#start = this.#sharpest(from, at);
    this.#isOn = true;
    this.#failures = this.#requests = this.#over = 0;
    this.#overZero = this.#start;
    for (let k = this.#start; k <= at; k++) {
      if (this.#isOn) this.#whileOn(k, r[k]!, d[k]!);
      else this.#whileOff(k, r[k]!, d[k]!);
    }
  }

  /** The failing bin from which on the burst stands out most: an isolated failure long before it is not its start. */
  #sharpest(from: number, to: number): number {
    const { d, r } = this.#series;
    let best = to;
    let most = -Infinity;
    let failures = 0;
    let requests = 0;
    for (let k = to; k >= from; k--) {
      failures += r[k]!;
      requests += d[k]!;
      if (r[k] === 0) continue;
      const score = likelihood(failures, requests, this.#p0);
      // Of two that explain as much the earlier one is the start.
      if (score >= most && failures >= CONFIG.minErrors) {
        most = score;
        best = k;
      }
    }
    return best;
  }

  #whileOn(at: number, r: number, d: number): void {
    this.#judge();
    // Over all bins since the start: adding up only while there is no evidence of an end overestimates the rate.
    this.#failures += r;
    this.#requests += d;
    const least = this.#charts[0]!.rate;
    const rate = Math.min(
      CONFIG.rateMost,
      Math.max(least, (this.#failures + 0.5) / (this.#requests + 1)),
    );
    const over = (d - r) * Math.log((1 - this.#p0) / (1 - rate)) - r * Math.log(rate / this.#p0);
    this.#over = Math.max(0, this.#over + over);
    if (this.#over === 0) this.#overZero = at + 1;
    if (this.#over >= CONFIG.hOff)
      return this.#emit(this.#errorBefore(this.#overZero), false, false);
    const { time } = this.#series;
    const here = time[Math.min(at, time.length - 1)]!;
    if (here - time[this.#start]! > CONFIG.regimeMs) {
      const held = this.#failures / this.#requests;
      if (held >= CONFIG.chronicRate) return;
      this.#emit(this.#lastError, false, true);
      this.#held = held;
      this.#p0 = NaN;
    }
  }

  #errorBefore(bin: number): number {
    for (let k = Math.min(bin, this.#series.time.length) - 1; k > this.#start; k--) {
      if (this.#series.r[k]! > 0) return k;
    }
    return this.#start;
  }

  #emit(last: number, ongoing: boolean, regimeShift: boolean): void {
    const { d, r, minErr, maxErr } = this.#series;
    const first = this.#start;
    let failures = 0;
    let requests = 0;
    for (let k = first; k <= last; k++) {
      failures += r[k]!;
      requests += d[k]!;
    }
    this.#isOn = false;
    this.#sums.fill(0);
    if (failures < CONFIG.minErrors) return;
    this.#bursts.push({
      start: minErr[first]!,
      end: maxErr[last]!,
      first,
      last,
      failures,
      requests,
      score: likelihood(failures, requests, this.#p0),
      leftCensored: this.#isCensored(first, last, failures, requests),
      ongoing,
      regimeShift,
    });
  }

  /** Whether it may have been failing before the log began: nothing went well before that speaks against it. */
  #isCensored(first: number, last: number, failures: number, requests: number): boolean {
    const { time, d, r, stepMs, virtual } = this.#series;
    if (virtual === null) {
      // A key that is rarely asked begins late in the log: within three of its own intervals that is no start.
      const interval = (time[last]! - time[first]! + stepMs) / requests;
      const late = time[0]! - this.#watch.dataStart;
      if (late >= Math.max(2 * stepMs, CONFIG.censorEvidence * interval)) return false;
    }
    let fine = virtual === null ? 0 : (time[first]! - virtual.from) / SECOND;
    const most =
      CONFIG.censorEvidence / -Math.log(1 - Math.min(CONFIG.rateMost, failures / requests));
    for (let k = 0; k < first && fine < most; k++) fine += d[k]! - r[k]!;
    return fine < most;
  }
}

/** Log-likelihood ratio of the rate seen against the baseline (nats); 0 where it is not above it. */
function likelihood(r: number, d: number, p0: number): number {
  const rate = r / d;
  if (rate <= p0) return 0;
  const wins = r === 0 ? 0 : r * Math.log(rate / p0);
  return wins + (d > r ? (d - r) * Math.log((1 - rate) / (1 - p0)) : 0);
}
