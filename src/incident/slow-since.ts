// Since when answers were slow: timeouts are the end of a climb that the requests before them already felt.
import { LATENCY_BUCKETS } from "../summary/index.ts";
import { CONFIG } from "./config.ts";
import { firstAt, type Indexed, type Row } from "./rows.ts";
import { scanScore } from "./scan-statistic.ts";

const HOUR_MS = 3_600_000;

/** Requests of the pools concerned per bin of time, and how many of them were slow. */
interface Bin {
  readonly time: number;
  d: number;
  r: number;
}

/**
 * The moment from which on answers were slow without a break until `start`, at most a minute before it (longer ago it is
 * another story); `start` itself where nothing shows that, or durations are only known in coarse bins.
 */
export function slowSince(
  index: Indexed,
  concerned: readonly Row[],
  start: number,
  end: number,
): number {
  const { latency } = index.summary;
  const { slowFactor, slowEvidence, slowLeast } = CONFIG.onset;
  if (latency.stepMs > CONFIG.onset.coarsestMs) return start;
  const cells = cellsOf(index, concerned, start - HOUR_MS, end + HOUR_MS);
  const usual = new Float64Array(LATENCY_BUCKETS);
  for (const at of cells) {
    if (latency.time[at]! + latency.stepMs > start && latency.time[at]! <= end) continue;
    for (let b = 0; b < LATENCY_BUCKETS; b++)
      usual[b]! += latency.counts[at * LATENCY_BUCKETS + b]!;
  }
  const limit = median(usual);
  if (limit === null) return start;
  const slow = limit + 2 * Math.log2(slowFactor);
  const bins = new Map<number, Bin>();
  let [all, total] = [0, 0];
  for (const at of cells) {
    const time = latency.time[at]!;
    if (time >= start) continue;
    const bin = bins.get(time) ?? { time, d: 0, r: 0 };
    bins.set(time, bin);
    for (let b = 0; b < LATENCY_BUCKETS; b++) {
      const n = latency.counts[at * LATENCY_BUCKETS + b]!;
      bin.d += n;
      if (b > slow) bin.r += n;
    }
  }
  const before = [...bins.values()].sort((a, b) => a.time - b.time);
  for (const { d, r } of before) [all, total] = [all + r, total + d];
  // The stretch up to the start that stands out most, as a burst of slow answers would.
  let [r, d, since] = [0, 0, start];
  let most: number = slowEvidence;
  for (const bin of before.reverse()) {
    if (bin.time < start - CONFIG.mergeGapMs) break;
    r += bin.r;
    d += bin.d;
    if (bin.r === 0) continue;
    const score = r / d < slowLeast ? 0 : scanScore(r, d, all, total);
    if (score > most) [most, since] = [score, bin.time];
  }
  return since;
}

/** The latency cells of the pools that the rows belong to, within a span. */
function cellsOf(
  { rows, summary: { latency } }: Indexed,
  concerned: readonly Row[],
  from: number,
  to: number,
): number[] {
  const name = ({ upstream: { proxy, node, pool } }: Row): string =>
    JSON.stringify([proxy, node, pool]);
  const pools = new Set(concerned.map(name));
  const cells: number[] = [];
  for (const row of rows) {
    if (row.upstream.peer !== null || !pools.has(name(row))) continue;
    const first = firstAt(latency.upstream, 0, latency.upstream.length, row.index);
    const last = firstAt(latency.upstream, first, latency.upstream.length, row.index + 1);
    for (let at = firstAt(latency.time, first, last, from); at < last; at++) {
      if (latency.time[at]! > to) break;
      cells.push(at);
    }
  }
  return cells;
}

/** The bucket that half of the requests stay within; null where too few are known. */
function median(counts: Float64Array): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all < CONFIG.onset.leastRequests) return null;
  let seen = 0;
  for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
    seen += counts[bucket]!;
    if (seen >= 0.5 * all) return bucket;
  }
  return null;
}
