// An index over a summary: which traffic and failure cells belong to which upstream, and when each log begins and ends.
import { QUIET_REASONS } from "../record/index.ts";
import type { FailureCell, Summary, Upstream } from "../summary/index.ts";

/** A span of time in ms since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One upstream's place in the summary's columns: cells `[from, to)`. */
export interface Row {
  readonly index: number;
  readonly upstream: Upstream;
  readonly trafficFrom: number;
  readonly trafficTo: number;
  readonly failuresFrom: number;
  readonly failuresTo: number;
  /** Failures that can make an incident, and requests (attempts) seen. */
  readonly failures: number;
  readonly requests: number;
}

/** The summary with its index. */
export interface Indexed {
  readonly summary: Summary;
  readonly rows: readonly Row[];
  /** Requests, and earlier attempts, in the traffic cells before each one: what lies between two is a subtraction. */
  readonly requestsBefore: Float64Array;
  readonly retriedBefore: Float64Array;
  /** Per failure cell: whether it can make an incident, how many failures it holds, and its first and last moment. */
  readonly counts: Uint8Array;
  readonly sizes: Float64Array;
  readonly firstMs: Float64Array;
  readonly lastMs: Float64Array;
  /** First and last moment of a proxy's logs. */
  readonly spans: ReadonlyMap<string, Span>;
  /** First and last moment of everything. */
  readonly span: Span;
}

/** Whether failures of a cell can make an incident: aborted clients, policy and unknown addresses (404) never do. */
export function isCounted(cell: FailureCell): boolean {
  if (QUIET_REASONS.has(cell.reason)) return false;
  return !(cell.reason === "proxy-config" && cell.status === 404);
}

/** How many failures a cell holds, seen by clients or not. */
export function sizeOf(cell: Pick<FailureCell, "visible" | "masked">): number {
  return cell.visible + cell.masked;
}

/** Builds the index. Cells are in canonical order, so each upstream's lie together. */
export function indexed(summary: Summary): Indexed {
  const { upstreams, traffic, failures } = summary;
  const counts = new Uint8Array(failures.length);
  const sizes = new Float64Array(failures.length);
  const firstMs = new Float64Array(failures.length);
  const lastMs = new Float64Array(failures.length);
  const requestsBefore = sumsBefore(traffic.requests);
  const retriedBefore = sumsBefore(traffic.retried);
  const spans = new Map<string, { from: number; to: number }>();
  const widen = (proxy: string, from: number, to: number): void => {
    const span = spans.get(proxy);
    if (span === undefined) spans.set(proxy, { from, to });
    else {
      span.from = Math.min(span.from, from);
      span.to = Math.max(span.to, to);
    }
  };
  for (const { proxy, firstTime, lastTime } of summary.sources) {
    if (proxy !== null && firstTime !== null && lastTime !== null)
      widen(proxy, firstTime, lastTime + 1);
  }
  const rows: Row[] = [];
  let t = 0;
  let f = 0;
  for (const [index, upstream] of upstreams.entries()) {
    const trafficFrom = t;
    const failuresFrom = f;
    let count = 0;
    t = firstAt(traffic.upstream, t, traffic.upstream.length, index + 1);
    for (; f < failures.length && failures[f]!.upstream === index; f++) {
      const cell = failures[f]!;
      sizes[f] = sizeOf(cell);
      firstMs[f] = cell.firstMs;
      lastMs[f] = cell.lastMs;
      if (!isCounted(cell)) continue;
      counts[f] = 1;
      count += sizes[f]!;
      widen(upstream.proxy, cell.firstMs, cell.lastMs + 1);
    }
    if (t > trafficFrom) {
      widen(upstream.proxy, traffic.time[trafficFrom]!, traffic.time[t - 1]! + traffic.stepMs);
    }
    rows.push({
      index,
      upstream,
      trafficFrom,
      trafficTo: t,
      failuresFrom,
      failuresTo: f,
      failures: count,
      requests:
        requestsBefore[t]! -
        requestsBefore[trafficFrom]! +
        retriedBefore[t]! -
        retriedBefore[trafficFrom]!,
    });
  }
  const all = [...spans.values()];
  const span = {
    from: all.reduce((least, { from }) => Math.min(least, from), Infinity),
    to: all.reduce((most, { to }) => Math.max(most, to), -Infinity),
  };
  const cells = { counts, sizes, firstMs, lastMs };
  return { summary, rows, requestsBefore, retriedBefore, ...cells, spans, span };
}

function sumsBefore(counts: Uint32Array): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  let sum = 0;
  for (let at = 0; at < counts.length; at++) sums[at + 1] = sum += counts[at]!;
  return sums;
}

/** Requests (and earlier attempts, where wanted) of a row between two moments. Bins count whole. */
export function requestsBetween(
  { summary: { traffic }, requestsBefore, retriedBefore }: Indexed,
  row: Row,
  from: number,
  to: number,
  withRetried = false,
): number {
  const { time, stepMs } = traffic;
  const first = firstAt(time, row.trafficFrom, row.trafficTo, from - stepMs + 1);
  const last = firstAt(time, first, row.trafficTo, (Math.floor(to / stepMs) + 1) * stepMs);
  const requests = requestsBefore[last]! - requestsBefore[first]!;
  return withRetried ? requests + retriedBefore[last]! - retriedBefore[first]! : requests;
}

/** The first place in `[from, to)` of ascending `times` that is not before `time`. */
export function firstAt(times: ArrayLike<number>, from: number, to: number, time: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
