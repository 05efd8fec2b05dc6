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
  /** Per failure cell: whether it can make an incident. */
  readonly counts: Uint8Array;
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
export function sizeOf(cell: FailureCell): number {
  return cell.visible + cell.masked;
}

/** Builds the index. Cells are in canonical order, so each upstream's lie together. */
export function indexed(summary: Summary): Indexed {
  const { upstreams, traffic, failures } = summary;
  const counts = new Uint8Array(failures.length);
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
    let requests = 0;
    let count = 0;
    for (; t < traffic.upstream.length && traffic.upstream[t] === index; t++) {
      requests += traffic.requests[t]! + traffic.retried[t]!;
    }
    for (; f < failures.length && failures[f]!.upstream === index; f++) {
      const cell = failures[f]!;
      if (!isCounted(cell)) continue;
      counts[f] = 1;
      count += sizeOf(cell);
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
      requests,
    });
  }
  const all = [...spans.values()];
  const span = {
    from: all.reduce((least, { from }) => Math.min(least, from), Infinity),
    to: all.reduce((most, { to }) => Math.max(most, to), -Infinity),
  };
  return { summary, rows, counts, spans, span };
}

/** Requests (and earlier attempts, where wanted) of a row between two moments. Bins count whole. */
export function requestsBetween(
  { summary: { traffic } }: Indexed,
  row: Row,
  from: number,
  to: number,
  withRetried = false,
): number {
  let sum = 0;
  for (
    let t = firstAt(traffic.time, row.trafficFrom, row.trafficTo, from - traffic.stepMs + 1);
    t < row.trafficTo;
    t++
  ) {
    if (traffic.time[t]! > to) break;
    sum += traffic.requests[t]! + (withRetried ? traffic.retried[t]! : 0);
  }
  return sum;
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
