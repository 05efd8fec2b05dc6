// Load and latency around an incident against what is usual: did more requests come, and did answers slow down?
import { LATENCY_BUCKETS } from "../summary/index.ts";
import { CONFIG } from "./config.ts";
import type { Matter } from "./matter.ts";
import { firstAt, requestsBetween, type Row } from "./rows.ts";

/** Requests per second, and milliseconds, around an incident and otherwise; null where the log does not say. */
export interface Load {
  readonly rate: number;
  readonly usualRate: number;
  /** Response time nine of ten answered requests stay below. */
  readonly latencyMs: number | null;
  readonly usualLatencyMs: number | null;
  /** Share of attempts that were retries of others, then and usually. */
  readonly retried: number;
  readonly usualRetried: number;
}

/** A second's traffic before and after is needed to call it usual. */
const LEAST_SECONDS = 5;
const LEAST_REQUESTS = 20;

/** Compares the time from shortly before the start to the end with the hour before and the hour after. */
export function loadOf(matter: Matter): Load | null {
  const { index, concerned, start, end } = matter;
  const hour = 3_600_000;
  const from = start - CONFIG.causes.loadBeforeMs;
  const rows = concerned.filter((row) => row.requests > 0);
  // A log may begin with the proxy's start, long before the first request.
  const { time } = index.summary.traffic;
  const first = Math.min(...rows.map((row) => time[row.trafficFrom]!));
  const before = Math.max(index.span.from, first, start - hour);
  const after = Math.min(index.span.to, end + hour);
  const within = counts(matter, rows, from, end);
  const around = counts(matter, rows, before, after);
  const seconds = (end - Math.max(from, index.span.from)) / 1000 + 1;
  const usualSeconds = (after - before) / 1000 - seconds;
  const usual = around.requests - within.requests;
  if (usualSeconds < LEAST_SECONDS || usual < LEAST_REQUESTS || within.requests === 0) return null;
  const [latencyMs, usualLatencyMs] = latencies(matter, rows, from, end, before, after);
  return {
    rate: Math.max(within.requests / seconds, rateBetween(matter, rows, start, end)),
    usualRate: usual / usualSeconds,
    latencyMs,
    usualLatencyMs,
    retried: within.retried / (within.requests + within.retried),
    usualRetried:
      (around.retried - within.retried) /
      Math.max(1, around.requests + around.retried - within.requests - within.retried),
  };
}

/** What rises with the failures is blurred by the time before them: the rate while they last, if that is long enough to tell. */
function rateBetween(matter: Matter, rows: readonly Row[], start: number, end: number): number {
  const seconds = (end - start) / 1000 + 1;
  return seconds < LEAST_SECONDS ? 0 : counts(matter, rows, start, end).requests / seconds;
}

function counts(
  matter: Matter,
  rows: readonly Row[],
  from: number,
  to: number,
): { requests: number; retried: number } {
  let requests = 0;
  let attempts = 0;
  for (const row of rows) {
    requests += requestsBetween(matter.index, row, from, to);
    attempts += requestsBetween(matter.index, row, from, to, true);
  }
  return { requests, retried: attempts - requests };
}

/** The ninth decile of durations then and usually, the failures taken off the slow end. */
function latencies(
  matter: Matter,
  rows: readonly Row[],
  from: number,
  to: number,
  before: number,
  after: number,
): [number | null, number | null] {
  const { index, all } = matter;
  const { latency } = index.summary;
  const pools = new Set(
    rows.map(({ upstream: { proxy, node, pool } }) => JSON.stringify([proxy, node, pool])),
  );
  const within = new Float64Array(LATENCY_BUCKETS);
  const usual = new Float64Array(LATENCY_BUCKETS);
  for (const row of index.rows) {
    const { proxy, node, pool, peer } = row.upstream;
    if (peer !== null || !pools.has(JSON.stringify([proxy, node, pool]))) continue;
    const first = firstAt(latency.upstream, 0, latency.upstream.length, row.index);
    const last = firstAt(latency.upstream, first, latency.upstream.length, row.index + 1);
    for (let at = firstAt(latency.time, first, last, before); at < last; at++) {
      const time = latency.time[at]!;
      if (time > after) break;
      const isWithin = time + latency.stepMs > from && time <= to;
      const into = isWithin ? within : usual;
      for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
        into[bucket]! += latency.counts[at * LATENCY_BUCKETS + bucket]!;
      }
    }
  }
  const slow = matter.cells.some(
    (cell) => cell.firstMs - cell.firstStartMs >= CONFIG.causes.slowMs,
  );
  let left = slow ? all : 0;
  for (let bucket = LATENCY_BUCKETS - 1; bucket >= 0 && left > 0; bucket--) {
    const taken = Math.min(left, within[bucket]!);
    within[bucket]! -= taken;
    left -= taken;
  }
  return [decile(within), decile(usual)];
}

function decile(counts: Float64Array): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all < LEAST_REQUESTS) return null;
  let seen = 0;
  for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
    seen += counts[bucket]!;
    if (seen >= 0.9 * all) return Math.round(2 ** ((bucket + 0.5) / 2));
  }
  return null;
}
