// The whole log as two curves: requests and failures per column of time.
import { QUIET_REASONS } from "../record/index.ts";
import type { Summary } from "../summary/index.ts";

/** Counts per bucket of time, and what it takes to place other moments on the same axis. */
export interface Series {
  /** Start of the first bucket, ms. */
  readonly start: number;
  readonly stepMs: number;
  readonly requests: readonly number[];
  /** Failures a client saw; client aborts and the proxy's own policy left out. */
  readonly failures: readonly number[];
}

/** The curves of a summary in at most `columns` buckets, null where nothing has a time. */
export function seriesOf(summary: Summary, columns: number): Series | null {
  const { traffic, failures } = summary;
  let first = Infinity;
  let last = -Infinity;
  for (const time of traffic.time) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  for (const { time } of failures) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  if (last < first || columns < 1) return null;

  const unit = traffic.time.length > 0 ? Math.max(1000, traffic.stepMs) : 1000;
  const start = Math.floor(first / unit) * unit;
  const units = Math.floor((last - start) / unit) + 1;
  const stepMs = unit * Math.ceil(units / columns);
  const count = Math.ceil((units * unit) / stepMs);
  const requested = new Array<number>(count).fill(0);
  const failed = new Array<number>(count).fill(0);
  for (let i = 0; i < traffic.time.length; i++) {
    requested[Math.floor((traffic.time[i]! - start) / stepMs)]! += traffic.requests[i]!;
  }
  for (const cell of failures) {
    if (QUIET_REASONS.has(cell.reason)) continue;
    failed[Math.floor((cell.time - start) / stepMs)]! += cell.visible;
  }
  return { start, stepMs, requests: requested, failures: failed };
}

/** The column a moment falls into when a series is drawn `columns` wide; -1 outside it. */
export function columnOf(series: Series, time: number, columns: number): number {
  const share = (time - series.start) / (series.stepMs * series.requests.length);
  return share < 0 || share >= 1 ? -1 : Math.floor(share * columns);
}

/** A count per bucket as a rate for the axis: `8/s`, `12/min`. */
export function formatRate(count: number, stepMs: number): string {
  const perSecond = (count * 1000) / stepMs;
  if (count <= 0) return "0";
  if (perSecond >= 1) return `${perSecond >= 9.95 ? Math.round(perSecond) : trim(perSecond)}/s`;
  const perMinute = perSecond * 60;
  return perMinute >= 1 ? `${trim(perMinute)}/min` : `${trim(perMinute * 60)}/h`;
}

function trim(value: number): string {
  return value.toFixed(value < 9.95 ? 1 : 0).replace(/\.0$/, "");
}
