// How many attempts a request cost the upstreams concerned: what retries add to the load of those that are left.
import type { Retries } from "./incident.ts";
import type { Matter } from "./matter.ts";
import { firstAt } from "./rows.ts";

/** What is told as usual: at most the hour before. */
const BEFORE_MS = 3_600_000;
/** Fewer requests before do not tell what is usual. */
const LEAST_REQUESTS = 20;

/** Attempts for each request, then and before; null where no line counts requests of these upstreams. */
export function retriesOf(matter: Matter): Retries | null {
  const { start, end } = matter;
  const within = tried(matter, start, end);
  if (within.requests === 0) return null;
  const { stepMs } = matter.index.summary.traffic;
  const before = tried(matter, start - BEFORE_MS, start - stepMs);
  return {
    attempts: within.attempts,
    perRequest: within.attempts / within.requests,
    before: before.requests < LEAST_REQUESTS ? null : before.attempts / before.requests,
  };
}

/** Bins count whole. */
function tried(
  { index: { summary }, concerned }: Matter,
  from: number,
  to: number,
): { readonly requests: number; readonly attempts: number } {
  const { time, requests, retried, unlisted, stepMs } = summary.traffic;
  let asked = 0;
  let further = 0;
  for (const row of concerned) {
    const first = firstAt(time, row.trafficFrom, row.trafficTo, from - stepMs + 1);
    for (let t = first; t < row.trafficTo && time[t]! <= to; t++) {
      asked += requests[t]!;
      further += retried[t]! + unlisted[t]!;
    }
  }
  return { requests: asked, attempts: asked + further };
}
