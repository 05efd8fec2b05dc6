// An incident over time: at most sixty steps with some quiet before and after, for the whole and for each upstream.
import type { FailureCell } from "../summary/index.ts";
import { CONFIG } from "./config.ts";
import { firstAt, sizeOf, type Indexed, type Row } from "./rows.ts";

/** Equal steps of time: `count` of `stepMs`, from `start` (ms). */
export interface Steps {
  readonly stepMs: number;
  readonly start: number;
  readonly count: number;
}

const NICE_SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
];

/** Steps around an incident, not beyond the log, and no finer than the traffic's bins. */
export function stepsAround({ span, summary }: Indexed, start: number, end: number): Steps {
  const margin = Math.max(CONFIG.timeline.leastMarginMs, (end - start) / 2);
  const bin = summary.traffic.stepMs;
  const from = Math.max(start - margin, Math.min(span.from, start));
  const to = Math.min(end + margin, Math.max(span.to, end + 1));
  const first = Math.floor(from / bin) * bin;
  const wanted = (to - first) / CONFIG.timeline.steps;
  let stepMs = NICE_SECONDS.map((seconds) => seconds * 1000).find(
    (ms) => ms >= wanted && ms % bin === 0,
  );
  stepMs ??= Math.ceil(wanted / bin) * bin;
  return { stepMs, start: first, count: Math.max(1, Math.ceil((to - first) / stepMs)) };
}

/** Requests and failures that clients saw, per step. */
export function timelineOf(
  index: Indexed,
  rows: readonly Row[],
  cells: readonly FailureCell[],
  steps: Steps,
): { readonly requests: readonly number[]; readonly failures: readonly number[] } {
  const requests = new Array<number>(steps.count).fill(0);
  const failures = new Array<number>(steps.count).fill(0);
  for (const row of rows) addTraffic(index, row, steps, requests, false);
  const hasVisible = cells.some(({ visible }) => visible > 0);
  for (const cell of cells) {
    const at = stepOf(steps, cell.firstMs);
    if (at < 0) continue;
    failures[at]! += hasVisible ? cell.visible : cell.masked;
  }
  for (let at = 0; at < steps.count; at++) requests[at] = Math.max(requests[at]!, failures[at]!);
  return { requests, failures };
}

/** Failing share of a row's attempts per step; null where it had none. */
export function stripOf(
  index: Indexed,
  rows: readonly Row[],
  cells: readonly FailureCell[],
  steps: Steps,
): readonly (number | null)[] {
  const attempts = new Array<number>(steps.count).fill(0);
  const failures = new Array<number>(steps.count).fill(0);
  for (const row of rows) addTraffic(index, row, steps, attempts, true);
  for (const cell of cells) {
    const at = stepOf(steps, cell.firstMs);
    if (at >= 0) failures[at]! += sizeOf(cell);
  }
  return attempts.map((count, at) => {
    const failed = failures[at]!;
    return count + failed === 0 ? null : Math.min(1, failed / Math.max(count, failed));
  });
}

function stepOf(steps: Steps, time: number): number {
  const at = Math.floor((time - steps.start) / steps.stepMs);
  return at >= 0 && at < steps.count ? at : -1;
}

function addTraffic(
  { summary: { traffic } }: Indexed,
  row: Row,
  steps: Steps,
  into: number[],
  withRetried: boolean,
): void {
  const until = steps.start + steps.stepMs * steps.count;
  const first = firstAt(traffic.time, row.trafficFrom, row.trafficTo, steps.start);
  const last = firstAt(traffic.time, first, row.trafficTo, until);
  for (let t = first; t < last; t++) {
    const at = Math.floor((traffic.time[t]! - steps.start) / steps.stepMs);
    into[at]! += traffic.requests[t]! + (withRetried ? traffic.retried[t]! : 0);
  }
}
